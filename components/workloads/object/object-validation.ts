import {
  checkDnsLabel,
  checkEnum,
  checkLabelKey,
  checkLabelValue,
  checkWholeNumber,
  type InputProblem,
  inputProblem,
  isPlain,
} from "../../internal";
import { QUEUE_LABEL } from "../../model";
import { JOB_LABEL, QUEUE_PRIORITY_LABEL, ROLE_LABEL } from "./labels";
import { checkLineage, COMMIT_LABEL, PARAMETERS_LABEL } from "./lineage";
import type { ObjectArgs } from "./object-args";
import { Closeness, type GangArgs, type QueueArgs } from "./queue-args";
import type { RunArgs } from "./run-args";

/** Labels that are set from arguments; given by hand, they would contradict them. */
const OWN_LABELS = [JOB_LABEL, ROLE_LABEL, COMMIT_LABEL, PARAMETERS_LABEL, QUEUE_LABEL, QUEUE_PRIORITY_LABEL];

/** A DNS label is as long as this at most. */
const LONGEST_LABEL = 63;

/** Why a name must be shorter than a DNS label may be. */
export interface NameRoom {
  /** Characters that controllers add to it. */
  taken: number;
  /** For whom, to be read after "at most 52 characters", for example `with 10 pods`. */
  reason: string;
}

/** Checks what every workload's object has, as far as it is known. */
export function checkObject(name: string, args: ObjectArgs, room?: NameRoom): InputProblem[] {
  return [
    ...checkObjectName(args.objectName ?? name, room),
    ...(isPlain(args.namespace) ? checkDnsLabel("namespace", args.namespace) : []),
    ...Object.entries(args.labels ?? {}).flatMap(([key, value]) => checkLabel(key, value)),
    ...checkLineage(args.lineage),
  ];
}

/**
 * Checks the name of an object that Services are called after, which must not begin with a digit.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#rfc-1035-label-names (Kubernetes 1.36)
 */
export function checkServiceName(objectName: string): InputProblem[] {
  if (!/^\d/.test(objectName)) return [];
  const remedy = "Services are called after it; put a letter before it.";
  return [inputProblem("objectName", objectName, "a name that begins with a letter", remedy)];
}

/** Checks how an update waits for a run. */
export function checkRun({ waitForCompletion, waitSeconds }: RunArgs): InputProblem[] {
  const isIdle = waitSeconds !== undefined && waitForCompletion !== true;
  return [
    ...checkWholeNumber("waitSeconds", waitSeconds, { min: 1 }),
    ...(isIdle
      ? [
          inputProblem(
            "waitSeconds",
            waitSeconds,
            "nothing without waitForCompletion",
            "Set waitForCompletion to true.",
          ),
        ]
      : []),
  ];
}

/** Checks how a workload waits. */
export function checkQueue(args: QueueArgs): InputProblem[] {
  return [
    ...(isPlain(args.queue) ? checkDnsLabel("queue", args.queue) : []),
    ...(args.queuePriority === undefined ? [] : checkDnsLabel("queuePriority", args.queuePriority)),
  ];
}

/** Checks how a workload of several pods waits and is placed. */
export function checkGang(args: GangArgs): InputProblem[] {
  const clash = args.gang === false && args.topology?.byQueue === true;
  return [
    ...checkQueue(args),
    ...(args.topology === undefined ? [] : checkLevel(args.topology.level)),
    ...(clash ? [inputProblem("gang", false, "true with topology.byQueue", "Kueue places gangs only.")] : []),
  ];
}

function checkLevel(level: string | undefined): InputProblem[] {
  if (level !== undefined) return checkEnum("topology.level", level, Closeness);
  const allowed = Object.values(Closeness).join(", ");
  return [inputProblem("topology.level", level, allowed, "Say how close pods must be.")];
}

function checkObjectName(objectName: string, room: NameRoom = { taken: 0, reason: "" }): InputProblem[] {
  const longest = LONGEST_LABEL - room.taken;
  const isTooLong = objectName.length <= LONGEST_LABEL && objectName.length > longest;
  const allowed = `at most ${longest} characters ${room.reason}`;
  return [
    ...checkDnsLabel("objectName", objectName),
    ...(isTooLong ? [inputProblem("objectName", objectName, allowed, "Shorten it.")] : []),
  ];
}

function checkLabel(key: string, value: unknown): InputProblem[] {
  const path = `labels["${key}"]`;
  if (OWN_LABELS.includes(key)) {
    return [inputProblem(path, value, "only what the workload itself sets there", "Remove the label.")];
  }
  return [...checkLabelKey(path, key), ...(typeof value === "string" ? checkLabelValue(path, value) : [])];
}
