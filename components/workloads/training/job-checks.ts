import { checkWholeNumber, type InputProblem, inputProblem } from "../../internal";
import { checkObject, type NameRoom, type ObjectArgs, checkServiceName } from "../object";
import {
  checkEnvironment,
  checkHardware,
  checkImage,
  checkSimulation,
  type HardwareArgs,
  type HardwareFacts,
  type JobVolume,
  type ProgramArgs,
  type ProgramOptions,
} from "../pods";

/** What a controller keeps to itself in the pods of a job. */
export interface Reserved {
  /** Who sets it, to be read after "what", for example `the training operator`. */
  owner: string;
  /** Variables: they would be set a second time, and the controller's word is the last. */
  variables: readonly string[];
  /** Names of volumes; none by default. */
  volumes?: readonly string[];
  /** Paths at which these are mounted; none by default. */
  mountPaths?: readonly string[];
}

/**
 * Checks the object of a job whose pods get services by their names, which start with a letter as services do.
 *
 * @param suffixes what the controller adds to the name for its pods and services; the longest one counts.
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#rfc-1035-label-names (Kubernetes 1.36)
 */
export function checkTrainingObject(name: string, args: ObjectArgs, suffixes: string[]): InputProblem[] {
  const objectName = args.objectName ?? name;
  const longest = suffixes.reduce((a, b) => (b.length > a.length ? b : a), "");
  const room: NameRoom = { taken: longest.length, reason: `as "${longest}" is added to it` };
  return [...checkObject(name, args, room), ...checkServiceName(objectName)];
}

/**
 * Checks a program whose image may come from elsewhere; volumes are checked with the hardware.
 *
 * @param path where its arguments lie, with a dot at its end, for example `workers.`; empty at the top.
 */
export function checkProgramOptions(path: string, given: Partial<ProgramArgs>): InputProblem[] {
  return [
    ...(given.image === undefined ? [] : checkImage(`${path}image`, given.image)),
    ...checkEnvironment(path, given),
    ...checkWholeNumber(`${path}runAsUser`, given.runAsUser, { min: 1 }),
    ...checkSimulation(path, given.annotations),
  ];
}

/**
 * Checks what pods ask for that have GPUs by default, and may be asked to have none.
 *
 * @param path where the arguments lie, with a dot at its end, for example `workers.`; empty at the top.
 */
export function checkNodeHardware(path: string, args: HardwareArgs, facts: HardwareFacts): InputProblem[] {
  return checkHardware(path, args, args.gpus === undefined ? facts : { ...facts, defaultGpus: 0 });
}

/**
 * Checks that a program leaves alone what the controller sets.
 *
 * @param path where its arguments lie, with a dot at its end, for example `workers.`; empty at the top.
 */
export function checkReserved(path: string, program: ProgramOptions, reserved: Reserved): InputProblem[] {
  const variables = (["env", "secretEnv"] as const).flatMap((list) =>
    Object.keys(program[list] ?? {}).map((key) => ({ key, at: `${path}${list}["${key}"]` })),
  );
  const wrong = variables.filter(({ key }) => reserved.variables.includes(key));
  return [
    ...wrong.map(({ key, at }) => inputProblem(at, key, `what ${reserved.owner} does not set`, "Remove the variable.")),
    ...(program.volumes ?? []).flatMap((volume, index) => checkVolume(`${path}volumes[${index}]`, volume, reserved)),
  ];
}

function checkVolume(at: string, { name, mountPath }: JobVolume, reserved: Reserved): InputProblem[] {
  const { owner, volumes = [], mountPaths = [] } = reserved;
  const allowed = `what ${owner} does not use`;
  return [
    ...(volumes.includes(name) ? [inputProblem(`${at}.name`, name, allowed, "Choose another name.")] : []),
    ...(mountPaths.includes(mountPath)
      ? [inputProblem(`${at}.mountPath`, mountPath, allowed, "Mount it elsewhere.")]
      : []),
  ];
}
