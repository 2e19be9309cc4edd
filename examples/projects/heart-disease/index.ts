import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { heartDisease } from "./workloads";

const config = new pulumi.Config();
// Empty texts are settings that nobody has made.
const setting = (name: string) => config.get(name) || undefined;

const provider = new k8s.Provider("cluster", { kubeconfig: setting("kubeconfig") });
const security = "pod-security.kubernetes.io/enforce";
const labels = {
  [security]: "restricted",
  [`${security}-version`]: "v1.35",
  // Katib reads the metrics of trials only where it may put a container beside them.
  "katib.kubeflow.org/metrics-collector-injection": "enabled",
};
const namespace = new k8s.core.v1.Namespace(
  "heart-disease",
  { metadata: { name: "heart-disease", labels } },
  { provider },
);

const images = config.require("images");
const version = config.require("version");
const address = setting("endpoint");
const endpoint = address === undefined ? undefined : new URL(address);
const credentialsSecret = setting("credentials");
const ground = {
  provider,
  namespace: namespace.metadata.name,
  image: (name: string) => `${images}/${name}:${version}`,
  version,
  commit: setting("commit"),
  storageClass: setting("storageClass"),
  artifactStore: {
    bucket: config.require("bucket"),
    region: config.require("region"),
    ...(endpoint === undefined ? {} : { endpoint: endpoint.host, insecure: endpoint.protocol === "http:" }),
    ...(credentialsSecret === undefined ? {} : { credentialsSecret }),
  },
  waitForModels: config.requireBoolean("waitForModels"),
  dependsOn: [],
};

const host = setting("host");
const canaryPercent = config.requireNumber("canaryPercent");
const rollout = host === undefined ? undefined : { host, canaryPercent, versionHeader: "x-model-version" };

/** The workloads that stand or have completed. */
export const workloads = heartDisease(ground, rollout);
