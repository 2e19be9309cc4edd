import { containersOf, isUnknown, migProfileOf, type ContainerAt } from "../../../components/model";
import type { PodGroup } from "../../engine/pods";
import { undecided, type Judgement, type StackRule } from "../../engine/rule";
import { allOf, anyOf } from "../../engine/truth";
import { gpuAmountsOf, isNonZero, type GpuAmount } from "../gpu-resource";
import { canSplit } from "./mig-profiles";
import { gpuModelsOf, poolTitles, stackPoolsOf, type StackPool, type StackPools } from "./node-labels";
import { mayRunOn } from "./node-selection";

/**
 * GPU-11: slices of GPUs (MIG) that pods ask for, a pool of the stack can be split into.
 *
 * Only what machines are able to is judged, not how they are set up; and only where the stack declares a pool with GPUs
 * and none of which the machines are hidden.
 *
 * @see https://docs.nvidia.com/datacenter/tesla/mig-user-guide/supported-mig-profiles.html R580
 */
export const migProfile: StackRule = {
  id: "GPU-11",
  title: "GPU slices that pods ask for can be cut from a GPU of the stack",
  why: "No node ever offers a slice that its GPUs cannot be split into, so that the pod stays pending for ever.",
  remediation: "Ask for a profile that the GPUs of the pool have, or for a whole GPU.",
  url: "https://docs.nvidia.com/datacenter/tesla/mig-user-guide/supported-mig-profiles.html",
  severity: "high",
  level: "mandatory",
  family: "gpu",
  parameters: {},
  examples: {
    bad: `
type: aws:eks/nodeGroup:NodeGroup
name: serve
properties:
  instanceTypes: [p4d.24xlarge]
  labels: { mlstack.dev/pool: serve }
---
apiVersion: v1
kind: Pod
metadata: { name: chat, namespace: ml }
spec:
  containers:
    - name: main
      image: registry.example/chat:1.4
      resources: { limits: { nvidia.com/mig-3g.40gb: 1 } }
`,
    good: `
type: aws:eks/nodeGroup:NodeGroup
name: serve
properties:
  instanceTypes: [p4d.24xlarge]
  labels: { mlstack.dev/pool: serve }
---
apiVersion: v1
kind: Pod
metadata: { name: chat, namespace: ml }
spec:
  containers:
    - name: main
      image: registry.example/chat:1.4
      resources: { limits: { nvidia.com/mig-3g.20gb: 1 } }
`,
  },
  *judgeStack(subjects) {
    const stack = stackPoolsOf(subjects);
    if (stack.isOpen || stack.pools.every(({ shape }) => shape.gpuResource === undefined)) return;
    for (const subject of subjects) {
      for (const pods of subject.pods) {
        // What is wholly unknown asks for whole GPUs more likely, and would leave most stacks undecided.
        for (const at of containersOf(pods)) {
          for (const judgement of judgeContainer(at, pods, stack)) yield [subject, judgement];
        }
      }
    }
  },
};

function* judgeContainer(at: ContainerAt, pods: PodGroup, stack: StackPools): Iterable<Judgement> {
  for (const { limit, request } of gpuAmountsOf(at)) {
    yield* judgeAmount(limit.amount === undefined ? request : limit, pods, stack);
  }
}

function* judgeAmount({ resource, path, amount }: GpuAmount, pods: PodGroup, stack: StackPools): Iterable<Judgement> {
  const profile = migProfileOf(resource);
  if (profile === undefined) return;
  const asked = isNonZero(amount);
  const pools = stack.pools.filter((pool) => mayRunOn(pods, pool, stack) !== false);
  if (asked === false || pools.length === 0) return;
  const offered = anyOf(pools.map((pool) => allOf([mayRunOn(pods, pool, stack), canSplit(pool.shape, profile)])));
  if (offered === true) return;
  if (isUnknown(offered) || isUnknown(asked)) {
    yield undecided(path);
  } else {
    yield {
      path,
      observed: `asking for slices of profile ${profile}, which no GPU of ${poolTitles(pools)}${gpusOf(pools)} can be split into`,
      allowed: "a profile of the GPUs of the pools that the pods may run on",
      remedy: "Ask for a profile that they have, or for a whole GPU.",
    };
  }
}

/** The models of the GPUs of some pools, and the machines that have them: ` (A10G of g5.12xlarge)`. */
function gpusOf(pools: readonly StackPool[]): string {
  const models = [...new Set(pools.flatMap(({ shape }) => (gpuModelsOf(shape) ?? []).map(String)))];
  const machines = [...new Set(pools.filter(({ shape }) => gpuModelsOf(shape)?.length !== 0).flatMap(machinesOf))];
  if (models.length === 0) return "";
  const which = machines.length === 0 ? "" : ` of ${some(machines)}`;
  return ` (${some(models.map((model) => model.toUpperCase()))}${which})`;
}

function machinesOf({ shape: { instanceTypes = [] } }: StackPool): string[] {
  return isUnknown(instanceTypes) ? [] : instanceTypes.flatMap((type) => (isUnknown(type) ? [] : [type]));
}

/** The first of several, and how many more there are. */
function some([first = "", ...others]: readonly string[]): string {
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}
