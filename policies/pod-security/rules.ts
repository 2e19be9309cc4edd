import type { Rule } from "../engine/rule";
import { RULES as PRACTICES } from "./practices/rules";
import { RULES as STANDARDS } from "./standards/rules";

/** The rules of the pack. */
export const RULES: Rule[] = [...STANDARDS, ...PRACTICES];
