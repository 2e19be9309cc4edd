import { CapacityType, isUnknown, poolShapeOf } from "../../../components/model";
import { wholeNumber } from "../../engine/parameters";
import { undecided, type Judgement, type ResourceRule, type RuleFacts } from "../../engine/rule";
import type { Subject } from "../../engine/subject";
import { allOf, isOneOf, not, type Truth } from "../../engine/truth";
import { gpuServiceNodes, usdText } from "../../../preflight/cost";
import type { ReadsPlan } from "../preflight/proofs/plan-rule";
import { plannedPoolOf, type PlannedStack } from "../preflight/proofs/stack-plan";
import { poolHasGpus } from "./requirements";

/** Where each kind of pool says how many nodes stand at all times. */
const PATHS = new Map([
  ["aws:eks/nodeGroup:NodeGroup", "scalingConfig.minSize"],
  ["kubernetes:karpenter.sh/v1:NodePool", "spec.replicas"],
]);

const nodes = wholeNumber("the number of nodes that a pool with GPUs may keep at all times", 0, 0);

const FACTS: RuleFacts<{ nodes: number }> = {
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
};

/**
 * GPU-19: pools with GPUs go down to no nodes; a schedule raises their minimum where nodes must be ready.
 *
 * Reserved machines are paid for in any case, so they may stand. A plan knows how many nodes services with GPUs fill at all
 * times, which may stand as well, and what the others cost.
 *
 * @see https://docs.aws.amazon.com/eks/latest/best-practices/cost-opt-compute.html
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-scheduled-scaling.html
 */
export const standingNodes: ResourceRule<{ nodes: number }> & ReadsPlan = {
  ...FACTS,
  judge: (subject, { nodes }) => judgePool(subject, nodes, NOTHING_KNOWN),
  within: (planned) => {
    const useOf = usesOf(planned);
    return { ...FACTS, judge: (subject, { nodes }) => judgePool(subject, Number(nodes), useOf(subject)) };
  },
};

/** What is known of the nodes of a pool beside what it says itself. */
interface Use {
  /** Those that services fill at all times. */
  filled: number;
  /** USD per hour of a node; undefined where it is not known. */
  usdPerHour: number | undefined;
}

const NOTHING_KNOWN: Use = { filled: 0, usdPerHour: undefined };

function usesOf({ plan }: PlannedStack): (subject: Subject) => Use {
  const filled = gpuServiceNodes(plan);
  return (subject) => {
    const planned = plannedPoolOf(subject, plan);
    if (planned === undefined) return NOTHING_KNOWN;
    return {
      filled: filled.get(planned.pool.name) ?? 0,
      usdPerHour: plan.cost.pools[planned.number]?.price?.usdPerHour,
    };
  };
}

function* judgePool(subject: Subject, nodes: number, { filled, usdPerHour }: Use): Iterable<Judgement> {
  const path = PATHS.get(subject.type);
  const shape = poolShapeOf({ type: subject.type, properties: subject.tree });
  if (path === undefined || shape === undefined) return;
  const { minNodes = 0, capacityType } = shape;
  const most = Math.max(nodes, filled);
  const isStanding: Truth = isUnknown(minNodes) ? minNodes : minNodes > most;
  const isPaidAnyhow = isOneOf(capacityType, CapacityType.reserved, CapacityType.capacityBlock);
  const isWasted = allOf([poolHasGpus(subject), isStanding, not(isPaidAnyhow)]);
  if (isUnknown(isWasted)) yield undecided(path);
  if (isWasted === true) {
    const services = most > nodes ? `, of which services fill ${filled}` : "";
    const idle = Number(minNodes) - filled;
    const cost = usdPerHour === undefined ? "" : `, so that ${usdText(idle * usdPerHour)}/h is paid for idle machines`;
    yield {
      path,
      observed: `${String(minNodes)}${services}${cost}`,
      allowed: `at most ${most} for machines with GPUs`,
      remedy: `Set it to ${most}, with a schedule for the hours in which nodes must be ready.`,
      ...(subject.kind === undefined ? { fix: [{ path, value: most }] } : {}),
    };
  }
}
