import { tryParseQuantity, type Quantity } from "../../components/model";

const NANO_PER_UNIT = 10n ** 9n;
const NANO_PER_MILLI = 10n ** 6n;

/** Quantities by their spelling: the pods of a stack ask for the same few again and again. */
const READ = new Map<unknown, Quantity>();
/** More spellings than any stack has; they are forgotten then, so that the memory stays small. */
const MOST_READ = 10_000;

/** The exact quantity that something spells; undefined where it is none. */
export function quantityOf(spelling: unknown): Quantity | undefined {
  const known = READ.get(spelling);
  if (known !== undefined) return known;
  const quantity = tryParseQuantity(spelling);
  if (quantity === undefined) return undefined;
  if (READ.size >= MOST_READ) READ.clear();
  READ.set(spelling, quantity);
  return quantity;
}

/**
 * A quantity in the units of `Amounts`, rounded up as the scheduler does: millicores of `cpu`, whole units of all else.
 *
 * @returns undefined where it is no quantity.
 */
export function amountOf(resource: string, quantity: unknown): number | undefined {
  const exact = quantityOf(quantity);
  return exact === undefined ? undefined : roundedAmount(resource, exact);
}

/** The scheduler counts with whole numbers of 64 bits. */
const LARGEST = 2 ** 63;

/**
 * An exact quantity in the units of `Amounts`, 2^63 at most. What is left over counts as a whole unit, away from zero.
 *
 * @see https://pkg.go.dev/k8s.io/apimachinery@v0.36.3/pkg/api/resource#Quantity.MilliValue
 */
export function roundedAmount(resource: string, exact: Quantity): number {
  const unit = resource === "cpu" ? NANO_PER_MILLI : NANO_PER_UNIT;
  const rounded = exact / unit + BigInt(Math.sign(Number(exact % unit)));
  return Math.max(-LARGEST, Math.min(LARGEST, Number(rounded)));
}
