import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import { compact, isPlain } from "../../internal";
import { type Adjustment, inTurn, type KubernetesObject } from "../../rendering";
import type { ArtifactStoreFacts } from "../artifact-store/artifact-store-facts";
import { configured, dropped, edited, fromSecret, podOf, setEnvironment } from "./manifest-edits";

/** A store with all that is known of it only once it is there. */
interface PlainStore {
  bucket: string;
  region: string;
  host: string;
  port: string;
  insecure: boolean;
  isAmazon: boolean;
  secret: string | undefined;
}

/** Keys of a store's Secret. */
const ACCESS_KEY = "accesskey";
const SECRET_KEY = "secretkey";

/** A text about a store, plain where the store's facts are. */
function storeText(store: ArtifactStoreFacts, make: (store: PlainStore) => string): pulumi.Input<string> {
  const { bucket, region, endpoint, insecure = false, credentialsSecret: secret } = store;
  const plain = (name: string, place: string, address: string | undefined): PlainStore => {
    const [host, port] = (address ?? `s3.${place}.amazonaws.com`).split(":") as [string, string | undefined];
    const isAmazon = address === undefined;
    return { bucket: name, region: place, host, port: port ?? (insecure ? "80" : "443"), insecure, isAmazon, secret };
  };
  if (isPlain(bucket) && isPlain(region) && (endpoint === undefined || isPlain(endpoint))) {
    return make(plain(bucket, region, endpoint));
  }
  return pulumi
    .all([bucket, region, pulumi.output(endpoint)])
    .apply(([name, place, address]) => make(plain(name, place, address)));
}

/** What upstream brings for SeaweedFS, its demo credentials among it. */
const withoutSeaweedFs = dropped(
  "Deployment/seaweedfs",
  "Service/seaweedfs",
  "ServiceAccount/seaweedfs",
  "PersistentVolumeClaim/seaweedfs-pvc",
  "NetworkPolicy/seaweedfs",
  "DestinationRule/ml-pipeline-seaweedfs",
  "AuthorizationPolicy/seaweedfs-service",
  "Secret/mlpipeline-minio-artifact",
);

/**
 * Keeps artifacts in a store of the platform's rather than in the one that comes with Pipelines.
 *
 * @see https://www.kubeflow.org/docs/components/pipelines/operator-guides/configure-object-store/ (Pipelines 2.17)
 */
export function withStore(store: ArtifactStoreFacts): Adjustment {
  const { bucket, region } = store;
  return inTurn(
    withoutSeaweedFs,
    configured("pipeline-install-config", { bucketName: bucket, defaultPipelineRoot: pipelineRoot(store) }),
    configured("kfp-launcher", launcherData(store)),
    configured("workflow-controller-configmap", {
      artifactRepository: storeText(store, (plain) => stringify(argoRepository(plain, PLAIN_KEYS))),
    }),
    edited("Deployment", "ml-pipeline", (server) => {
      setEnvironment(podOf(server).containers[0]!, {
        OBJECTSTORECONFIG_HOST: storeText(store, ({ host }) => host),
        OBJECTSTORECONFIG_PORT: storeText(store, ({ port }) => port),
        OBJECTSTORECONFIG_SECURE: String(store.insecure !== true),
        OBJECTSTORECONFIG_REGION: region,
        ...credentials(store, "OBJECTSTORECONFIG_ACCESSKEY", "OBJECTSTORECONFIG_SECRETACCESSKEY"),
      });
    }),
    edited("Deployment", "ml-pipeline-ui", (ui) => {
      setEnvironment(podOf(ui).containers[0]!, {
        MINIO_NAMESPACE: undefined,
        MINIO_ACCESS_KEY: undefined,
        MINIO_SECRET_KEY: undefined,
        AWS_S3_ENDPOINT: storeText(store, ({ host }) => host),
        AWS_PORT: storeText(store, ({ port }) => port),
        AWS_SSL: String(store.insecure !== true),
        AWS_REGION: region,
        ...credentials(store, "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"),
      });
    }),
  );
}

/** Without a Secret the clients look for the rights of the pod's role. */
function credentials({ credentialsSecret }: ArtifactStoreFacts, accessKey: string, secretKey: string) {
  return {
    [accessKey]: credentialsSecret === undefined ? undefined : fromSecret(credentialsSecret, ACCESS_KEY),
    [secretKey]: credentialsSecret === undefined ? undefined : fromSecret(credentialsSecret, SECRET_KEY),
  };
}

function pipelineRoot(store: ArtifactStoreFacts, prefix = ""): pulumi.Input<string> {
  return storeText(store, ({ bucket }) => `s3://${bucket}/${prefix}v2/artifacts`);
}

