import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { checkedInputs, compact } from "../../internal";
import { CHARTS } from "../../model/versions";
import { type Adjustment, edit, inTurn, RenderedObjects, type Rendering } from "../../rendering";
import { generatedSecret } from "../part/generated-secret";
import { partNamespace, PodSecurityLevel, withoutNamespaces } from "../part/part-namespace";
import { type ArtifactStore, CLUSTER_REGION, S3_PORTS } from "./artifact-store";
import { type ArtifactStoreFacts, ArtifactStoreKind } from "./artifact-store-facts";
import { type SeaweedFsArgs, SeaweedFsMode, validateSeaweedFs } from "./seaweed-fs-args";
import { seaweedFsBucketsManifest } from "./seaweed-fs-buckets";
import { createIdentitiesSecret } from "./seaweed-fs-identities";
import {
  SEAWEED_FS_NAMESPACE,
  SEAWEED_FS_RELEASE,
  seaweedFsValues,
  SIGNING_KEY,
  SIGNING_SECRET,
} from "./seaweed-fs-values";
import { createStoreCredentials, type StoreCredentials } from "./store-credentials";
import { commonCredentialsSecret, credentialsSecretsOf, storeBuckets } from "./store-grants";

/**
 * SeaweedFS as the store for artifacts in the cluster, which Kubeflow Pipelines brings too: for clusters that are not on
 * AWS, and for trials.
 *
 * Creates a namespace, masters, volume servers, a filer, S3 gateways that let in only whom `grants` names, NetworkPolicies,
 * the buckets, and a Secret with keys of its own in the namespace of each granted service account.
 */
export class SeaweedFs extends pulumi.ComponentResource implements ArtifactStore {
  /** What programs must know of the store. */
  public readonly facts: ArtifactStoreFacts;
  /** Namespace of the servers. */
  public readonly namespace: pulumi.Output<string>;
  /** True once the S3 API answers and the buckets are there. */
  public readonly ready: pulumi.Output<boolean>;

  /** Name of the Secret with the keys of each granted service account, by `namespace/serviceAccount`. */
  public readonly credentialsSecrets: Record<string, string>;

  /**
   * @throws pulumi.InputPropertiesError when the namespace is Kubernetes' own, when a name, prefix, number, quantity or
   * version is misspelt, when a service account is granted the same prefix twice, when there are more copies than servers,
   * or when something of the mode `distributed` is given for the mode `single`.
   */
  constructor(name: string, args: SeaweedFsArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    const errors = validateSeaweedFs(name, args);
    super("mlstack:index:SeaweedFs", name, checkedInputs("SeaweedFs", name, args, errors), opts);

    const rendering = seaweedFsRendering(args);
    const [bucket = ""] = storeBuckets(args);
    const namespace = partNamespace(name, rendering.namespace, PodSecurityLevel.restricted, this);
    const credentials = createStoreCredentials(`${name}-credentials`, args, this);
    const secrets = this.createOwnSecrets(name, namespace.metadata.name, bucket, credentials);
    const objects = new RenderedObjects(`${name}-objects`, rendering, {
      parent: this,
      dependsOn: [namespace, ...secrets],
    });
    seaweedFsBudgets(rendering.namespace, args).forEach((budget) => {
      const budgetName = `${name}-${budget.metadata.name}`;
      new k8s.policy.v1.PodDisruptionBudget(budgetName, budget, { parent: this, dependsOn: [namespace] });
    });
    const buckets = this.createBuckets(name, args, rendering.namespace, objects);

    this.credentialsSecrets = credentialsSecretsOf(args);
    this.namespace = namespace.metadata.name;
    this.ready = pulumi.all(buckets.map(({ id }) => id)).apply(() => objects.ready);
    this.facts = seaweedFsFacts(args);
    this.registerOutputs({
      facts: this.facts,
      namespace: this.namespace,
      credentialsSecrets: this.credentialsSecrets,
      ready: this.ready,
    });
  }

  /** Name of the Secret with `accesskey` and `secretkey` of a service account; undefined where it was granted nothing. */
  public credentialsSecretOf(namespace: string, serviceAccount: string): string | undefined {
    return this.credentialsSecrets[`${namespace}/${serviceAccount}`];
  }

  private createOwnSecrets(
    name: string,
    namespace: pulumi.Output<string>,
    bucket: string,
    credentials: StoreCredentials[],
  ) {
    const signing = generatedSecret(
      `${name}-signing`,
      { namespace, secretName: SIGNING_SECRET, generated: [SIGNING_KEY] },
      { parent: this },
    );
    return [signing, createIdentitiesSecret(name, namespace, bucket, credentials, this)];
  }

  /** Nothing runs on simulated nodes that could make a bucket. */
  private createBuckets(name: string, args: SeaweedFsArgs, namespace: string, objects: RenderedObjects) {
    if (args.platform?.simulated === true) return [];
    const manifest = seaweedFsBucketsManifest(namespace, args);
    return [new k8s.batch.v1.Job(`${name}-buckets`, manifest, { parent: this, dependsOn: [objects] })];
  }
}

/** Lets drains take one pod of a kind at a time, which the chart leaves open; of a single pod there is nothing to keep. */
function seaweedFsBudgets(namespace: string, args: SeaweedFsArgs) {
  const { mode, masters = 3, volumeServers = 3, replicas = 2 } = args;
  if (mode === SeaweedFsMode.single) return [];
  return Object.entries({ master: masters, volume: volumeServers, s3: replicas })
    .filter(([, pods]) => pods > 1)
    .map(([component]) => {
      const labels = { "app.kubernetes.io/name": SEAWEED_FS_RELEASE, "app.kubernetes.io/component": component };
      return {
        metadata: { name: `${SEAWEED_FS_RELEASE}-${component}`, namespace, labels },
        spec: { maxUnavailable: 1, selector: { matchLabels: labels } },
      };
    });
}

/** What programs must know of SeaweedFS with given arguments. */
export function seaweedFsFacts(args: SeaweedFsArgs): ArtifactStoreFacts {
  const { namespace = SEAWEED_FS_NAMESPACE, mode } = args;
  const service = `${SEAWEED_FS_RELEASE}-${mode === SeaweedFsMode.single ? "all-in-one" : "s3"}`;
  const [bucket = ""] = storeBuckets(args);
  return {
    kind: ArtifactStoreKind.seaweedFs,
    bucket,
    region: CLUSTER_REGION,
    endpoint: `${service}.${namespace}.svc.cluster.local:${S3_PORTS.seaweedfs}`,
    insecure: true,
    credentialsSecret: commonCredentialsSecret(args),
  };
}

/** What SeaweedFS consists of, beside its namespace, its Secrets and its buckets. */
export function seaweedFsRendering(args: SeaweedFsArgs): Rendering {
  const { namespace = SEAWEED_FS_NAMESPACE, platform = {}, version } = args;
  const source = compact({
    chart: CHARTS.seaweedFs,
    release: SEAWEED_FS_RELEASE,
    namespace,
    values: seaweedFsValues(args),
    version,
  });
  return { sources: [source], facts: platform, namespace, adjust: inTurn(withoutNamespaces, withoutClaimWait) };
}

/** The class of a claim may wait for its pod, which comes after it. */
const withoutClaimWait: Adjustment = edit("PersistentVolumeClaim", undefined, ({ metadata }) => {
  metadata.annotations = { ...metadata.annotations, "pulumi.com/skipAwait": "true" };
});
