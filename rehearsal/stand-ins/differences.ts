import { isProperties, type Properties, UNKNOWN } from "./values";

/** How one property changes. */
export interface Difference {
  /** Path as Pulumi writes it, for example `taints[0].effect` or `tags["team:name"]`. */
  path: string;
  /** Names on the way, without places in lists: `["taints", "effect"]`. */
  names: string[];
  change: "add" | "delete" | "update";
}

/** Every property that differs between two sets of inputs, at any depth; an unknown value differs from any known one. */
export function differences(olds: Properties, news: Properties): Difference[] {
  return ofProperties(olds, news, "", []);
}

/** Every single value inside a set of inputs, with the names on the way to it. */
export function leavesOf(value: unknown, names: string[] = []): { names: string[]; value: unknown }[] {
  if (Array.isArray(value)) return value.flatMap((item) => leavesOf(item, names));
  if (!isProperties(value)) return [{ names, value }];
  return Object.keys(value)
    .sort()
    .flatMap((key) => leavesOf(value[key], [...names, key]));
}

function ofProperties(olds: Properties, news: Properties, parent: string, names: string[]): Difference[] {
  const keys = [...new Set([...Object.keys(olds), ...Object.keys(news)])].sort();
  return keys.flatMap((key) => ofValues(olds[key], news[key], pathOf(parent, key), [...names, key]));
}

function ofValues(old: unknown, now: unknown, path: string, names: string[]): Difference[] {
  const [isGone, isNew] = [isMissing(now), isMissing(old)];
  if (isGone || isNew) return isGone && isNew ? [] : [{ path, names, change: isGone ? "delete" : "add" }];
  if (isProperties(old) && isProperties(now)) return ofProperties(old, now, path, names);
  if (Array.isArray(old) && Array.isArray(now)) {
    const length = Math.max(old.length, now.length);
    return Array.from({ length }, (_, index) => index).flatMap((index) =>
      ofValues(old[index], now[index], `${path}[${index}]`, names),
    );
  }
  return old === now && now !== UNKNOWN ? [] : [{ path, names, change: "update" }];
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null;
}

function pathOf(parent: string, key: string): string {
  if (!/^[A-Za-z_$][\w$]*$/.test(key)) return `${parent}["${key}"]`;
  return parent === "" ? key : `${parent}.${key}`;
}
