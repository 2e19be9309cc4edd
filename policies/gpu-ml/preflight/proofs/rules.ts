import type { Rule } from "../../../engine/rule";
import { costCeilings } from "./cost-ceilings";
import { placement } from "./placement";

/** Rules that read the plan of a stack: where its pods run, and what it costs. */
export const RULES: Rule[] = [placement, costCeilings];
