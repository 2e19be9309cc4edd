import { isUnknown, nodeAt } from "../../../components/model";
import { undecided, type ResourceRule } from "../../engine/rule";
import { allOf, isOneOf, not } from "../../engine/truth";
import { poolHasGpus } from "./requirements";

const PATH = "nodeRepairConfig.enabled";

/**
 * GPU-20: EKS replaces nodes of GPU groups whose GPUs have failed.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/node-repair.html
 */
export const nodeRepair: ResourceRule = {
  id: "GPU-20",
  title: "Broken GPU nodes are replaced by themselves",
  why: "A node with a failed GPU stays ready for Kubernetes, so job after job is sent to it and fails.",
  remediation: "Set `nodeRepairConfig.enabled` to true, and install the add-on `eks-node-monitoring-agent`.",
  url: "https://docs.aws.amazon.com/eks/latest/userguide/node-repair.html",
  severity: "low",
  level: "advisory",
  family: "gpu",
  parameters: {},
  fix: "switches node repair on",
  examples: {
    bad: `
type: aws:eks/nodeGroup:NodeGroup
name: gpu
properties: { instanceTypes: [g5.xlarge], nodeRepairConfig: { enabled: false } }
`,
    good: `
type: aws:eks/nodeGroup:NodeGroup
name: gpu
properties: { instanceTypes: [g5.xlarge], nodeRepairConfig: { enabled: true } }
`,
  },
  *judge(subject) {
    if (subject.type !== "aws:eks/nodeGroup:NodeGroup") return;
    const isBroken = allOf([poolHasGpus(subject), not(isOneOf(nodeAt(subject.tree, PATH), true))]);
    if (isUnknown(isBroken)) yield undecided(PATH);
    if (isBroken === true) {
      yield {
        path: PATH,
        observed: "off",
        allowed: "true for machines with GPUs",
        remedy: "Set it to true.",
        fix: [{ path: PATH, value: true }],
      };
    }
  },
};
