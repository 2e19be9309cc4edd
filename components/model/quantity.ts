/** A Kubernetes quantity as an exact number of billionths (nano), so that no arithmetic ever rounds. */
export type Quantity = bigint;

/** Family of suffixes that a quantity is written with: powers of 1000 or of 1024, in Kubernetes' own terms. */
export type QuantityFormat = "DecimalSI" | "BinarySI";

const NANO_PER_UNIT = 10n ** 9n;

/** Suffixes from small to large, each with its worth in nano-units. */
const suffixes: Record<QuantityFormat, [suffix: string, worth: Quantity][]> = {
  DecimalSI: ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"].map((suffix, power) => [suffix, 1000n ** BigInt(power)]),
  BinarySI: ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"].map((suffix, power) => [
    suffix,
    NANO_PER_UNIT * 1024n ** BigInt(power),
  ]),
};

const worthOf = new Map([...suffixes.BinarySI, ...suffixes.DecimalSI]);

/** Kubernetes silently lowers larger numbers with a binary suffix to this one: 2^63-1 units. */
const BINARY_LIMIT = (2n ** 63n - 1n) * NANO_PER_UNIT;

/** Keeps a text of a few characters, such as `1e999999999`, from filling the memory. */
const EXPONENT_LIMIT = 1000;

const SHAPE =
  /^(?<sign>[+-]?)(?=\.?\d)(?<whole>\d*)(?:\.(?<fraction>\d*))?(?<suffix>[numkMGTPE]|[KMGTPE]i|[eE][+-]?\d+|)$/;

/**
 * Reads a Kubernetes quantity, for example `500m`, `1.5Gi`, `2`, `1e3`.
 *
 * Values are those that Kubernetes itself arrives at: what is finer than nano is rounded away from zero, and numbers
 * with a binary suffix stop at 2^63-1. `1E` is exa, `1e3` and `1E3` have exponents. Two spellings that Kubernetes lets
 * pass are refused: text without a digit (`Ki`, which it takes for 0) and exponents beyond ±1000.
 *
 * @throws RangeError when the text is no quantity.
 * @see https://pkg.go.dev/k8s.io/apimachinery@v0.36.3/pkg/api/resource#Quantity
 */
export function parseQuantity(text: string | number): Quantity {
  const quantity = tryParseQuantity(text);
  if (quantity === undefined) {
    const given = typeof text === "string" ? JSON.stringify(text) : String(text);
    throw new RangeError(
      `${given} is no Kubernetes quantity; allowed: a decimal number, directly followed by nothing, by one of ` +
        `n u m k M G T P E Ki Mi Gi Ti Pi Ei, or by an exponent from e-${EXPONENT_LIMIT} to e${EXPONENT_LIMIT}. ` +
        `Write it like 500m, 2 or 1.5Gi.`,
    );
  }
  return quantity;
}

/** Like {@link parseQuantity}, but returns undefined for text that is no quantity. */
export function tryParseQuantity(text: unknown): Quantity | undefined {
  if (typeof text !== "string" && typeof text !== "number") return undefined;
  const parts = SHAPE.exec(String(text))?.groups;
  if (!parts) return undefined;

  const { sign, whole = "", fraction = "", suffix = "" } = parts;
  const digits = BigInt(whole + fraction);
  const worth = worthOf.get(suffix);
  const exponent = worth === undefined ? Number(suffix.slice(1)) : 0;
  if (Math.abs(exponent) > EXPONENT_LIMIT) return undefined;

  const scale = exponent - fraction.length;
  const scaled = digits * (worth ?? NANO_PER_UNIT) * 10n ** BigInt(Math.max(scale, 0));
  const exact = divideUp(scaled, 10n ** BigInt(Math.max(-scale, 0)));
  const magnitude = suffix.endsWith("i") && exact > BINARY_LIMIT ? BINARY_LIMIT : exact;
  return sign === "-" ? -magnitude : magnitude;
}

/**
 * Negative, zero or positive as `a` is below, equal to or above `b`.
 *
 * @throws RangeError when either is no quantity.
 */
export function compareQuantities(a: string | number, b: string | number): number {
  const difference = parseQuantity(a) - parseQuantity(b);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/**
 * Exact sum in canonical spelling; `0` where nothing is given.
 *
 * The sum is written in the family of the first quantity that is not zero, as Kubernetes does: `1Gi` and `512Mi` make
 * `1536Mi`.
 *
 * @throws RangeError when any of them is no quantity.
 */
export function addQuantities(...quantities: (string | number)[]): string {
  const sum = quantities.reduce((total, quantity) => total + parseQuantity(quantity), 0n);
  const first = quantities.find((quantity) => parseQuantity(quantity) !== 0n);
  return formatQuantity(sum, String(first ?? 0).endsWith("i") ? "BinarySI" : "DecimalSI");
}

/**
 * Writes a quantity in the spelling that Kubernetes calls canonical: no fraction, and the largest suffix that allows it.
 *
 * The default is `DecimalSI`, which suits CPUs and devices; memory reads better in `BinarySI`. Like Kubernetes,
 * `BinarySI` falls back to decimal suffixes below 1024 and for what is no whole number of units, and here also above
 * 2^63-1, so that the text always parses back to exactly the same value.
 *
 * @see https://pkg.go.dev/k8s.io/apimachinery@v0.36.3/pkg/api/resource#Quantity.CanonicalizeBytes
 */
export function formatQuantity(quantity: Quantity, format: QuantityFormat = "DecimalSI"): string {
  const magnitude = quantity < 0n ? -quantity : quantity;
  if (magnitude === 0n) return "0";
  const binary =
    format === "BinarySI" && isWhole(magnitude) && magnitude >= 1024n * NANO_PER_UNIT && magnitude <= BINARY_LIMIT;
  const [suffix, worth] = suffixes[binary ? "BinarySI" : "DecimalSI"].findLast(([, w]) => magnitude % w === 0n)!;
  return `${quantity / worth}${suffix}`;
}

/** Tells whether a quantity is a whole number of units, as extended resources must be. */
export function isWhole(quantity: Quantity): boolean {
  return quantity % NANO_PER_UNIT === 0n;
}

/** Quotient of two numbers that are not negative, rounded up. */
function divideUp(dividend: bigint, divisor: bigint): bigint {
  return (dividend + divisor - 1n) / divisor;
}
