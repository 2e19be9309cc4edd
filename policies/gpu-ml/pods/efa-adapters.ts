import {
  childAt,
  EFA_LABEL,
  EFA_RESOURCE,
  gpuInstanceType,
  isUnknown,
  nodeAt,
  pathInContainer,
  UNKNOWN,
} from "../../../components/model";
import { unknownContainersOf, type PodGroup } from "../../engine/pods";
import type { Judgement, ResourceRule } from "../../engine/rule";
import type { Subject } from "../../engine/subject";
import { isNonZero } from "../gpu-resource";
import { allHold, anyHolds, opposite, violatedIf, type Condition, conditionOf } from "../../engine/conditions";
import { asksForGpus, gpusOf, gpusOfPod, moreThan, sideBySide, type Count } from "./gpu-pods";
import { selectsValue } from "./node-selection";

const INSTANCE_TYPE = "node.kubernetes.io/instance-type";

/**
 * GPU-13: GPU pods that work together on several machines with Elastic Fabric Adapters ask for some of them. A pod that
 * leaves room for another one on its machine is left alone.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/node-efa.html (read 2026-11)
 * @see https://docs.aws.amazon.com/eks/latest/best-practices/aiml-networking.html (read 2026-11)
 */
export const efaAdapters: ResourceRule = {
  id: "GPU-13",
  title: "Jobs on several machines with EFA use it",
  why: "Without an adapter the GPUs of different machines exchange data over TCP, several times slower, with no error.",
  remediation: "Ask for the adapters of the machine as `vpc.amazonaws.com/efa`, and for `hugepages-2Mi`.",
  url: "https://docs.aws.amazon.com/eks/latest/userguide/node-efa.html",
  severity: "medium",
  level: "advisory",
  family: "gpu",
  parameters: {},
  examples: {
    bad: `
apiVersion: kubeflow.org/v1
kind: PyTorchJob
metadata: { name: chat, namespace: ml }
spec:
  pytorchReplicaSpecs:
    Worker:
      replicas: 2
      template:
        spec:
          nodeSelector: { node.kubernetes.io/instance-type: p5.48xlarge }
          containers:
            - name: pytorch
              image: registry.example/chat:1.4
              resources: { limits: { nvidia.com/gpu: 8 } }
`,
    good: `
apiVersion: kubeflow.org/v1
kind: PyTorchJob
metadata: { name: chat, namespace: ml }
spec:
  pytorchReplicaSpecs:
    Worker:
      replicas: 2
      template:
        spec:
          nodeSelector: { node.kubernetes.io/instance-type: p5.48xlarge }
          containers:
            - name: pytorch
              image: registry.example/chat:1.4
              resources: { limits: { nvidia.com/gpu: 8, vpc.amazonaws.com/efa: 32, hugepages-2Mi: 5120Mi } }
`,
  },
  *judge(subject) {
    for (const pods of subject.pods) yield* judgePods(pods, subject);
  },
};

function judgePods(pods: PodGroup, subject: Subject): Iterable<Judgement> {
  const containers = sideBySide(pods);
  const at = containers.find((one) => gpusOf(one).atLeast > 0) ?? containers[0];
  const path = at === undefined ? pods.path : pathInContainer(at, `resources.limits["${EFA_RESOURCE}"]`);
  const adapters = asksForAdapters(pods);
  const conditions = [hasCompany(pods, subject), hasAdapters(pods), opposite(adapters)];
  return violatedIf(conditions, () => ({
    path,
    observed: "absent",
    allowed: "the adapters of the machine, as its pods work together with those of other machines",
    remedy: "Ask for all adapters of the machine, and for hugepages-2Mi.",
  }));
}

/** Whether there is more than one pod with GPUs, of those that must run at the same time. */
function hasCompany(pods: PodGroup, { pods: all }: Subject): Condition {
  const together = all.filter((other) => other === pods || (pods.gang !== undefined && other.gang === pods.gang));
  const asking = together.map((other) => ({ other, ...asksForGpus(other) })).filter(({ holds }) => holds !== false);
  const sure = asking.filter(({ holds, other }) => holds === true && other.count !== undefined);
  const atLeast = sure.reduce((sum, { other }) => sum + other.minCount, 0);
  const open = asking.filter((one) => !sure.includes(one));
  const count: Count = {
    atLeast,
    unknownAt: open.flatMap(({ unknownAt, other }) => (unknownAt.length > 0 ? unknownAt : [other.path])),
  };
  return moreThan(count, 1);
}

/** Whether the pods choose machines that have adapters, and that have no room for two such pods. */
function hasAdapters(pods: PodGroup): Condition {
  const { atLeast, unknownAt } = gpusOfPod(pods);
  const byType = selectsValue(pods, INSTANCE_TYPE, (type) => (gpuInstanceType(type)?.efaInterfaces ?? 0) > 0);
  const fills = selectsValue(pods, INSTANCE_TYPE, (type) => atLeast * 2 > (gpuInstanceType(type)?.gpuCount ?? 0));
  const mayFill: Condition = fills.holds === false && unknownAt.length > 0 ? { holds: UNKNOWN, unknownAt } : fills;
  return anyHolds([allHold([byType, mayFill]), selectsValue(pods, EFA_LABEL, (value) => value === "true")]);
}

function asksForAdapters(pods: PodGroup): Condition {
  const found = sideBySide(pods).map((at): Condition => {
    const limits = nodeAt(at.container, "resources.limits");
    const field = isUnknown(limits) ? "resources.limits" : `resources.limits["${EFA_RESOURCE}"]`;
    return conditionOf(isNonZero(childAt(limits, EFA_RESOURCE)), pathInContainer(at, field));
  });
  const hidden = unknownContainersOf(pods);
  return anyHolds([...found, ...hidden.map((path) => conditionOf(UNKNOWN, path))]);
}
