import type { Rule } from "../../engine/rule";
import { RULES as ADVICE } from "./advice/rules";
import { RULES as LAYERS } from "./layers/rules";
import { RULES as PROOFS } from "./proofs/rules";

/** Rules that prove before anything is spent that a stack can work: all layers agree, and nothing is wasted. */
export const RULES: Rule[] = [...LAYERS, ...PROOFS, ...ADVICE];
