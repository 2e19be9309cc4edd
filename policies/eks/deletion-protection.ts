import { childAt, isUnknown } from "../../components/model";
import { undecided, type Judgement, type ResourceRule } from "../engine/rule";
import { describeLeaf } from "./leaf";

/** Types of resources that hold what cannot be had back, with the switch by which AWS refuses to delete them, if any. */
const SWITCHES = new Map([
  ["aws:eks/cluster:Cluster", "deletionProtection"],
  ["aws:rds/cluster:Cluster", "deletionProtection"],
  ["aws:rds/instance:Instance", "deletionProtection"],
  ["aws:dynamodb/table:Table", "deletionProtectionEnabled"],
  ["aws:efs/fileSystem:FileSystem", undefined],
  ["aws:fsx/lustreFileSystem:LustreFileSystem", undefined],
]);

/**
 * EKS-08: clusters, databases and file systems are deleted only once someone has lifted their protection.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/deletion-protection.html
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DeleteInstance.html "Deletion protection"
 */
export const deletionProtection: ResourceRule = {
  id: "EKS-08",
  title: "Clusters, databases and file systems are protected from deletion",
  why: "One renamed resource or one `destroy` in the wrong stack takes everything that they hold with it.",
  remediation:
    "Switch deletion protection on, or set the resource option `protect`; an update of its own lifts it when time comes.",
  url: "https://docs.aws.amazon.com/eks/latest/userguide/deletion-protection.html",
  severity: "medium",
  level: "advisory",
  levels: { dev: "disabled" },
  family: "eks",
  parameters: {},
  examples: {
    bad: `
type: aws:eks/cluster:Cluster
name: lab
properties: { deletionProtection: false }
`,
    good: `
type: aws:eks/cluster:Cluster
name: lab
properties: { deletionProtection: true }
`,
  },
  *judge({ type, tree, isProtected }) {
    // Pulumi's own protection is as good, and the only one for file systems; outside Pulumi nothing tells of it.
    if (!SWITCHES.has(type) || isProtected === true) return;
    const path = SWITCHES.get(type);
    if (path === undefined) {
      if (isProtected === false) yield unprotected;
      return;
    }
    const isSwitchedOn = childAt(tree, path);
    if (isUnknown(isSwitchedOn)) {
      yield undecided(path);
    } else if (isSwitchedOn !== true) {
      const observed = describeLeaf(isSwitchedOn, "false");
      yield { path, observed, allowed: "true", remedy: "Set it to true, or protect the resource in Pulumi." };
    }
  },
};

const unprotected: Judgement = {
  path: "protect",
  observed: "off",
  allowed: "on for what cannot be had back",
  remedy: "Set the resource option protect.",
};
