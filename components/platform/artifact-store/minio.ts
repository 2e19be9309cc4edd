import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { checkedInputs } from "../../internal";
import { generatedSecret } from "../part/generated-secret";
import { partNamespace, PodSecurityLevel } from "../part/part-namespace";
import { type ArtifactStore, CLUSTER_REGION, S3_PORTS } from "./artifact-store";
import { type ArtifactStoreFacts, ArtifactStoreKind } from "./artifact-store-facts";
import { type MinioArgs, validateMinio } from "./minio-args";
import { minioCertificates } from "./minio-certificates";
import {
  hasTls,
  MINIO_NAMESPACE,
  minioDisruptionBudget,
  minioHost,
  minioLabels,
  minioMonitor,
  minioNetworkPolicy,
  minioServices,
  minioStatefulSet,
  ROOT_SECRET,
} from "./minio-manifests";
import { minioPolicies, minioSetupJob, POLICIES_CONFIG, USERS_SECRET } from "./minio-setup";
import { createStoreCredentials, secretValue, type StoreCredentials } from "./store-credentials";
import { commonCredentialsSecret, credentialsSecretsOf, storeBuckets } from "./store-grants";

/**
 * MinIO, or a fork of it, as the store for artifacts in the cluster, from an image that you name.
 *
 * Creates a namespace, the servers with their disks, Services, a NetworkPolicy, an administrator that nobody has known
 * before, certificates where cert-manager is there, and by a Job the buckets and a user of its own for each granted service
 * account, whose keys lie in a Secret in the namespace of that account.
 */
export class Minio extends pulumi.ComponentResource implements ArtifactStore {
  /** What programs must know of the store. */
  public readonly facts: ArtifactStoreFacts;
  /** Namespace of the servers. */
  public readonly namespace: pulumi.Output<string>;
  /** True once the S3 API answers, and buckets and users are there as far as a client's image was named. */
  public readonly ready: pulumi.Output<boolean>;

  /** Name of the Secret with the keys of each granted service account, by `namespace/serviceAccount`. */
  public readonly credentialsSecrets: Record<string, string>;

  /**
   * @throws pulumi.InputPropertiesError when an image has no digest, when grants come without a client's image, when there
   * are two or three disks in all, when TLS is asked for without cert-manager, or when a name, prefix, number or quantity is
   * misspelt.
   */
  constructor(name: string, args: MinioArgs, opts?: pulumi.ComponentResourceOptions) {
    const errors = validateMinio(name, args);
    super("mlstack:index:Minio", name, checkedInputs("Minio", name, args, errors), opts);

    const { namespace: ownNamespace = MINIO_NAMESPACE } = args;
    const namespace = partNamespace(name, ownNamespace, PodSecurityLevel.restricted, this);
    const within = { parent: this, dependsOn: [namespace] };
    const credentials = createStoreCredentials(`${name}-credentials`, args, this);
    const root = createRoot(name, ownNamespace, within);
    const certificates = minioCertificates(ownNamespace, args).map(
      (object) =>
        new k8s.apiextensions.CustomResource(
          `${name}-${object.kind.toLowerCase()}-${object.metadata.name}`,
          object,
          within,
        ),
    );
    const servers = createServers(name, ownNamespace, args, { parent: this, dependsOn: [root, ...certificates] });
    const setup = createSetup(name, ownNamespace, args, credentials, { parent: this, dependsOn: servers });

    this.credentialsSecrets = credentialsSecretsOf(args);
    this.namespace = namespace.metadata.name;
    this.ready = pulumi.all([...servers, ...setup].map(({ id }) => id)).apply(() => true);
    this.facts = minioFacts(args);
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
}

/** What programs must know of MinIO with given arguments. */
export function minioFacts(args: MinioArgs): ArtifactStoreFacts {
  const { namespace = MINIO_NAMESPACE } = args;
  const [bucket = ""] = storeBuckets(args);
  return {
    kind: ArtifactStoreKind.minio,
    bucket,
    region: CLUSTER_REGION,
    endpoint: `${minioHost(namespace)}:${S3_PORTS.minio}`,
    insecure: !hasTls(args),
    credentialsSecret: commonCredentialsSecret(args),
  };
}

function createRoot(name: string, namespace: string, opts: pulumi.CustomResourceOptions) {
  return generatedSecret(`${name}-root`, { namespace, secretName: ROOT_SECRET, generated: ["user", "password"] }, opts);
}

function createServers(name: string, namespace: string, args: MinioArgs, opts: pulumi.CustomResourceOptions) {
  const services = minioServices(namespace, args);
  const budget = minioDisruptionBudget(namespace, args);
  const peers = new k8s.core.v1.Service(`${name}-peers`, services.peers, opts);
  const policy = new k8s.networking.v1.NetworkPolicy(`${name}-network`, minioNetworkPolicy(namespace, args), opts);
  const servers = new k8s.apps.v1.StatefulSet(`${name}-servers`, minioStatefulSet(namespace, args), {
    ...opts,
    dependsOn: [peers, policy],
  });
  const after = { ...opts, dependsOn: [servers] };
  return [
    servers,
    new k8s.core.v1.Service(`${name}-service`, services.client, after),
    ...(services.console === undefined ? [] : [new k8s.core.v1.Service(`${name}-console`, services.console, after)]),
    ...(budget === undefined ? [] : [new k8s.policy.v1.PodDisruptionBudget(`${name}-budget`, budget, opts)]),
    ...(args.platform?.prometheus === true
      ? [new k8s.apiextensions.CustomResource(`${name}-monitor`, minioMonitor(namespace, args), opts)]
      : []),
  ];
}

/** Nothing runs on simulated nodes that could set anything up. */
function createSetup(
  name: string,
  namespace: string,
  args: MinioArgs,
  credentials: StoreCredentials[],
  opts: pulumi.CustomResourceOptions,
): pulumi.CustomResource[] {
  if (args.clientImage === undefined) return [];
  const passwords = credentials.map(({ identity, secret }) => [identity.accessKey, secretValue(secret, "secretkey")]);
  const users = new k8s.core.v1.Secret(
    `${name}-users`,
    {
      metadata: { name: USERS_SECRET, namespace, labels: minioLabels },
      type: "Opaque",
      stringData: Object.fromEntries(passwords) as Record<string, pulumi.Output<string>>,
    },
    opts,
  );
  const policies = new k8s.core.v1.ConfigMap(
    `${name}-policies`,
    { metadata: { name: POLICIES_CONFIG, namespace, labels: minioLabels }, data: minioPolicies(args) },
    opts,
  );
  if (args.platform?.simulated === true) return [users, policies];
  const dependsOn = [...(opts.dependsOn as pulumi.Resource[]), users, policies];
  return [
    new k8s.batch.v1.Job(`${name}-setup`, minioSetupJob(namespace, args), { ...opts, dependsOn }),
    users,
    policies,
  ];
}
