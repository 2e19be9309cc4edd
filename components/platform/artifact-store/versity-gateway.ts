import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { checkedInputs } from "../../internal";
import { generatedSecret } from "../part/generated-secret";
import { partNamespace, PodSecurityLevel } from "../part/part-namespace";
import { type ArtifactStore, CLUSTER_REGION, S3_PORTS } from "./artifact-store";
import { type ArtifactStoreFacts, ArtifactStoreKind } from "./artifact-store-facts";
import { createStoreCredentials } from "./store-credentials";
import { commonCredentialsSecret, credentialsSecretsOf, storeBuckets } from "./store-grants";
import { createPolicyConfig, createUsersSecret } from "./versity-gateway-access";
import { validateVersityGateway, type VersityGatewayArgs } from "./versity-gateway-args";
import {
  ROOT_SECRET,
  VERSITY_GATEWAY_NAMESPACE,
  versityGatewayClaim,
  versityGatewayDeployment,
  versityGatewayHost,
  versityGatewayNetworkPolicy,
  versityGatewayService,
} from "./versity-gateway-manifests";

/**
 * The Versity S3 Gateway as the store for artifacts in the cluster: one pod in front of one volume, for trials, for clusters of
 * one node, and where a volume of its own keeps copies.
 *
 * Creates a namespace, the gateway with its disk, a Service, a NetworkPolicy, an administrator that nobody has known before, and
 * for each granted service account a user of its own, whose keys lie in a Secret in the namespace of that account.
 */
export class VersityGateway extends pulumi.ComponentResource implements ArtifactStore {
  /** What programs must know of the store. */
  public readonly facts: ArtifactStoreFacts;
  /** Namespace of the gateway. */
  public readonly namespace: pulumi.Output<string>;
  /** True once the S3 API answers; buckets and grants are there from its start on. */
  public readonly ready: pulumi.Output<boolean>;

  /** Name of the Secret with the keys of each granted service account, by `namespace/serviceAccount`. */
  public readonly credentialsSecrets: Record<string, string>;

  /**
   * @throws pulumi.InputPropertiesError when the namespace is Kubernetes' own, when there is a version beside an image, when more
   * than one pod is asked for, when a service account is granted the same prefix twice, or when a name, prefix, number, quantity
   * or version is misspelt.
   */
  constructor(name: string, args: VersityGatewayArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    const errors = validateVersityGateway(name, args);
    super("mlstack:index:VersityGateway", name, checkedInputs("VersityGateway", name, args, errors), opts);

    const { namespace: ownNamespace = VERSITY_GATEWAY_NAMESPACE } = args;
    const namespace = partNamespace(name, ownNamespace, PodSecurityLevel.restricted, this);
    const within = { parent: this, dependsOn: [namespace] };
    const credentials = createStoreCredentials(`${name}-credentials`, args, this);
    const root = { namespace: ownNamespace, secretName: ROOT_SECRET, generated: ["user", "password"] };
    const settings = [
      generatedSecret(`${name}-root`, root, within),
      createUsersSecret(name, ownNamespace, credentials, within),
      ...createPolicyConfig(name, ownNamespace, args, within),
    ];
    const server = createServer(name, ownNamespace, args, settings, within);

    this.credentialsSecrets = credentialsSecretsOf(args);
    this.namespace = namespace.metadata.name;
    this.ready = pulumi.all(server.map(({ id }) => id)).apply(() => true);
    this.facts = versityGatewayFacts(args);
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

/** What programs must know of the gateway with given arguments. */
export function versityGatewayFacts(args: VersityGatewayArgs): ArtifactStoreFacts {
  const { namespace = VERSITY_GATEWAY_NAMESPACE } = args;
  const [bucket = ""] = storeBuckets(args);
  return {
    kind: ArtifactStoreKind.versityGateway,
    bucket,
    region: CLUSTER_REGION,
    endpoint: `${versityGatewayHost(namespace)}:${S3_PORTS.versitygw}`,
    insecure: true,
    credentialsSecret: commonCredentialsSecret(args),
  };
}

function createServer(
  name: string,
  namespace: string,
  args: VersityGatewayArgs,
  settings: pulumi.Resource[],
  opts: { parent: pulumi.Resource; dependsOn: pulumi.Resource[] },
): pulumi.CustomResource[] {
  const claim = new k8s.core.v1.PersistentVolumeClaim(`${name}-volume`, versityGatewayClaim(namespace, args), opts);
  const network = versityGatewayNetworkPolicy(namespace, args);
  const policy = new k8s.networking.v1.NetworkPolicy(`${name}-network`, network, opts);
  const server = new k8s.apps.v1.Deployment(`${name}-server`, versityGatewayDeployment(namespace, args), {
    ...opts,
    dependsOn: [...opts.dependsOn, ...settings, claim, policy],
  });
  const service = new k8s.core.v1.Service(`${name}-service`, versityGatewayService(namespace, args), {
    ...opts,
    dependsOn: [server],
  });
  return [server, service];
}
