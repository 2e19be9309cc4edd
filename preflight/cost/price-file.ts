import {
  CapacityType,
  childAt,
  isTreeObject,
  type PriceRow,
  stringAt,
  type Tree,
  type TreeObject,
  type ValueProblem,
} from "../../components/model";

/** How a field of a price is checked. */
interface FieldRule {
  allowed: string;
  remedy: string;
  isAllowed: (value: Tree) => boolean;
}

const REGION = /^[a-z]{2,3}(-[a-z]+)+-\d{1,2}$/;
const INSTANCE_TYPE = /^[a-z][a-z0-9-]*\.[a-z0-9-]+$/;
const WAYS: readonly string[] = Object.values(CapacityType);

const FIELDS: Record<keyof PriceRow, FieldRule> = {
  instanceType: {
    allowed: "an EC2 instance type",
    remedy: "Write it like g5.xlarge.",
    isAllowed: (value) => typeof value === "string" && INSTANCE_TYPE.test(value),
  },
  region: {
    allowed: "a region of AWS",
    remedy: "Write it like us-east-1.",
    isAllowed: (value) => typeof value === "string" && REGION.test(value),
  },
  capacityType: {
    allowed: WAYS.join(", "),
    remedy: "Set it to one of these.",
    isAllowed: (value) => WAYS.some((way) => way === value),
  },
  usdPerHour: {
    allowed: "a number from 0",
    remedy: "Write what a machine costs in USD per hour, without quotes.",
    isAllowed: (value) => Number.isFinite(value) && Number(value) >= 0,
  },
  source: {
    allowed: "a text",
    remedy: "Say where the price is from.",
    isAllowed: (value) => typeof value === "string" && value.trim() !== "",
  },
  asOf: { allowed: "a day", remedy: 'Write it like "2026-11-01".', isAllowed: isDay },
};
const KEYS = Object.keys(FIELDS) as (keyof PriceRow)[];

const WHOLE: Omit<ValueProblem, "path" | "given"> = {
  allowed: "a list of prices",
  remedy: `Write it below "prices:", each with ${KEYS.join(", ")}.`,
};

/**
 * Everything that is wrong with a file of somebody's own prices: a mapping with a list `prices`, each entry with all fields of
 * a {@link PriceRow}.
 */
export function priceFileProblems(tree: Tree): ValueProblem[] {
  if (!isTreeObject(tree)) return [{ path: "", given: tree, ...WHOLE }];
  const others = Object.keys(tree).filter((key) => key !== "prices");
  const prices = childAt(tree, "prices");
  return [
    ...others.map((key) => unknownKey(key, tree[key], ["prices"])),
    ...(Array.isArray(prices) ? prices.flatMap(entryProblems) : [{ path: "prices", given: prices, ...WHOLE }]),
  ];
}

/** The prices of a file; those that {@link priceFileProblems} finds fault with are left out. */
export function readPriceFile(tree: Tree): PriceRow[] {
  const prices = childAt(tree, "prices");
  if (!Array.isArray(prices)) return [];
  return prices.flatMap((entry: Tree, index) => {
    if (entryProblems(entry, index, prices).length > 0) return [];
    return [Object.fromEntries(KEYS.map((key) => [key, childAt(entry, key)])) as unknown as PriceRow];
  });
}

function entryProblems(entry: Tree, index: number, all: Tree[]): ValueProblem[] {
  const path = `prices[${index}]`;
  if (!isTreeObject(entry)) {
    return [{ path, given: entry, allowed: "a price", remedy: `Give it ${KEYS.join(", ")}.` }];
  }
  const others = Object.keys(entry).filter((key) => !KEYS.some((known) => known === key));
  const problems = [
    ...others.map((key) => unknownKey(`${path}.${key}`, entry[key], KEYS)),
    ...KEYS.flatMap((key) => fieldProblems(`${path}.${key}`, entry[key], FIELDS[key])),
  ];
  return problems.length > 0 ? problems : repetition(path, entry, all.slice(0, index));
}

function fieldProblems(path: string, given: Tree, { isAllowed, allowed, remedy }: FieldRule): ValueProblem[] {
  return isAllowed(given) ? [] : [{ path, given, allowed, remedy }];
}

function repetition(path: string, entry: TreeObject, earlier: Tree[]): ValueProblem[] {
  const given = machineOf(entry);
  if (!earlier.some((other) => machineOf(other) === given)) return [];
  return [{ path, given, allowed: "each machine once", remedy: "Remove one of the two." }];
}

function machineOf(entry: Tree): string {
  return ["instanceType", "region", "capacityType"].map((key) => stringAt(entry, key) ?? "").join(" ");
}

function unknownKey(path: string, given: Tree, keys: readonly string[]): ValueProblem {
  return { path, given, allowed: `only ${keys.join(", ")}`, remedy: "Remove it." };
}

/** A date of the calendar, `2026-02-29` being none. */
function isDay(value: Tree): boolean {
  const parts = typeof value === "string" ? /^(\d{4})-(\d{2})-(\d{2})$/.exec(value) : null;
  if (parts === null) return false;
  const [year, month, day] = parts.slice(1).map(Number) as [number, number, number];
  return month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}
