import {
  arrayAt,
  isTreeObject,
  isUnknown,
  pathInContainer,
  type ContainerAt,
  type Tree,
} from "../../../components/model";
import { nodeAtPath } from "../../engine/path";
import { containerValue, type PodGroup } from "../../engine/pods";
import { undecided, type Judgement } from "../../engine/rule";
import type { Subject } from "../../engine/subject";
import type { Truth } from "../../engine/truth";

/** Something that arguments or environment variables turn on. */
export interface Switch {
  /** Whether an argument, with the one behind it, turns it on. */
  isOn: (argument: string, next: Tree) => Truth;
  /** Environment variables that turn it on with a value such as `1`. */
  variables: string[];
  report: (path: string) => Judgement;
}

/** Texts by which a container is known to load models, so that what is not known of its arguments matters. */
const LOADERS = /vllm|sglang|text-generation|hugging|transformers|torch|model/i;

const YES = /^(true|1|y|yes|on)$/i;

/**
 * Judges whether a container turns something on. What a variable of Argo or Katib decides is left alone, as no update
 * shows it either.
 */
export function* judgeSwitch({ tree }: Subject, at: ContainerAt, pods: PodGroup, given: Switch): Iterable<Judgement> {
  const [command, args, env, image] = ["command", "args", "env", "image"].map((field) =>
    containerValue(pods, at, field),
  );
  const words = [image, ...arrayAt({ command }, "command"), ...arrayAt({ args }, "args")];
  const isLoader = words.some((word) => typeof word === "string" && LOADERS.test(word));
  const found = [
    ...judgeArguments(command, pathInContainer(at, "command"), given),
    ...judgeArguments(args, pathInContainer(at, "args"), given),
    ...judgeVariables(env, pathInContainer(at, "env"), given),
  ];
  yield* found.filter(
    (judgement) => !("undecidedPath" in judgement) || (isLoader && isUnknownAt(tree, judgement.undecidedPath)),
  );
}

/** Whether the object itself has something at a path, or above it, that is not known yet. */
function isUnknownAt(tree: Tree, path: string): boolean {
  return isUnknown(nodeAtPath(tree, path));
}

/** Whether a text says yes, as shells and Python do. */
export function isYes(text: Tree): boolean {
  return typeof text === "string" && YES.test(text);
}

function judgeArguments(given: Tree, path: string, { isOn, report }: Switch): Judgement[] {
  if (isUnknown(given)) return [undecided(path)];
  const list = arrayAt({ given }, "given");
  return list.flatMap((argument, index): Judgement[] => {
    const at = `${path}[${index}]`;
    if (isUnknown(argument)) return [undecided(at)];
    const truth = typeof argument === "string" && isOn(argument, list[index + 1]);
    if (isUnknown(truth)) return [undecided(`${path}[${index + 1}]`)];
    return truth ? [report(at)] : [];
  });
}

function judgeVariables(env: Tree, path: string, { variables, report }: Switch): Judgement[] {
  if (isUnknown(env)) return [undecided(path)];
  return arrayAt({ env }, "env").flatMap((variable, index): Judgement[] => {
    const at = `${path}[${index}]`;
    if (isUnknown(variable)) return [undecided(at)];
    if (!isTreeObject(variable)) return [];
    const { name, value } = variable;
    if (isUnknown(name)) return isYes(value) ? [undecided(`${at}.name`)] : [];
    if (typeof name !== "string" || !variables.includes(name)) return [];
    if (isUnknown(value)) return [undecided(`${at}.value`)];
    return isYes(value) ? [report(`${at}.value`)] : [];
  });
}
