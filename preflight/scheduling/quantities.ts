import { tryParseQuantity, type Quantity } from "../../components/model";

const NANO_PER_UNIT = 10n ** 9n;
const NANO_PER_MILLI = 10n ** 6n;

/**
 * A quantity in the units of `Amounts`, rounded up as the scheduler does: millicores of `cpu`, whole units of all else.
 *
 * @returns undefined where it is no quantity.
 */
export function amountOf(resource: string, quantity: unknown): number | undefined {
  const exact = tryParseQuantity(quantity);
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
