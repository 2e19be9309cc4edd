import { CapacityType, isUnknown, poolShapeOf } from "../../../components/model";
import { wholeNumber } from "../../engine/parameters";
import { undecided, type ResourceRule } from "../../engine/rule";
import { allOf, isOneOf, not, type Truth } from "../../engine/truth";
import { poolHasGpus } from "./requirements";

/** Where each kind of pool says how many nodes stand at all times. */
const PATHS = new Map([
  ["aws:eks/nodeGroup:NodeGroup", "scalingConfig.minSize"],
  ["kubernetes:karpenter.sh/v1:NodePool", "spec.replicas"],
]);

const nodes = wholeNumber("the number of nodes that a pool with GPUs may keep at all times", 0, 0);

/**
 * GPU-19: pools with GPUs go down to no nodes; a schedule raises their minimum where nodes must be ready.
 *
 * Reserved machines are paid for in any case, so they may stand.
 *
 * @see https://docs.aws.amazon.com/eks/latest/best-practices/cost-opt-compute.html
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-scheduled-scaling.html
 */
export const standingNodes: ResourceRule<{ nodes: number }> = {
  id: "GPU-19",
  title: "Pools with GPUs keep no node that nobody uses",
  why: "A machine with GPUs costs as much idle as at work, nights and weekends included.",
  remediation:
    "Let the pool start at 0, and raise its minimum by a schedule for the hours in which nodes must be ready.",
  url: "https://docs.aws.amazon.com/eks/latest/best-practices/cost-opt-compute.html",
  severity: "medium",
  level: "advisory",
  family: "gpu",
  parameters: { nodes },
  fix: "sets the least number of nodes of a managed node group to what is allowed",
  examples: {
    bad: `
type: aws:eks/nodeGroup:NodeGroup
name: gpu
properties:
  instanceTypes: [g5.xlarge]
  scalingConfig: { minSize: 2, desiredSize: 2, maxSize: 4 }
`,
    good: `
type: aws:eks/nodeGroup:NodeGroup
name: gpu
properties:
  instanceTypes: [g5.xlarge]
  scalingConfig: { minSize: 0, desiredSize: 0, maxSize: 4 }
`,
  },
  *judge(subject, { nodes }) {
    const path = PATHS.get(subject.type);
    const shape = poolShapeOf({ type: subject.type, properties: subject.tree });
    if (path === undefined || shape === undefined) return;
    const { minNodes = 0, capacityType } = shape;
    const isStanding: Truth = isUnknown(minNodes) ? minNodes : minNodes > nodes;
    const isPaidAnyhow = isOneOf(capacityType, CapacityType.reserved, CapacityType.capacityBlock);
    const isWasted = allOf([poolHasGpus(subject), isStanding, not(isPaidAnyhow)]);
    if (isUnknown(isWasted)) yield undecided(path);
    if (isWasted === true) {
      yield {
        path,
        observed: String(minNodes),
        allowed: `at most ${nodes} for machines with GPUs`,
        remedy: `Set it to ${nodes}, with a schedule for the hours in which nodes must be ready.`,
        ...(subject.kind === undefined ? { fix: [{ path, value: nodes }] } : {}),
      };
    }
  },
};
