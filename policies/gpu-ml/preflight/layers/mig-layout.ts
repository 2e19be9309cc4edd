import { isUnknown, UNKNOWN, type Unknown } from "../../../../components/model";
import { undecided, type Judgement, type StackRule } from "../../../engine/rule";
import type { Subject } from "../../../engine/subject";
import { madePools, poolEnd, poolPath } from "./layer-end";
import { canSplit } from "../../stack/mig-profiles";
import { stackPoolsOf, type StackPool } from "../../stack/node-labels";

/**
 * LAY-04: the layout of slices that a pool asks for by its label, its GPUs can be split into.
 *
 * Only layouts of one profile are judged, such as `all-1g.5gb`; others are in files of whoever splits the GPUs.
 *
 * @see https://docs.nvidia.com/datacenter/cloud-native/gpu-operator/latest/gpu-operator-mig.html 26.7
 * @see https://docs.nvidia.com/datacenter/tesla/mig-user-guide/supported-mig-profiles.html R580
 */
export const migLayout: StackRule = {
  id: "LAY-04",
  title: "GPUs of a pool can be split as its label says",
  why: "The MIG manager fails on a node whose GPUs have no such slices, and the node then offers no GPUs at all.",
  remediation: "Choose a layout of profiles that the GPUs of the pool have.",
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
  labels: { nvidia.com/mig.config: all-1g.20gb }
`,
    good: `
type: aws:eks/nodeGroup:NodeGroup
name: serve
properties:
  instanceTypes: [p4d.24xlarge]
  labels: { nvidia.com/mig.config: all-1g.5gb }
`,
  },
  *judgeStack(subjects) {
    for (const pool of madePools(stackPoolsOf(subjects))) yield* judgePool(pool);
  },
};

function* judgePool(pool: StackPool): Iterable<[Subject, Judgement]> {
  const profile = layoutOf(pool);
  if (profile === undefined) return;
  const path = `${poolPath(pool, "labels")}["${MIG_LABEL}"]`;
  const splits = isUnknown(profile) ? UNKNOWN : canSplit(pool.shape, profile);
  if (isUnknown(splits)) yield [pool.subject, undecided(path)];
  if (splits === false) {
    yield [
      pool.subject,
      {
        path,
        observed: `all-${String(profile)}, although no GPU of ${poolEnd(pool, "machines")} has such slices`,
        allowed: "a layout of profiles that the GPUs have",
        remedy: "Choose another layout, or other machines.",
      },
    ];
  }
}

/** Label by which the MIG manager is told how to split the GPUs of a node. */
export const MIG_LABEL = "nvidia.com/mig.config";

/** The one profile that all GPUs of a pool are split into; undefined where nothing is said of that. */
export function layoutOf({ shape: { labels } }: StackPool): string | Unknown | undefined {
  // Labels that are not known at all tell nothing of slices more likely.
  const label = isUnknown(labels) ? undefined : labels?.[MIG_LABEL];
  return isUnknown(label) ? UNKNOWN : /^all-(\d+g\.\d+gb)/.exec(label ?? "")?.[1];
}
