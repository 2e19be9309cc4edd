import { checkWholeNumber, type InputProblem, inputProblem, isPlain } from "../../internal";
import type { HardwareFacts } from "./hardware";
import { checkHardware } from "./hardware-validation";
import type { PodArgs } from "./pod-args";
import type { ProgramArgs } from "./program-args";
import { checkSimulation } from "./simulation";
import { checkVolumes } from "./volume-validation";

/**
 * Checks what a pod runs and asks for, as far as it is known.
 *
 * @param path where the arguments lie, with a dot at its end, for example `worker.`; empty at the top.
 */
export function checkPod(path: string, pod: PodArgs, facts: HardwareFacts): InputProblem[] {
  return [...checkProgram(path, pod), ...checkHardware(path, pod, facts), ...checkVolumes(path, pod, facts)];
}

/** Checks what pods run, as far as it is known; volumes are checked with the hardware, of which shared memory is one. */
export function checkProgram(path: string, program: ProgramArgs): InputProblem[] {
  return [
    ...checkImage(`${path}image`, program.image),
    ...checkEnvironment(path, program),
    ...checkWholeNumber(`${path}runAsUser`, program.runAsUser, { min: 1 }),
    ...checkSimulation(path, program.annotations),
  ];
}

/** Checks that there is an image, as far as it is known. */
export function checkImage(path: string, image: ProgramArgs["image"] | undefined): InputProblem[] {
  const empty = image === undefined || (isPlain(image) && image.trim() === "");
  if (!empty) return [];
  return [inputProblem(path, image, "an image with a tag or digest", "Name the image to run.")];
}

/** Kubernetes accepts more, but these are the names that every shell and language can read. */
const variableName = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Checks the names of environment variables. */
export function checkEnvironment(
  path: string,
  { env = {}, secretEnv = {} }: Pick<ProgramArgs, "env" | "secretEnv">,
): InputProblem[] {
  const variables = [
    ...Object.keys(env).map((key) => ({ key, isSecret: false, at: `${path}env["${key}"]` })),
    ...Object.keys(secretEnv).map((key) => ({ key, isSecret: true, at: `${path}secretEnv["${key}"]` })),
  ];
  return variables.flatMap(({ key, isSecret, at }) => {
    if (key === "NVIDIA_VISIBLE_DEVICES") {
      const remedy = "Ask for GPUs with gpus; the variable would reach those of other pods.";
      return [inputProblem(at, key, "any variable but this", remedy)];
    }
    if (!variableName.test(key)) {
      return [inputProblem(at, key, "letters, digits and underscores, no digit first", "Rename the variable.")];
    }
    if (isSecret && key in env) {
      return [inputProblem(at, key, "a variable that env does not set too", "Remove it from one of the two.")];
    }
    return [];
  });
}
