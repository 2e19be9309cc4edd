import { childAt, isUnknown, poolShapeOf, UNKNOWN, type Tree } from "../../components/model";
import { undecided, type StackRule } from "../engine/rule";
import type { Subject } from "../engine/subject";
import type { Truth } from "../engine/truth";

const PATH = "subnetIds";

/**
 * EKS-05, over the stack: the node groups without GPUs stand in two zones or more, taken together.
 *
 * One group may well stand in one zone, as the Cluster Autoscaler wants it for volumes; so may machines with GPUs.
 *
 * @see https://docs.aws.amazon.com/eks/latest/best-practices/data-plane.html
 */
export const nodeZones: StackRule = {
  id: "EKS-05",
  title: "Nodes for services stand in several zones",
  why: "Where all nodes without GPUs are in one zone, its loss takes every service of the cluster with it.",
  remediation: "Name subnets of two zones or more in `subnetIds`, or add a group in another zone.",
  url: "https://docs.aws.amazon.com/eks/latest/best-practices/data-plane.html",
  severity: "medium",
  level: "advisory",
  family: "eks",
  parameters: {},
  examples: {
    bad: `
type: aws:eks/nodeGroup:NodeGroup
name: system
properties: { instanceTypes: [m7i.large], subnetIds: [subnet-0a] }
`,
    good: `
type: aws:eks/nodeGroup:NodeGroup
name: system
properties: { instanceTypes: [m7i.large], subnetIds: [subnet-0a, subnet-0b] }
`,
  },
  *judgeStack(subjects) {
    const groups = subjects.flatMap(groupOf);
    const isSpread = isOverSeveralSubnets(groups);
    if (isSpread === true) return;
    for (const { subject, mayHaveGpus } of groups) {
      if (isUnknown(isSpread) || mayHaveGpus) {
        yield [subject, undecided(PATH)];
      } else {
        const observed = "one subnet, as for all groups without GPUs";
        const remedy = "Add a subnet of another zone, or a group there.";
        yield [subject, { path: PATH, observed, allowed: "subnets of two zones or more", remedy }];
      }
    }
  },
};

/** A node group that may be one for services. */
interface Group {
  subject: Subject;
  mayHaveGpus: boolean;
  subnets: Tree;
}

/** Groups with GPUs and such as name no subnet do not count. */
function groupOf(subject: Subject): Group[] {
  if (subject.type !== "aws:eks/nodeGroup:NodeGroup") return [];
  const gpuResource = poolShapeOf({ type: subject.type, properties: subject.tree })?.gpuResource;
  const subnets = childAt(subject.tree, PATH);
  const namesSubnets = isUnknown(subnets) || (Array.isArray(subnets) && subnets.length > 0);
  if (typeof gpuResource === "string" || !namesSubnets) return [];
  return [{ subject, mayHaveGpus: isUnknown(gpuResource), subnets }];
}

/** Subnets that are not known yet may be the same in different groups, but not in one. */
function isOverSeveralSubnets(groups: Group[]): Truth {
  const lists = groups.map(({ subnets }) => subnets);
  const entries = lists.flatMap((list): Tree[] => (Array.isArray(list) ? list : [UNKNOWN]));
  const known = new Set(entries.filter((subnet) => !isUnknown(subnet)));
  if (known.size > 1 || lists.some((list) => Array.isArray(list) && list.length > 1)) return true;
  const mayDiffer = lists.some(isUnknown) || (entries.some(isUnknown) && entries.length > 1);
  return mayDiffer ? UNKNOWN : false;
}
