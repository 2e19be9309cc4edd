import { GPU_RESOURCE, type Taint } from "../../../components/model";
import type { PodGroup } from "../../engine/pods";
import type { Judgement, ResourceRule } from "../../engine/rule";
import { describeTaint, taintsParameter } from "../taint";
import { isTolerated, tolerationsOf } from "../toleration";
import { opposite, violatedIf, conditionOf } from "../../engine/conditions";
import { asksForGpus } from "./gpu-pods";

/**
 * GPU-02, pod by pod: pods that ask for a GPU tolerate the taint of GPU nodes.
 *
 * The admission plugin ExtendedResourceToleration adds the toleration only where it is enabled, and then only for the
 * taint whose key is the resource's name; so the toleration is asked for all the same.
 *
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/ "Example Use Cases", v1.36
 */
export const gpuToleration: ResourceRule<{ taints: Taint[] }> = {
  id: "GPU-02",
  title: "GPU pods tolerate the taint of GPU nodes",
  why: "Without the toleration the pod stays pending for ever, whatever GPUs are free.",
  remediation: "Add a toleration for each taint of the nodes that have the GPUs.",
  url: "https://docs.aws.amazon.com/eks/latest/best-practices/aiml-compute.html",
  severity: "high",
  level: "mandatory",
  family: "gpu",
  parameters: {
    taints: taintsParameter("a list of the taints that GPU nodes carry, each with key, effect and perhaps value", [
      { key: GPU_RESOURCE, effect: "NoSchedule" },
    ]),
  },
  fix: "adds the toleration",
  examples: {
    bad: `
apiVersion: v1
kind: Pod
metadata: { name: mnist, namespace: ml }
spec:
  containers:
    - name: main
      image: registry.example/mnist:1.4
      resources: { limits: { nvidia.com/gpu: 1 } }
`,
    good: `
apiVersion: v1
kind: Pod
metadata: { name: mnist, namespace: ml }
spec:
  containers:
    - name: main
      image: registry.example/mnist:1.4
      resources: { limits: { nvidia.com/gpu: 1 } }
  tolerations: [{ key: nvidia.com/gpu, operator: Exists, effect: NoSchedule }]
`,
  },
  *judge(subject, { taints }) {
    for (const pods of subject.pods) {
      for (const taint of taints) yield* judgePods(pods, taint);
    }
  },
};

function judgePods(pods: PodGroup, taint: Taint): Iterable<Judgement> {
  const { path, tolerations } = tolerationsOf(pods);
  const tolerated = conditionOf(isTolerated(tolerations, { ...taint }), path);
  return violatedIf([asksForGpus(pods), opposite(tolerated)], () => ({
    path,
    observed: `without a match for the taint ${describeTaint({ ...taint })}`,
    allowed: "tolerations that match every taint of GPU nodes",
    remedy: `Add { key: "${taint.key}", operator: "Exists", effect: "${taint.effect}" }.`,
    fix: [{ path, append: { key: taint.key, operator: "Exists", effect: taint.effect } }],
  }));
}