/** How the launcher of each step reaches the store. */
function launcherData(store: ArtifactStoreFacts, prefix?: string): Record<string, pulumi.Input<string>> {
  const providers = storeText(store, ({ host, port, region, insecure, isAmazon, secret }) =>
    stringify({
      s3: {
        default: {
          endpoint: isAmazon ? host : `${host}:${port}`,
          region,
          disableSSL: insecure,
          forcePathStyle: !isAmazon,
          credentials:
            secret === undefined
              ? { fromEnv: true }
              : {
                  fromEnv: false,
                  secretRef: { secretName: secret, accessKeyKey: ACCESS_KEY, secretKeyKey: SECRET_KEY },
                },
        },
      },
    }),
  );
  return { defaultPipelineRoot: pipelineRoot(store, prefix), providers };
}

/** Where Argo puts logs: by namespace, workflow and day, so that nothing is overwritten. */
const DAY = "{{workflow.creationTimestamp.Y}}/{{workflow.creationTimestamp.m}}/{{workflow.creationTimestamp.d}}";
const PLAIN_KEYS = `private-artifacts/{{workflow.namespace}}/{{workflow.name}}/${DAY}/{{pod.name}}`;

/** @see https://argo-workflows.readthedocs.io/en/release-4.0/configure-artifact-repository/ */
function argoRepository({ bucket, region, host, port, insecure, isAmazon, secret }: PlainStore, keyFormat: string) {
  const keys =
    secret === undefined
      ? { useSDKCreds: true }
      : { accessKeySecret: { name: secret, key: ACCESS_KEY }, secretKeySecret: { name: secret, key: SECRET_KEY } };
  const endpoint = isAmazon ? host : `${host}:${port}`;
  return { archiveLogs: true, s3: { endpoint, bucket, region, insecure, keyFormat, ...keys } };
}

/** Name that Argo looks for in the namespace of a workflow, and the annotation that says which entry is meant. */
const REPOSITORIES = "artifact-repositories";
const DEFAULT_REPOSITORY = "workflows.argoproj.io/default-artifact-repository";

/** Tells an Argo that is not the part's own where logs of a namespace's runs go. */
export function artifactRepositories(store: ArtifactStoreFacts, namespace: string): KubernetesObject {
  const repository = storeText(store, (plain) => stringify(argoRepository(plain, PLAIN_KEYS)));
  return configMap(REPOSITORIES, namespace, { pipelines: repository }, { [DEFAULT_REPOSITORY]: "pipelines" });
}

/** What runs in a tenant's namespace look for in it. */
export function tenantObjects(store: ArtifactStoreFacts, tenant: string, home: string): KubernetesObject[] {
  const metadata = { METADATA_GRPC_SERVICE_HOST: `metadata-grpc-service.${home}`, METADATA_GRPC_SERVICE_PORT: "8080" };
  return [
    configMap("kfp-launcher", tenant, launcherData(store, `private-artifacts/${tenant}/`)),
    configMap("metadata-grpc-configmap", tenant, metadata),
    artifactRepositories(store, tenant),
    ...runAccount(tenant),
  ];
}

/** Service account of runs, as the API server of several users names it where a run names none. */
const RUN_ACCOUNT = "default-editor";

/** The Role's name: Kubeflow's profiles bind a role of theirs under the name of the account. */
const RUN_ROLE = "pipeline-runs";

/** What Argo's and the launcher's containers in the pods of runs do: report, look at inputs, and make claims. */
const runRules = [
  { apiGroups: [""], resources: ["configmaps"], verbs: ["get", "list", "watch"] },
  { apiGroups: [""], resources: ["secrets"], verbs: ["get"] },
  { apiGroups: [""], resources: ["pods", "pods/log"], verbs: ["get", "list", "watch"] },
  { apiGroups: [""], resources: ["persistentvolumeclaims"], verbs: ["get", "list", "create", "delete"] },
  { apiGroups: ["argoproj.io"], resources: ["workflows"], verbs: ["get", "list", "watch"] },
  { apiGroups: ["argoproj.io"], resources: ["workflowtaskresults"], verbs: ["create", "patch"] },
];

/** The account that runs of a tenant have, which only Kubeflow's profiles make elsewhere. */
function runAccount(namespace: string): KubernetesObject[] {
  const apiVersion = "rbac.authorization.k8s.io/v1";
  const metadata = { name: RUN_ROLE, namespace };
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: RUN_ACCOUNT, namespace } },
    { apiVersion, kind: "Role", metadata, rules: runRules },
    {
      apiVersion,
      kind: "RoleBinding",
      metadata,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: RUN_ROLE },
      subjects: [{ kind: "ServiceAccount", name: RUN_ACCOUNT, namespace }],
    },
  ];
}

function configMap(
  name: string,
  namespace: string,
  data: Record<string, pulumi.Input<string>>,
  annotations?: Record<string, string>,
): KubernetesObject {
  const metadata = compact({ name, namespace, annotations }) as KubernetesObject["metadata"];
  return { apiVersion: "v1", kind: "ConfigMap", metadata, data };
}
