import { isUnknown, nodeAt } from "../../components/model";
import { undecided, type ResourceRule } from "../engine/rule";
import { describeLeaf, isAnyText } from "./leaf";

const PATH = "upgradePolicy.supportType";
const SUPPORT_TYPES = ["STANDARD", "EXTENDED"];

/**
 * EKS-04: a cluster says itself whether it goes into extended support.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/view-upgrade-policy.html
 */
export const supportType: ResourceRule = {
  id: "EKS-04",
  title: "Clusters say whether they go into extended support",
  why: "A cluster that does not say goes into extended support, in which each of its hours costs several times as much.",
  remediation: "Set `upgradePolicy.supportType` to STANDARD, or to EXTENDED where the price is accepted.",
  url: "https://docs.aws.amazon.com/eks/latest/userguide/view-upgrade-policy.html",
  severity: "medium",
  level: "advisory",
  family: "eks",
  parameters: {},
  examples: {
    bad: `
type: aws:eks/cluster:Cluster
name: lab
properties: { version: "1.99" }
`,
    good: `
type: aws:eks/cluster:Cluster
name: lab
properties:
  upgradePolicy: { supportType: STANDARD }
`,
  },
  *judge({ type, tree }) {
    if (type !== "aws:eks/cluster:Cluster") return;
    const supportType = nodeAt(tree, PATH);
    if (isUnknown(supportType)) {
      yield undecided(PATH);
    } else if (!isAnyText(supportType, SUPPORT_TYPES)) {
      yield {
        path: PATH,
        observed: describeLeaf(supportType, "EXTENDED"),
        allowed: "STANDARD or EXTENDED",
        remedy: "Set it to STANDARD, or to EXTENDED where the higher price is accepted.",
      };
    }
  },
};
