import { z } from "zod";

/** A mapping that refuses unknown keys; its issues list the known ones as their message. */
export function mapping<Fields extends z.core.$ZodLooseShape>(fields: Fields) {
  const known = Object.keys(fields).join(", ");
  return z.strictObject(fields, { error: known });
}

/** Text that says something. */
export const nonEmptyText = z.string().min(1);

/** A number of things; its issues have what it is as their message. */
export const count = z.number({ error: "a whole number" });

/** A number that need not be whole; its issues have what it is as their message. */
export const amount = z.number({ error: "a number" });

/** Names with a text each. */
export const texts = z.record(z.string(), z.string(), { error: "a mapping of names to text" });
