import type { TreeObject } from "../../components/model";
import type { PlannedResource } from "../../preflight/planned-resource";
import { generatedObject } from "./generated-object";

/** Name of the queue, and of the way to it from each namespace. */
export const QUEUE = "batch";

/** What the flavors of the queue are of, in turn; a flavor beyond these is of any nodes. */
const MODELS = ["a10g", "l4"];

/** What all flavors together have for each pod, memory in GiB. */
const PER_POD = { cpu: 2, memory: 6, gpus: 1 };

const KUEUE = "kueue.x-k8s.io/v1beta2";

/** A queue of several flavors, which all together have about enough for some pods, with the way to it from namespaces. */
export function generatedQueue(flavors: number, pods: number, namespaces: readonly string[]): PlannedResource[] {
  const share = (perPod: number) => Math.ceil((pods * perPod) / flavors);
  const resources = [
    { name: "cpu", nominalQuota: share(PER_POD.cpu) },
    { name: "memory", nominalQuota: `${share(PER_POD.memory)}Gi` },
    { name: "nvidia.com/gpu", nominalQuota: share(PER_POD.gpus) },
  ];
  const names = Array.from({ length: flavors }, (_, index) => `flavor-${index}`);
  const group = {
    coveredResources: resources.map(({ name }) => name),
    flavors: names.map((name) => ({ name, resources })),
  };
  return [
    ...names.map((name, index) =>
      generatedObject({ apiVersion: KUEUE, kind: "ResourceFlavor", name }, flavorSpec(MODELS[index])),
    ),
    generatedObject(
      { apiVersion: KUEUE, kind: "ClusterQueue", name: QUEUE },
      { namespaceSelector: {}, resourceGroups: [group] },
    ),
    ...namespaces.map((namespace) =>
      generatedObject({ apiVersion: KUEUE, kind: "LocalQueue", name: QUEUE, namespace }, { clusterQueue: QUEUE }),
    ),
  ];
}

/** Kueue does not try flavors whose taint a pod does not tolerate. */
function flavorSpec(model: string | undefined): TreeObject {
  if (model === undefined) return {};
  return {
    nodeLabels: { "mlstack.dev/gpu-model": model },
    nodeTaints: [{ key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" }],
  };
}
