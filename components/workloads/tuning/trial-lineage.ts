import { compact, isPlain } from "../../internal";
import type { LineageMetadata } from "../object";

/** Part of a manifest as it is handed over, of any kind. */
type Fields = Record<string, unknown>;

/** A trial's spec with a lineage wherever labels and annotations of its pods stand. */
type PodsWithLineage = (spec: Fields, lineage: LineageMetadata) => unknown;

/**
 * Kinds that say labels and annotations of their pods elsewhere than in pod templates. Fields of the driver and the executors
 * are those of metadata; `podMetadata` holds for all pods whose template says nothing else.
 *
 * @see https://github.com/kubeflow/spark-operator/blob/v2.5.2/api/v1beta2/sparkapplication_types.go "SparkPodSpec" and
 * https://argo-workflows.readthedocs.io/en/release-4.0/fields/#workflowspec
 */
const ELSEWHERE: Record<string, PodsWithLineage> = {
  SparkApplication: (spec, lineage) => ({
    ...spec,
    driver: withMetadata(spec["driver"], lineage),
    executor: withMetadata(spec["executor"], lineage),
  }),
  Workflow: (spec, lineage) => ({ ...spec, podMetadata: withMetadata(spec["podMetadata"], lineage) }),
};

/** A trial whose object and pods carry a lineage. What the trial says of its own stays as it is. */
export function withLineage(trial: Fields, ofSweep: LineageMetadata): Fields {
  const { annotations } = ofSweep;
  const labels = withoutLabelsOfRun(ofSweep.labels, trial["spec"]);
  if (Object.keys({ ...labels, ...annotations }).length === 0) return trial;
  const lineage = { labels, annotations };
  const inPods = ELSEWHERE[String(trial["kind"])] ?? inTemplates;
  const spec = isFields(trial["spec"]) ? inPods(trial["spec"], lineage) : trial["spec"];
  return compact({ ...trial, metadata: withMetadata(trial["metadata"], lineage), spec });
}

/** Argo itself labels a run, for example with the hash of what it is given, which is another one in each trial. */
function withoutLabelsOfRun(labels: LineageMetadata["labels"], spec: unknown): LineageMetadata["labels"] {
  const metadata = isFields(spec) ? spec["workflowMetadata"] : undefined;
  if (!isFields(metadata)) return labels;
  const ofRun = [metadata["labels"], metadata["labelsFrom"]].filter(isFields).flatMap(Object.keys);
  return Object.fromEntries(Object.entries(labels).filter(([key]) => !ofRun.includes(key)));
}

/** The same for every pod template inside, however deep: operators nest them differently. */
function inTemplates(value: unknown, lineage: LineageMetadata): unknown {
  if (Array.isArray(value)) return value.map((inner) => inTemplates(inner, lineage));
  if (!isFields(value)) return value;
  const entries = Object.entries(value).map(([key, inner]) => {
    const whole = inTemplates(inner, lineage);
    if (key !== "template" || !isPodTemplate(whole)) return [key, whole] as const;
    return [key, { ...whole, metadata: withMetadata(whole["metadata"], lineage) }] as const;
  });
  return Object.fromEntries(entries);
}

/** Templates of Jobs inside a JobSet have neither, and patches of pods may have metadata alone. */
function isPodTemplate(value: unknown): value is Fields {
  if (!isFields(value)) return false;
  const { metadata, spec } = value;
  return isFields(metadata) || (isFields(spec) && Array.isArray(spec["containers"]));
}

/** What only the engine knows stays as it is. */
function withMetadata(metadata: unknown, { labels, annotations }: LineageMetadata): unknown {
  if (metadata !== undefined && !isFields(metadata)) return metadata;
  const own = metadata ?? {};
  return compact({
    ...own,
    labels: completed(own["labels"], labels),
    annotations: completed(own["annotations"], annotations),
  });
}

function completed(own: unknown, ofSweep: Fields): unknown {
  if (own !== undefined && !isFields(own)) return own;
  return Object.keys(ofSweep).length === 0 ? own : { ...ofSweep, ...own };
}

function isFields(value: unknown): value is Fields {
  return isPlain(value) && typeof value === "object" && value !== null && !Array.isArray(value);
}
