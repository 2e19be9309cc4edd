import { GPU_RESOURCE, isUnknown, UNKNOWN } from "../../../components/model";
import { wholeNumber } from "../../engine/parameters";
import { undecided, type Judgement, type StackRule } from "../../engine/rule";
import { anyOf } from "../../engine/truth";
import { gangPath, gangsOf, podDemandOf, type Gang } from "./gang";
import { poolTitles, stackPoolsOf, type StackPool, type StackPools } from "./node-labels";
import { mayRunOn } from "./node-selection";
import { gpuCeiling, gpusOfNode, sharesGpus, type Ceiling } from "./pool-ceiling";

const gpus = wholeNumber("a number of GPUs, from 0, that nodes outside the stack have", 0, 0);

/**
 * GPU-15, of pools: what pods need together, the pools that they may run on have when they are as large as they may
 * become, and no pod asks for more GPUs than a machine has.
 *
 * It is judged only where the stack declares a pool with GPUs, declares none of which the machines are hidden, and does
 * not share GPUs: a plugin that slices time offers each GPU several times.
 *
 * @see https://kubernetes.io/docs/tasks/manage-gpus/scheduling-gpus/ v1.36
 */
export const gangCapacity: StackRule<{ gpus: number }> = {
  id: "GPU-15",
  title: "GPUs that pods need together are there when pools are at their largest",
  why: "A job that needs more GPUs at once than its pools can ever have waits for ever, and autoscalers with it.",
  remediation: "Ask for fewer GPUs at once, or let the pool have more or larger nodes.",
  url: "https://docs.aws.amazon.com/eks/latest/best-practices/aiml-compute.html",
  severity: "high",
  level: "mandatory",
  family: "gpu",
  parameters: { gpus },
  examples: {
    bad: `
type: aws:eks/nodeGroup:NodeGroup
name: train
properties:
  instanceTypes: [g5.12xlarge]
  labels: { mlstack.dev/pool: train }
  scalingConfig: { minSize: 0, maxSize: 2, desiredSize: 0 }
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
              resources: { limits: { nvidia.com/gpu: 4 } }
`,
    good: `
type: aws:eks/nodeGroup:NodeGroup
name: train
properties:
  instanceTypes: [g5.12xlarge]
  labels: { mlstack.dev/pool: train }
  scalingConfig: { minSize: 0, maxSize: 3, desiredSize: 0 }
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
              resources: { limits: { nvidia.com/gpu: 4 } }
`,
  },
  *judgeStack(subjects, { gpus: outside }) {
    const stack = stackPoolsOf(subjects);
    const hasGpus = stack.pools.some(({ shape }) => gpusOfNode(shape) !== 0 && shape.gpuResource !== undefined);
    if (stack.isOpen || !hasGpus || subjects.some(sharesGpus)) return;
    for (const subject of subjects) {
      for (const gang of gangsOf(subject)) {
        for (const judgement of judgeGang(gang, stack, outside)) yield [subject, judgement];
      }
    }
  },
};

function* judgeGang(gang: Gang, stack: StackPools, outside: number): Iterable<Judgement> {
  const needed = gang.demand.get(GPU_RESOURCE) ?? 0;
  if (needed === 0 && gang.unknownPath === undefined) return;
  const path = needed === 0 ? (gang.unknownPath ?? "") : gangPath(gang, GPU_RESOURCE);
  const asking = needed === 0 ? gang.sets : gang.sets.filter(asksForGpus);
  const withGpus = stack.pools.filter(({ shape }) => gpusOfNode(shape) !== 0);
  const pools = withGpus.filter((pool) => anyOf(asking.map((pods) => mayRunOn(pods, pool, stack))) !== false);
  // Where no pool with GPUs takes them, their selector or tolerations are at fault, which GPU-02, GPU-04 and PLACE-01 say.
  if (pools.length === 0) return;
  const certain = pools.filter((pool) => anyOf(asking.map((pods) => mayRunOn(pods, pool, stack))) === true);
  const most = Math.max(...asking.map((pods) => podDemandOf(pods).amounts.get(GPU_RESOURCE) ?? 0));
  const machine = outside > 0 ? Infinity : largestMachine(pools);
  const ceiling = gpuCeiling(pools);
  const titles = poolTitles(pools);
  if (!isUnknown(machine) && most > machine) {
    yield {
      path,
      observed: `asking for ${most} ${GPU_RESOURCE} in one pod`,
      allowed: `at most ${machine}, which the largest machine of ${titles} has`,
      remedy: "Spread them over several pods, or choose larger machines.",
    };
  } else if (!isUnknown(ceiling) && needed > ceiling + outside) {
    yield {
      path,
      observed: `in need of ${needed} ${GPU_RESOURCE} at the same time, ${gang.size} pods together`,
      allowed: `at most ${ceiling + outside}, which ${titles} can have at their largest`,
      remedy: "Ask for fewer at once, or raise the largest size of the pool.",
    };
  } else if (isVague(gang, needed, certain, outside)) {
    yield undecided(gang.unknownPath ?? path);
  }
}

/** Whether more may be needed than is known, or less there than may be. */
function isVague(gang: Gang, needed: number, certain: StackPool[], outside: number): boolean {
  const sure = gpuCeiling(certain);
  if (sure === Infinity) return false;
  return gang.unknownPath !== undefined || isUnknown(sure) || needed > sure + outside;
}

function largestMachine(pools: StackPool[]): Ceiling {
  const machines = pools.map(({ shape }) => gpusOfNode(shape));
  if (machines.includes(Infinity)) return Infinity;
  return machines.some(isUnknown) ? UNKNOWN : Math.max(...machines.map(Number));
}

function asksForGpus(pods: Gang["sets"][number]): boolean {
  return (podDemandOf(pods).amounts.get(GPU_RESOURCE) ?? 0) > 0;
}
