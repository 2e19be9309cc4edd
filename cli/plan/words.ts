const MONEY = new Intl.NumberFormat("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const WHOLE_MONEY = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const NUMBER = new Intl.NumberFormat("en-US", { maximumFractionDigits: 2 });
const PERCENT = new Intl.NumberFormat("en-US", { style: "percent", maximumFractionDigits: 0 });

/** Hours of an average month, by which amounts per month are told. */
const HOURS_PER_MONTH = 730;

/** The largest number that is told as it is: beyond it not every whole number is one of its own. */
const MOST_TOLD = 9e15;

/** An amount of money as a cell says it; null is unbounded, undefined unknown. */
export function money(usd: number | null | undefined): string {
  return usd === undefined ? "unknown" : usd === null ? "unbounded" : told(usd, MONEY);
}

/** By how much an amount of money changes, with its sign: `+12.00`, `−3.50`; undefined below half a cent. */
export function moneyChange(usd: number): string | undefined {
  return Math.abs(usd) < 0.005 ? undefined : `${usd > 0 ? "+" : "−"}${told(Math.abs(usd), MONEY)}`;
}

/** A price per hour with its currency, as a sentence says it; null is unbounded, undefined unknown. */
export function hourly(usd: number | null | undefined): string {
  return typeof usd === "number" ? `USD ${told(usd, MONEY)}/h` : money(usd);
}

/** What a price per hour comes to in a month of 730 hours. */
export function monthly(usdPerHour: number): string {
  return `USD ${told(usdPerHour * HOURS_PER_MONTH, WHOLE_MONEY)} a month`;
}

/** A number with its separators; null is unbounded. */
export function number(value: number | null): string {
  return value === null ? "unbounded" : told(value, NUMBER);
}

/** A number with what it counts: `1 GPU`, `4 GPUs`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${told(value, NUMBER)} ${value === 1 ? one : many}`;
}

function told(value: number, format: Intl.NumberFormat): string {
  return Math.abs(value) > MOST_TOLD ? `over ${format.format(MOST_TOLD)}` : format.format(value);
}

/** A share of 1 in whole percent. */
export function percent(share: number): string {
  return PERCENT.format(share);
}

/** Things one after the other: `a, b and c`. */
export function listed(things: readonly string[]): string {
  return things.length < 2 ? things.join("") : `${things.slice(0, -1).join(", ")} and ${things.at(-1)!}`;
}

/** The first few of many, and how many more there are. */
export function firstOf(things: readonly string[], most: number): string {
  if (things.length <= most) return listed(things);
  return `${things.slice(0, most).join(", ")} and ${number(things.length - most)} more`;
}

/** A point in time in UTC to the minute: `2026-11-27 00:23 UTC`; as it is where it is none. */
export function instant(iso: string): string {
  const match = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)/.exec(iso);
  return match === null ? iso : `${match[1]!} ${match[2]!} UTC`;
}

/** A sentence with a capital and a period, from one without. */
export function sentence(text: string): string {
  return text === "" || /[.!?]$/.test(text) ? capital(text) : `${capital(text)}.`;
}

/** Text with its first letter as a capital. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A time in hours, minutes where it is shorter: `45 minutes`, `1.5 hours`. */
export function amountInHours(hours: number): string {
  return hours < 1 ? counted(Math.round(hours * 60), "minute") : counted(hours, "hour");
}
