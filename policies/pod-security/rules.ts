import type { Rule } from "../engine/rule";
import { privilegedContainer } from "./privileged-container";

/** The rules of the pack. */
export const RULES: Rule[] = [privilegedContainer];
