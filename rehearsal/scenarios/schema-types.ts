import { z } from "zod";

/** A mapping that refuses unknown keys; its issues list the known ones as their message. */
export function mapping<Fields extends z.core.$ZodLooseShape>(fields: Fields) {
  return z.strictObject(fields, { error: Object.keys(fields).join(", ") });
}

/** Text that says something. */
export const nonEmptyText = z.string({ error: "text that is not empty" }).min(1, { error: "text that is not empty" });

/** A name as objects of Kubernetes have it. */
export const objectName = z
  .string({ error: "a name" })
  .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, { error: "a name of lower-case letters, digits, dashes and dots" });

/** A name, or a pattern for several: `*` stands for any signs, `?` for one. */
export const glob = z
  .string({ error: "a name or a pattern" })
  .regex(/^[-a-z0-9.*?]+$/, { error: "a name, in which * stands for any signs and ? for one" });

/** A number of things or tries from a least one. */
export function count(least: number) {
  const words = `a whole number from ${least}`;
  return z.int({ error: words }).min(least, { error: words });
}
