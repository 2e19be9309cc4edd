import type { TestResource } from "../../../analyzer";
import { object } from "../../stack/resources";

/** A NodePool of Karpenter, whose class is of EKS Auto Mode where no other is named. */
export function nodePool(
  name: string,
  types: unknown,
  classRef: object = {},
  spec: object = {},
  labels = {},
): TestResource {
  const requirements = [{ key: "node.kubernetes.io/instance-type", operator: "In", values: types }];
  const nodeClassRef = { group: "karpenter.k8s.aws", kind: "EC2NodeClass", name: "gpu", ...classRef };
  const template = { metadata: { labels }, spec: { nodeClassRef, requirements, ...spec } };
  return object("karpenter.sh/v1", "NodePool", name, { spec: { template } }, { namespace: undefined });
}

/** The EC2NodeClass `gpu`, with an image by its alias. */
export function nodeClass(alias: unknown, terms: unknown = [{ alias }]): TestResource {
  const spec = { amiSelectorTerms: terms };
  return object("karpenter.k8s.aws/v1", "EC2NodeClass", "gpu", { spec }, { namespace: undefined });
}

/** Reference to a class of EKS Auto Mode. */
export const AUTO_MODE = { group: "eks.amazonaws.com", kind: "NodeClass", name: "default" };

/** The DaemonSet `ml/nvidia-device-plugin`. */
export function pluginSet(spec: object = {}, container: object = {}): TestResource {
  const image = "nvcr.io/nvidia/k8s-device-plugin:v0.20.0";
  const containers = [{ name: "plugin", image, ...container }];
  return object("apps/v1", "DaemonSet", "nvidia-device-plugin", {
    spec: { template: { spec: { containers, ...spec } } },
  });
}

/** A Deployment of one container. */
export function deployment(name: string, image: unknown, container: object = {}): TestResource {
  const containers = [{ name: "main", image, ...container }];
  return object("apps/v1", "Deployment", name, { spec: { template: { spec: { containers } } } });
}

/** The taint of a managed node group that keeps pods of others off. */
export const DEDICATED = { key: "dedicated", value: "research", effect: "NO_SCHEDULE" };

/** Labels of nodes with a GPU. */
export const PRESENT = { "nvidia.com/gpu.present": "true" };
