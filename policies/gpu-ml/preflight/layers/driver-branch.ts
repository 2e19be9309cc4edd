import { isUnknown, nodeAt, stringAt, UNKNOWN, type Told, type Tree, type Unknown } from "../../../../components/model";
import { undecided, type Judgement, type StackRule } from "../../../engine/rule";
import type { Subject } from "../../../engine/subject";
import { allOf, not, type Truth } from "../../../engine/truth";
import { operandOf } from "../../stack/device-plugin";
import { madePools, poolEnd } from "./layer-end";
import { keepsOff } from "./node-class";
import { stackPoolsOf, type StackPool } from "../../stack/node-labels";

/**
 * LAY-06: the driver that the GPU operator installs has support for the GPUs of the pools.
 *
 * Only a version that somebody names is judged. Pools that keep the operator's driver off by its own label are left
 * alone.
 *
 * @see https://github.com/awslabs/amazon-eks-ami/blob/81fec2e/doc/usage/g7-ami.md (July 2026): G7 needs 595, which
 * drops P3, P3dn, G6f and Gr6f
 */
export const driverBranch: StackRule = {
  id: "LAY-06",
  title: "The driver of the GPU operator supports the GPUs of the pools",
  why: "A driver that does not know a GPU does not load, so that the node offers none and costs as much as with them.",
  remediation:
    "Pin a driver of a branch that has the GPUs of all pools, or give such pools an image with a driver of its own.",
  url: "https://github.com/awslabs/amazon-eks-ami/blob/main/doc/usage/g7-ami.md",
  severity: "high",
  level: "mandatory",
  family: "gpu",
  parameters: {},
  examples: {
    bad: `
type: aws:eks/nodeGroup:NodeGroup
name: old
properties: { amiType: CUSTOM, instanceTypes: [p3dn.24xlarge] }
---
type: kubernetes:helm.sh/v3:Release
name: gpu-operator
properties: { chart: gpu-operator, values: { driver: { version: 595.91.07 } } }
`,
    good: `
type: aws:eks/nodeGroup:NodeGroup
name: old
properties: { amiType: CUSTOM, instanceTypes: [p3dn.24xlarge] }
---
type: kubernetes:helm.sh/v3:Release
name: gpu-operator
properties: { chart: gpu-operator, values: { driver: { version: 580.159.03 } } }
`,
  },
  *judgeStack(subjects) {
    const operators = subjects.filter((subject) => (operandOf(subject, "driver")?.isOn ?? false) !== false);
    if (operators.length === 0) return;
    const pools = madePools(stackPoolsOf(subjects));
    for (const subject of operators) {
      for (const judgement of judgeOperator(subject, pools)) yield [subject, judgement];
    }
  },
};

/** The branch with which the support of some machines begins, or ends. */
const G7_BRANCH = 595;

/** Whether machines need a driver from the branch on, or one before it. */
type Need = "from" | "before";

/** Families of instance types by how they relate to that branch. */
const NEEDS = new Map<string, Need>([
  ["g7", "from"],
  ["p3", "before"],
  ["p3dn", "before"],
  ["g6f", "before"],
  ["gr6f", "before"],
]);

const LABEL = "nvidia.com/gpu.deploy.driver";

function* judgeOperator(subject: Subject, pools: StackPool[]): Iterable<Judgement> {
  const { isOn = false, path: switchPath = "" } = operandOf(subject, "driver") ?? {};
  const path = switchPath.replace(/enabled$/, "version");
  const version = nodeAt(subject.tree, path);
  const branch = branchOf(version);
  if (!isUnknown(version) && branch === undefined) return;
  const isNew: Truth = isUnknown(version) ? version : (branch ?? 0) >= G7_BRANCH;
  for (const pool of pools) {
    const needs = needsOf(pool);
    const failing = needs.map(({ type, need }): Requirement => ({
      type,
      need,
      fails: allOf([isOn, misses(need, isNew), not(keepsOff(pool, LABEL))]),
    }));
    const certain = failing.find(({ fails }) => fails === true);
    if (certain !== undefined) yield violation(path, version, certain.type, certain.need, pool);
    else if (failing.some(({ fails }) => isUnknown(fails))) yield undecided(isUnknown(version) ? path : switchPath);
  }
}

/** A machine for which the branch matters, and whether the driver fails on it. */
interface Requirement {
  type: string;
  need: Need | Unknown;
  fails: Truth;
}

/** The machines of a pool for which the branch matters, or may. */
function needsOf({ shape: { instanceTypes = [] } }: StackPool): { type: string; need: Need | Unknown }[] {
  const types: Told<string>[] = isUnknown(instanceTypes) ? [UNKNOWN] : instanceTypes;
  return types.flatMap((type) => {
    const need: Need | Unknown | undefined = isUnknown(type) ? UNKNOWN : NEEDS.get(type.split(".")[0] ?? "");
    return need === undefined ? [] : [{ type: String(type), need }];
  });
}

function misses(need: Need | Unknown, isNew: Truth): Truth {
  return isUnknown(need) || isUnknown(isNew) ? UNKNOWN : isNew !== (need === "from");
}

function violation(path: string, version: Tree, type: string, need: Need | Unknown, pool: StackPool): Judgement {
  return {
    path,
    observed: `${stringAt({ version }, "version") ?? ""}, without support for ${type} in ${poolEnd(pool, "machines")}`,
    allowed: need === "from" ? `a driver from ${G7_BRANCH} on` : `a driver before ${G7_BRANCH}`,
    remedy: "Pin a driver of such a branch, or choose other machines.",
  };
}

function branchOf(version: Tree): number | undefined {
  const branch = typeof version === "string" ? /^(\d{3})\b/.exec(version)?.[1] : undefined;
  return branch === undefined ? undefined : Number(branch);
}
