import { containersOf, isUnknown, migProfileOf, UNKNOWN } from "../../../../components/model";
import type { PodGroup } from "../../../engine/pods";
import { undecided, type Judgement, type StackRule } from "../../../engine/rule";
import { allOf, anyOf, not, type Truth } from "../../../engine/truth";
import { gpuAmountsOf, isNonZero, type GpuAmount } from "../../gpu-resource";
import { poolEnd, possiblePools } from "./layer-end";
import { layoutOf } from "./mig-layout";
import { stackPoolsOf, type StackPool, type StackPools } from "../../stack/node-labels";

/**
 * LAY-04, of pods: slices that they ask for are those that the pools they may run on are split into.
 *
 * Only pools whose label names a layout of one profile are judged, such as `all-1g.5gb`.
 *
 * @see https://docs.nvidia.com/datacenter/cloud-native/gpu-operator/latest/gpu-operator-mig.html 26.7
 */
export const migAsk: StackRule = {
  id: "LAY-04",
  title: "Slices that pods ask for are those that their pools are split into",
  why: "Nodes offer the slices that they were split into and no others, so that a pod which asks for these stays pending.",
  remediation: "Ask for the profile of the pool's layout, or change the layout.",
  url: "https://docs.nvidia.com/datacenter/cloud-native/gpu-operator/latest/gpu-operator-mig.html",
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
  labels: { nvidia.com/mig.config: all-1g.5gb }
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
    good: `
type: aws:eks/nodeGroup:NodeGroup
name: serve
properties:
  instanceTypes: [p4d.24xlarge]
  labels: { nvidia.com/mig.config: all-3g.20gb }
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
    if (stack.isOpen) return;
    for (const subject of subjects) {
      for (const pods of subject.pods) {
        const amounts = containersOf(pods).flatMap((at) =>
          gpuAmountsOf(at).map(({ limit, request }) => (limit.amount === undefined ? request : limit)),
        );
        for (const amount of amounts) {
          for (const judgement of judgeAmount(amount, pods, stack)) yield [subject, judgement];
        }
      }
    }
  },
};

function* judgeAmount({ resource, path, amount }: GpuAmount, pods: PodGroup, stack: StackPools): Iterable<Judgement> {
  const profile = migProfileOf(resource);
  if (profile === undefined) return;
  const pools = possiblePools(pods, stack);
  const [first] = pools;
  const isSplit = anyOf(pools.map(({ pool, truth }) => allOf([truth, hasLayout(pool, profile)])));
  const isLost = allOf([isNonZero(amount), not(isSplit)]);
  if (first === undefined || isLost === false) return;
  if (isUnknown(isLost)) yield undecided(path);
  else yield violation(path, profile, first.pool);
}

function violation(path: string, profile: string, pool: StackPool): Judgement {
  const layout = String(layoutOf(pool));
  return {
    path,
    observed: `an amount of slices ${profile}, although ${poolEnd(pool, "labels")} asks for GPUs in slices ${layout}`,
    allowed: `slices ${layout}`,
    remedy: "Ask for these, or change the layout of the pool.",
  };
}

/** A pool without a layout may be split by somebody else. */
function hasLayout(pool: StackPool, profile: string): Truth {
  const layout = layoutOf(pool);
  if (isUnknown(layout)) return UNKNOWN;
  return layout === undefined || layout === profile;
}
