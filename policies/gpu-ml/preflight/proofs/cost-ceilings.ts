import {
  CapacityType,
  isTreeObject,
  type PriceRow,
  type Prices,
  pricesWith,
  type Tree,
} from "../../../../components/model";
import { ceilingFindings, priceFileProblems, readPriceFile } from "../../../../preflight/cost";
import { textLike } from "../../../engine/parameters";
import type { Judgement, Parameter, RuleFacts } from "../../../engine/rule";
import type { Subject } from "../../../engine/subject";
import { madePools } from "../layers/layer-end";
import { ceilingJudgement } from "./ceiling-judgement";
import { planRule } from "./plan-rule";
import { costAt, type PlannedStack } from "./stack-plan";
import { stackPoolsOf } from "../../stack/node-labels";

/** The code of a region, or nothing. */
const REGION = /^([a-z]{2}(-[a-z]+)+-\d)?$/;

/** Form of a list of somebody's own prices, of which `priceFileProblems` says more. */
const PRICES_SCHEMA = {
  type: "array",
  items: {
    type: "object",
    properties: {
      instanceType: { type: "string" },
      region: { type: "string" },
      capacityType: { type: "string", enum: Object.values(CapacityType) },
      usdPerHour: { type: "number", minimum: 0 },
      source: { type: "string", minLength: 1 },
      asOf: { type: "string", description: "Day of the price: YYYY-MM-DD." },
    },
    required: ["instanceType", "region", "capacityType", "usdPerHour", "source", "asOf"],
    additionalProperties: false,
  },
};

/** Parameters of the rule. */
interface Ceilings {
  [parameter: string]: unknown;
  maxUsdPerHour: number;
  pools: Record<string, number>;
  tenants: Record<string, number>;
  region: string;
  prices: PriceRow[];
}

const FACTS: RuleFacts<Ceilings> = {
  id: "COST-01",
  title: "Pools, tenants and the environment stay under their ceilings of USD per hour",
  why: "A largest size with one digit too many is found on the bill at the end of the month, or here before it is spent.",
  remediation: "Lower the largest size of the pool, choose cheaper machines, or raise the ceiling.",
  url: "https://docs.aws.amazon.com/eks/latest/best-practices/cost-opt-compute.html",
  severity: "high",
  level: "disabled",
  family: "gpu",
  parameters: {
    maxUsdPerHour: {
      description: "the most that all pools together may cost, in USD per hour",
      default: 100,
      schema: { type: "number", minimum: 0 },
      accepts: isPrice,
    },
    pools: prices("pools"),
    tenants: prices("tenants"),
    region: textLike("the region of pools whose zones do not tell it, such as us-east-1", "", REGION),
    prices: {
      description:
        "prices of machines in place of those of the tables, each as in a file that `mlstack plan --prices` reads",
      default: [],
      schema: PRICES_SCHEMA,
      accepts: (value) => priceFileProblems({ prices: value }).length === 0,
    },
  },
  examples: {
    bad: `
apiVersion: karpenter.sh/v1
kind: NodePool
metadata: { name: train }
spec:
  limits: { nodes: 40 }
  template:
    metadata: { labels: { mlstack.dev/pool: train } }
    spec:
      requirements:
        - { key: node.kubernetes.io/instance-type, operator: In, values: [g5.12xlarge] }
        - { key: topology.kubernetes.io/zone, operator: In, values: [us-east-1a] }
        - { key: karpenter.sh/capacity-type, operator: In, values: [on-demand] }
`,
    good: `
apiVersion: karpenter.sh/v1
kind: NodePool
metadata: { name: train }
spec:
  limits: { nodes: 4 }
  template:
    metadata: { labels: { mlstack.dev/pool: train } }
    spec:
      requirements:
        - { key: node.kubernetes.io/instance-type, operator: In, values: [g5.12xlarge] }
        - { key: topology.kubernetes.io/zone, operator: In, values: [us-east-1a] }
        - { key: karpenter.sh/capacity-type, operator: In, values: [on-demand] }
`,
  },
};

/**
 * COST-01: what a stack costs at its largest stays under the ceilings that somebody sets for it, for its pools and
 * for its tenants.
 *
 * Prices and region of a plan go before what the parameters say.
 *
 * @see https://docs.aws.amazon.com/eks/latest/best-practices/cost-opt-compute.html
 */
export const costCeilings = planRule(FACTS, judgedCeilings);

function* judgedCeilings(
  subjects: Subject[],
  { maxUsdPerHour: environment, pools, tenants, region, prices: own }: Ceilings,
  plannedStack: () => PlannedStack,
): Iterable<[Subject, Judgement]> {
  if (madePools(stackPoolsOf(subjects)).length === 0) return;
  const planned = plannedStack();
  const { market } = planned;
  const cost = costAt(planned, {
    prices: pricesBefore(market.prices, pricesWith(readPriceFile({ prices: own as unknown as Tree[] }))),
    region: market.region ?? (region === "" ? undefined : region),
  });
  const plan = { ...planned.plan, cost };
  for (const finding of ceilingFindings(cost, { environment, pools, tenants })) {
    const judgement = ceilingJudgement(finding, plan, subjects);
    if (judgement !== undefined) yield judgement;
  }
}

/** Somebody's own prices of the first go before those of the second. */
function pricesBefore(first: Prices | undefined, second: Prices): Prices {
  if (first === undefined) return second;
  return {
    find: (...machine) => {
      const row = first.find(...machine);
      return row !== undefined && first.isOverride(row) ? row : second.find(...machine);
    },
    isOverride: (row) => first.isOverride(row) || second.isOverride(row),
  };
}

/** A parameter with ceilings by name. */
function prices(what: string): Parameter<Record<string, number>> {
  return {
    description: `the most that ${what} may cost, in USD per hour by name`,
    default: {},
    schema: { type: "object", additionalProperties: { type: "number", minimum: 0 } },
    accepts: (value) => isTreeObject(value) && Object.values(value).every(isPrice),
  };
}

function isPrice(value: Tree): boolean {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}
