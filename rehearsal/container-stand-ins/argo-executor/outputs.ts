import { basename, posix } from "node:path";
import type { V1Pod } from "@kubernetes/client-node";
import { type Artifact, type OutputParameter, type StepTemplate, tellsResult } from "./step";

/** Annotation that tells the outputs of a step: a JSON object of parameters, in which `result` is what it printed. */
const OUTPUTS_ANNOTATION = "mlstack.dev/simulate-outputs";

/** Outputs as a `WorkflowTaskResult` has them. */
export interface Outputs {
  parameters?: { name: string; value: string }[];
  artifacts?: Artifact[];
  result?: string;
}

/** Said in place of an output that nobody tells. */
export function untold(name: string): string {
  return `simulated-${name}`;
}

/** What a program would have left behind, had it run. @throws Error where the annotation or a place of an artifact is wrong. */
export function outputsOf(pod: V1Pod, template: StepTemplate): Outputs {
  const told = toldOutputs(pod);
  const { parameters = [], artifacts = [] } = template.outputs ?? {};
  const unknown = Object.keys(told).filter((key) => key !== "result" && !parameters.some(({ name }) => name === key));
  if (unknown.length > 0) {
    const known = parameters.map(({ name }) => name).join(", ") || "none";
    throw new Error(`${OUTPUTS_ANNOTATION} names ${unknown.join(", ")}; output parameters of the step are: ${known}`);
  }
  return {
    ...(parameters.length === 0 ? {} : { parameters: parameters.map((each) => parameterOf(each, told)) }),
    ...(artifacts.length === 0 ? {} : { artifacts: artifacts.map((each) => kept(each, template)) }),
    ...(tellsResult(pod) ? { result: told["result"] ?? untold("result") } : {}),
  };
}

function toldOutputs(pod: V1Pod): Record<string, string> {
  const text = pod.metadata?.annotations?.[OUTPUTS_ANNOTATION];
  if (text === undefined) return {};
  let told: unknown;
  try {
    told = JSON.parse(text);
  } catch {
    told = undefined;
  }
  if (typeof told !== "object" || told === null || Array.isArray(told)) {
    throw new Error(`${OUTPUTS_ANNOTATION} must be a JSON object, and is ${text}`);
  }
  const entries = Object.entries(told).map(([name, value]) => [name, asText(value)] as const);
  return Object.fromEntries(entries);
}

function parameterOf({ name, value, valueFrom }: OutputParameter, told: Record<string, string>) {
  const known = told[name] ?? value ?? valueFrom?.default;
  return { name, value: known === undefined ? untold(name) : asText(known) };
}

/**
 * An artifact with the place that it is kept at: its own, else one in the folder of the step.
 *
 * @see https://github.com/argoproj/argo-workflows/blob/v4.0.5/workflow/executor/executor.go `saveArtifactFromFile`
 */
function kept(artifact: Artifact, { archiveLocation = {} }: StepTemplate): Artifact {
  const store = STORES.find(({ kind, key }) => (artifact[kind] as Record<string, unknown> | undefined)?.[key]);
  if (store !== undefined) return artifact;
  for (const { kind, key } of STORES) {
    const folder = (archiveLocation[kind] as Record<string, unknown> | undefined)?.[key];
    if (typeof folder === "string") return { ...artifact, [kind]: { [key]: posix.join(folder, fileOf(artifact)) } };
  }
  throw new Error(`the artifact ${artifact.name} has no place to be kept at: no artifact repository is configured`);
}

/** What stores call the place of an artifact. */
const STORES = [
  ...["s3", "gcs", "oss", "plugin"].map((kind) => ({ kind, key: "key" })),
  { kind: "azure", key: "blob" },
  { kind: "hdfs", key: "path" },
  { kind: "http", key: "url" },
];

function fileOf({ name, path = "", archive }: Artifact): string {
  if (archive?.none) return basename(path);
  return archive?.zip ? `${name}.zip` : `${name}.tgz`;
}

/** A value as programs write it. */
export function asText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
