import type * as pulumi from "@pulumi/pulumi";
import { type InputProblem, inputProblem } from "../../internal";
import { SIMULATE_ANNOTATION } from "../../model";

const ENDINGS = ["succeed", "fail", "run"];
const DURATION = /^after=\d+(\.\d+)?(ms|s|m|h)$/;
const FAIL_FIRST = /^fail-first=\d+$/;
const EXIT_CODE = /^exit=(\d|[1-9]\d|1\d\d|2[0-4]\d|25[0-5])$/;

/** Checks the annotation, if it is known: simulated nodes let a pod run for ever whose annotation they cannot read. */
export function checkSimulation(path: string, annotations: Record<string, pulumi.Input<string>> = {}): InputProblem[] {
  const simulation = annotations[SIMULATE_ANNOTATION];
  if (typeof simulation !== "string" || isSimulation(simulation)) return [];
  const allowed =
    "succeed, fail or run, and after one space each perhaps after= with a number in ms, s, m or h, " +
    "exit= with 0 to 255, and fail-first= with a number of tries";
  return [
    inputProblem(
      `${path}annotations["${SIMULATE_ANNOTATION}"]`,
      simulation,
      allowed,
      'Write it like "fail after=3s exit=137".',
    ),
  ];
}

function isSimulation(text: string): boolean {
  const [ending = "", ...options] = text.split(" ");
  const times = (option: RegExp) => options.filter((word) => option.test(word)).length;
  const found = [DURATION, EXIT_CODE, FAIL_FIRST].map(times);
  const known = found.reduce((sum, count) => sum + count, 0);
  return ENDINGS.includes(ending) && found.every((count) => count <= 1) && known === options.length;
}
