import { isUnknown, UNKNOWN } from "../../../components/model";
import { undecided, type Judgement, type StackRule } from "../../engine/rule";
import type { Truth } from "../../engine/truth";
import { gangsOf, type Gang } from "./gang";
import { stackPoolsOf, type StackPools } from "./node-labels";
import { selectionPath } from "./node-selection";
import { choosesSpot } from "./spot-selection";

/**
 * GPU-17, of gangs: pods that need each other do not choose machines that may be taken from any of them.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-best-practices.html
 */
export const spotGang: StackRule = {
  id: "GPU-17",
  title: "GPU pods that need each other do not run on spot capacity",
  why: "When one machine of a tightly coupled job is taken back, all its other GPUs stop with it; more pods, more stops.",
  remediation:
    "Run jobs of several pods on on-demand or reserved capacity, and keep spot for work in independent parts.",
  url: "https://docs.aws.amazon.com/eks/latest/best-practices/karpenter.html",
  severity: "medium",
  level: "advisory",
  family: "gpu",
  parameters: {},
  examples: {
    bad: `
type: aws:eks/nodeGroup:NodeGroup
name: train
properties:
  instanceTypes: [g5.xlarge, g4dn.xlarge]
  capacityType: SPOT
  labels: { mlstack.dev/pool: train }
---
apiVersion: kubeflow.org/v1
kind: PyTorchJob
metadata: { name: bert, namespace: ml }
spec:
  pytorchReplicaSpecs:
    Worker:
      replicas: 3
      template:
        spec:
          nodeSelector: { mlstack.dev/pool: train }
          containers:
            - name: pytorch
              image: registry.example/bert:1.4
              resources: { limits: { nvidia.com/gpu: 1 } }
`,
    good: `
type: aws:eks/nodeGroup:NodeGroup
name: train
properties:
  instanceTypes: [g5.xlarge, g4dn.xlarge]
  capacityType: ON_DEMAND
  labels: { mlstack.dev/pool: train }
---
apiVersion: kubeflow.org/v1
kind: PyTorchJob
metadata: { name: bert, namespace: ml }
spec:
  pytorchReplicaSpecs:
    Worker:
      replicas: 3
      template:
        spec:
          nodeSelector: { mlstack.dev/pool: train }
          containers:
            - name: pytorch
              image: registry.example/bert:1.4
              resources: { limits: { nvidia.com/gpu: 1 } }
`,
  },
  *judgeStack(subjects) {
    const stack = stackPoolsOf(subjects);
    for (const subject of subjects) {
      for (const gang of gangsOf(subject)) {
        for (const judgement of judgeGang(gang, stack)) yield [subject, judgement];
      }
    }
  },
};

function* judgeGang(gang: Gang, stack: StackPools): Iterable<Judgement> {
  const isCoupled: Truth = gang.gpuPods > 1 || (gang.unknownPath === undefined ? false : UNKNOWN);
  if (isCoupled === false) return;
  for (const pods of gang.sets) {
    const isSpot = choosesSpot(pods, stack);
    if (isSpot === false) continue;
    const path = selectionPath(pods);
    if (isUnknown(isSpot) || isUnknown(isCoupled)) {
      yield undecided(isUnknown(isSpot) ? path : (gang.unknownPath ?? path));
    } else {
      yield {
        path,
        observed: `a choice of spot capacity for ${gang.gpuPods} pods with GPUs that need each other`,
        allowed: "on-demand or reserved capacity",
        remedy: "Select another pool, or split the work into parts that do without each other.",
      };
    }
  }
}
