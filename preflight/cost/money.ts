/**
 * USD in whole millionths. Sums of whole numbers are exact and the same in every order, so amounts are rounded when they
 * become millionths, and never in between.
 */
export type Micros = number;

const MICROS_PER_USD = 1e6;

/** An amount in millionths, rounded to the nearest. */
export function microsOf(usd: number): Micros {
  return Math.round(usd * MICROS_PER_USD);
}

/** An amount in USD. */
export function usdOf(micros: Micros): number {
  return micros / MICROS_PER_USD;
}

/** {@link usdOf}, of an amount that may not be known. */
export function usdIfKnown(micros: Micros | undefined): number | undefined {
  return micros === undefined ? undefined : usdOf(micros);
}

/** What so much of something costs; nothing costs 0 even where the price is not known, and so does any amount for free. */
export function costOfAmount(amount: number | undefined, usdPerUnit: number | undefined): Micros | undefined {
  if (amount === 0 || usdPerUnit === 0) return 0;
  return amount === undefined || usdPerUnit === undefined ? undefined : microsOf(amount * usdPerUnit);
}

/** Sum of the amounts that are known; undefined where there are some and none is. */
export function sumOfKnown(amounts: readonly (Micros | undefined)[]): Micros | undefined {
  const known = amounts.filter((amount) => amount !== undefined);
  return known.length === 0 && amounts.length > 0 ? undefined : known.reduce((sum, amount) => sum + amount, 0);
}

/** Sum of amounts; undefined where any of them is not known. */
export function sumOfAll(amounts: readonly (Micros | undefined)[]): Micros | undefined {
  return amounts.includes(undefined) ? undefined : sumOfKnown(amounts);
}

/** An amount as messages write it: `USD 12.24`, and with more digits where two of them show nothing, `USD 0.0034`. */
export function usdText(usd: number): string {
  const cents = usd.toFixed(2);
  return Number(cents) === 0 && usd !== 0 ? exactText(usd) : `USD ${cents}`;
}

/** Two different amounts as messages write them, with more digits where two of them do not tell them apart. */
export function distinctUsd(a: number, b: number): [a: string, b: string] {
  const [first, second] = [usdText(a), usdText(b)];
  return first === second ? [exactText(a), exactText(b)] : [first, second];
}

function exactText(usd: number): string {
  return `USD ${Number(usd.toFixed(6))}`;
}
