import * as pulumi from "@pulumi/pulumi";
import { isPlain } from "../../internal";

/** Whether a value is known while the program runs, down to its last leaf. */
export function isKnown(value: unknown): boolean {
  if (value === undefined) return true;
  if (!isPlain(value)) return false;
  return typeof value !== "object" || value === null || Object.values(value).every(isKnown);
}

/** A text made of a value, at once where all of it is known, and else once the engine knows it. */
export function textOf(value: object, write: (known: unknown) => string): pulumi.Input<string> {
  return isKnown(value) ? write(value) : pulumi.output(value).apply(write);
}
