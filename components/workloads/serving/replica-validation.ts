import { checkEnum, checkWholeNumber, type InputProblem, inputProblem, isPlain } from "../../internal";
import { PrometheusAuthMode, type PrometheusMetricArgs, type ReplicaArgs } from "./replica-args";
import { replicaRange } from "./replicas";

/** Metrics that do not tell whether a GPU has too much to do. */
const OF_THE_MACHINE = ["cpuPercent", "memoryPercent"];

/** What the number of pods follows from beside its own words. */
export interface ReplicaFacts {
  /** GPUs of each pod. */
  gpus: number;
  /** Arguments that pods may scale by, with what is given for each. */
  metrics: Record<string, unknown>;
  /** Whether something other than the pods themselves tells that they are needed, so that there may be none. */
  mayBeNone: boolean;
  /** Whether pods scale by something of their own where none of the metrics is given; false by default. */
  scalesByItself?: boolean;
}

/**
 * Checks how many pods there are and by what they scale.
 *
 * @param path where the arguments lie, with a dot at its end; empty at the top.
 */
export function checkReplicas(path: string, args: ReplicaArgs, facts: ReplicaFacts): InputProblem[] {
  const { gpus, metrics, mayBeNone } = facts;
  const given = Object.keys(metrics).filter((name) => metrics[name] !== undefined);
  const problems = [
    ...checkWholeNumber(`${path}replicas`, args.replicas, { min: mayBeNone ? 0 : 1 }),
    ...checkWholeNumber(`${path}maxReplicas`, args.maxReplicas, { min: 1 }),
    ...checkWholeNumber(`${path}cpuPercent`, args.cpuPercent, { min: 1, max: 100 }),
    ...checkPrometheus(`${path}prometheus`, args.prometheus),
  ];
  if (problems.length > 0) return problems;
  const ofRange = checkRange(path, args, gpus);
  return ofRange.length > 0 ? ofRange : checkMetrics(path, args, given, facts);
}

function checkRange(path: string, args: ReplicaArgs, gpus: number): InputProblem[] {
  const { replicas, maxReplicas } = args;
  if (replicas === 0 && maxReplicas === undefined) {
    return [
      inputProblem(`${path}maxReplicas`, maxReplicas, "a whole number from 1 with replicas 0", "Say how many at most."),
    ];
  }
  const { fewest, most } = replicaRange(args, gpus);
  if (most >= fewest) return [];
  const allowed = `replicas, ${fewest}, or more`;
  return [inputProblem(`${path}maxReplicas`, maxReplicas, allowed, "Raise it, or lower replicas.")];
}

/** A metric without room to scale, and room without a metric that means something, would both do nothing. */
function checkMetrics(path: string, args: ReplicaArgs, given: string[], facts: ReplicaFacts): InputProblem[] {
  const { gpus, metrics, scalesByItself = false } = facts;
  const { fewest, most } = replicaRange(args, gpus);
  if (most <= fewest) {
    const remedy = "Raise maxReplicas, or leave it out.";
    return given.map((name) =>
      inputProblem(`${path}${name}`, metrics[name], "nothing where pods do not scale", remedy),
    );
  }
  if (gpus === 0) return [];
  const others = Object.keys(metrics).filter((name) => !OF_THE_MACHINE.includes(name));
  const why = "Use of CPU and memory tells nothing of GPUs.";
  const remedy = others.length === 0 ? why : `Scale by ${others.join(" or ")}. ${why}`;
  const mute = given.filter((name) => OF_THE_MACHINE.includes(name));
  if (mute.length > 0) {
    return mute.map((name) => inputProblem(`${path}${name}`, metrics[name], "nothing with GPUs", remedy));
  }
  if (given.length > 0 || scalesByItself) return [];
  return [inputProblem(`${path}maxReplicas`, args.maxReplicas, "replicas, with GPUs and nothing to scale by", remedy)];
}

function checkPrometheus(path: string, metric: PrometheusMetricArgs | undefined): InputProblem[] {
  if (metric === undefined) return [];
  const { query, threshold, serverAddress, authentication } = metric;
  const isAddress = !isPlain(serverAddress) || /^https?:\/\/[^\s/]+/.test(serverAddress);
  return [
    ...checkText(`${path}.query`, query, "a query", "Write it in Prometheus' language."),
    ...(threshold > 0 && Number.isFinite(threshold)
      ? []
      : [inputProblem(`${path}.threshold`, threshold, "a number above 0", "Say how much each pod is for.")]),
    ...(isAddress
      ? []
      : [inputProblem(`${path}.serverAddress`, serverAddress, "an address", "Write it like http://prometheus:9090.")]),
    ...(authentication === undefined
      ? []
      : [
          ...checkText(`${path}.authentication.name`, authentication.name, "a name", "Name a TriggerAuthentication."),
          ...checkEnum(`${path}.authentication.mode`, authentication.mode, PrometheusAuthMode),
        ]),
  ];
}

/** Checks that a text is there, as far as it is known. */
export function checkText(path: string, text: unknown, allowed: string, remedy: string): InputProblem[] {
  const isMissing = text === undefined || (typeof text === "string" && text.trim() === "");
  return isMissing ? [inputProblem(path, text, allowed, remedy)] : [];
}
