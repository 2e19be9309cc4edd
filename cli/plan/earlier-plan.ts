import { readFile } from "node:fs/promises";
import { z } from "zod";
import type { ComparedCost } from "../../preflight/cost";
import { callersPath } from "../../rehearsal/checkout";
import { Problem } from "../../rehearsal/problem";
import { plain } from "../check/plain";

/** What tells a plan from other JSON, whatever its version is. */
const somePlan = z.object({ version: z.number(), judgedAt: z.string(), pools: z.array(z.unknown()) });

/** JSON has no infinity: null is what nothing bounds, and what is absent is not known. */
const bound = z
  .number()
  .nullable()
  .optional()
  .transform((value) => (value === null ? Infinity : value));
const amount = z
  .number()
  .optional()
  .transform((value) => value);
const hourly = { idle: amount, typical: amount, ceiling: bound };
const text = z
  .string()
  .optional()
  .transform((value) => value);

/** What a plan of `--format json` tells of its cost, as far as costs are compared. */
const costOfPlan = z.object({
  version: z.literal(1),
  pools: z.array(
    z.object({
      cost: z.object({
        ...hourly,
        pool: z.string(),
        instanceType: text,
        capacityType: text,
        nodes: z.object({ idle: amount, typical: amount, ceiling: bound }),
        missing: z.string().optional(),
      }),
    }),
  ),
  cost: z.object({
    environment: z.object(hourly),
    tenants: z.array(
      z.object({ ...hourly, tenant: z.string(), ceilingFrom: z.enum(["queues", "quota", "workloads"]) }),
    ),
  }),
});

/**
 * What an earlier plan, written by `--format json`, says of the cost.
 *
 * @returns undefined where the file is no plan, or cannot be read.
 * @throws {Problem} where it is a plan of another version, or one that was changed.
 */
export async function costOfEarlierPlan(path: string): Promise<ComparedCost | undefined> {
  const content = jsonOf(await readFile(callersPath(path), "utf8").catch(() => ""));
  if (!somePlan.safeParse(content).success) return undefined;
  const read = costOfPlan.safeParse(content);
  if (!read.success) {
    const [issue] = read.error.issues;
    throw new Problem(
      `the plan in ${plain(path)} cannot be compared with: ${plain(issue!.path.join("."))}: ${issue!.message}`,
      "Make it again by --format json of this version of mlstack.",
    );
  }
  const { pools, cost } = read.data;
  return {
    ...cost,
    pools: pools.map(({ cost: { missing, ...pool } }) => ({
      ...pool,
      price: undefined,
      ceilingPrice: undefined,
      ...(missing === undefined ? {} : { missing }),
    })),
  };
}

function jsonOf(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}
