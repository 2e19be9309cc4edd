const MONEY = new Intl.NumberFormat("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const WHOLE_MONEY = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const NUMBER = new Intl.NumberFormat("en-US", { maximumFractionDigits: 2 });
const PERCENT = new Intl.NumberFormat("en-US", { style: "percent", maximumFractionDigits: 0 });

/** Hours of an average month, by which amounts per month are told. */
const HOURS_PER_MONTH = 730;

const GIB = 2 ** 30;
const MIB = 2 ** 20;

/** An amount of money as a cell says it; null is unbounded, undefined unknown. */
export function money(usd: number | null | undefined): string {
  return usd === undefined ? "unknown" : usd === null ? "unbounded" : MONEY.format(usd);
}

/** A price per hour with its currency, as a sentence says it; null is unbounded, undefined unknown. */
export function hourly(usd: number | null | undefined): string {
  return typeof usd === "number" ? `USD ${MONEY.format(usd)}/h` : money(usd);
}

/** What a price per hour comes to in a month of 730 hours. */
export function monthly(usdPerHour: number): string {
  return `USD ${WHOLE_MONEY.format(usdPerHour * HOURS_PER_MONTH)} a month`;
}

/** A number with its separators; null is unbounded. */
export function number(value: number | null): string {
  return value === null ? "unbounded" : NUMBER.format(value);
}

/** A number with what it counts: `1 GPU`, `4 GPUs`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${NUMBER.format(value)} ${value === 1 ? one : many}`;
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

/** An amount of a resource with its unit, from millicores of `cpu`, bytes, or whole units. */
export function amountOf(resource: string, amount: number): string {
  if (resource === "cpu") return counted(amount / 1000, "core");
  if (!/^(memory|ephemeral-storage|hugepages-.*)$/.test(resource)) return number(amount);
  return amount >= GIB ? `${NUMBER.format(amount / GIB)} GiB` : `${NUMBER.format(amount / MIB)} MiB`;
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
