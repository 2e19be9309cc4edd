import { arrayAt, containersOf, isUnknown, nodeAt, pathInPodSet, UNKNOWN, type Tree } from "../../../components/model";
import { textList } from "../../engine/parameters";
import { podValue, unknownContainersOf, type PodGroup } from "../../engine/pods";
import type { Judgement, ResourceRule } from "../../engine/rule";
import { isOneOf } from "../../engine/truth";
import { anyHolds, fieldHolds, opposite, violatedIf, type Condition, conditionOf } from "../../engine/conditions";
import { shown } from "../../engine/shown";
import { asksForGpus } from "./gpu-pods";
import { agentImages, isNoAgent } from "./node-agents";

const runtimeClasses = textList("a list of the runtime classes that give containers access to GPUs", [
  "nvidia",
  "nvidia-cdi",
  "nvidia-legacy",
]);

/**
 * GPU-06: who reaches the GPUs of a node, by NVIDIA's runtime class or by their device files, asks for one.
 *
 * @see https://github.com/NVIDIA/k8s-device-plugin README, v0.20.0
 * @see https://docs.nvidia.com/datacenter/cloud-native/gpu-operator/latest/cdi.html v26.7 (names of the runtime classes)
 */
export const gpuDeviceAccess: ResourceRule<{ agentImages: string[]; runtimeClasses: string[] }> = {
  id: "GPU-06",
  title: "Pods reach GPUs only by asking for them",
  why: "A GPU that is reached past the scheduler is shared with the pod it was given to, which runs out of its memory.",
  remediation: "Ask for GPUs in limits; or remove the runtime class and the device files.",
  url: "https://github.com/NVIDIA/k8s-device-plugin",
  severity: "high",
  level: "mandatory",
  family: "gpu",
  parameters: { agentImages, runtimeClasses },
  examples: {
    bad: `
apiVersion: v1
kind: Pod
metadata: { name: mnist, namespace: ml }
spec:
  runtimeClassName: nvidia
  containers: [{ name: main, image: "registry.example/mnist:1.4" }]
`,
    good: `
apiVersion: v1
kind: Pod
metadata: { name: mnist, namespace: ml }
spec:
  runtimeClassName: nvidia
  containers:
    - name: main
      image: registry.example/mnist:1.4
      resources: { limits: { nvidia.com/gpu: 1 } }
`,
  },
  *judge(subject, parameters) {
    for (const pods of subject.pods) {
      const conditions = [opposite(asksForGpus(pods)), servesNoNode(pods, parameters.agentImages)];
      yield* judgeRuntimeClass(pods, parameters.runtimeClasses, conditions);
      yield* judgeVolumes(pods, conditions);
    }
  },
};

function judgeRuntimeClass(pods: PodGroup, names: string[], others: Condition[]): Iterable<Judgement> {
  const path = pathInPodSet(pods, "spec.runtimeClassName");
  const given = podValue(pods, "runtimeClassName");
  return violatedIf([conditionOf(isOneOf(given, ...names), path), ...others], () => ({
    path,
    observed: `${shown(given)}, although the pods ask for no GPU`,
    allowed: "a runtime class without GPUs, or none",
    remedy: "Ask for GPUs in limits, or remove it.",
  }));
}

function* judgeVolumes(pods: PodGroup, others: Condition[]): Iterable<Judgement> {
  const list = podValue(pods, "volumes");
  const volumes: Tree[] = isUnknown(list) ? [UNKNOWN] : arrayAt(pods.spec, "volumes");
  for (const [index, volume] of volumes.entries()) {
    const at = isUnknown(list) ? "spec.volumes" : `spec.volumes[${index}]`;
    const path = pathInPodSet(pods, isUnknown(volume) ? at : `${at}.hostPath.path`);
    const conditions = [fieldHolds(nodeAt(volume, "hostPath.path"), path, isDeviceFile), ...others];
    yield* violatedIf(conditions, () => ({
      path,
      observed: "a device file of a GPU, although the pods ask for none",
      allowed: "a path other than /dev/nvidia…",
      remedy: "Ask for GPUs in limits, or remove the volume.",
    }));
  }
}

function isDeviceFile(path: Tree): boolean {
  return typeof path === "string" && path.replace(/\/(\.?\/)+/g, "/").startsWith("/dev/nvidia");
}

/** Whether some container runs none of the images that serve all GPUs of a node. */
function servesNoNode(pods: PodGroup, images: string[]): Condition {
  const hidden = unknownContainersOf(pods).map((path) => conditionOf(UNKNOWN, path));
  return anyHolds([...containersOf(pods).map((at) => isNoAgent(at, images)), ...hidden]);
}
