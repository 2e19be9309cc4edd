import { compact, isPlain } from "../../internal";
import { addQuantities, tryParseQuantity } from "../../model";
import { JOB_LABEL, type LineageMetadata } from "../object";
import { placeholder } from "./sweep-trial";
import { withLineage } from "./trial-lineage";

/** A manifest as it is handed over, of any kind. */
type Fields = Record<string, unknown>;

/**
 * A manifest as trials are made of it: without a name, which Katib gives, each trial with a name of its own where its pods find
 * each other by it, and with the lineage of its sweep where it has none.
 */
export function trialSpec(trial: Fields, lineage: LineageMetadata): Fields {
  const { status: _status, ...rest } = trial;
  const { name, namespace: _namespace, generateName: _generateName, ...kept } = (trial["metadata"] ?? {}) as Fields;
  const spec = withLineage(renamed({ ...rest, metadata: kept }, name) as Fields, lineage);
  return trial["apiVersion"] === "batch/v1" && trial["kind"] === "Job" ? (asKatibReads(spec) as Fields) : spec;
}

/**
 * Pods that are to run close to each other would else run close to those of all other trials, and those that find each other
 * by their host names would look for a job that is not there.
 */
function renamed(value: unknown, name: unknown): unknown {
  if (typeof name !== "string") return value;
  return mapped(value, (key, inner) => {
    if (typeof inner !== "string") return inner;
    return key === JOB_LABEL && inner === name ? placeholder("trialName") : renamedHost(inner, name);
  });
}

/**
 * The name of a host as JobSet gives it to a pod, `JOBSET-JOB-0-0.JOBSET`, in the JobSet of a trial; other texts stay.
 *
 * @see https://github.com/kubernetes-sigs/jobset/blob/v0.12.0/api/jobset/v1alpha2/jobset_types.go "EnableDNSHostnames"
 */
function renamedHost(text: string, jobSet: string): string {
  if (!text.startsWith(`${jobSet}-`) || !text.endsWith(`.${jobSet}`)) return text;
  const pod = text.slice(jobSet.length, -jobSet.length - 1);
  const trial = placeholder("trialName");
  return /^-[a-z0-9-]+-\d+-\d+$/.test(pod) ? `${trial}${pod}.${trial}` : text;
}

/**
 * A Job in the one spelling that Katib lets pass: it reads Jobs into its own types, writes them again, and refuses whatever
 * looks different then.
 *
 * @see https://github.com/kubeflow/katib/blob/v0.19.0/pkg/webhook/v1beta1/experiment/validator/validator.go `validatePatchJob`
 */
function asKatibReads(job: unknown): unknown {
  return mapped(job, (key, value) => {
    if (Array.isArray(value) && value.length === 0) return undefined;
    if (key === "value" && value === "") return undefined;
    if (key === "readOnly" && value === false) return undefined;
    if (key === "sizeLimit" && tryParseQuantity(value) !== undefined) return addQuantities(value as string);
    return value;
  });
}

/** Copies plain data with every property changed, innermost ones first; those that become undefined are left out. */
function mapped(value: unknown, change: (key: string, value: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((inner) => mapped(inner, change));
  if (!isPlain(value) || typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, change(key, mapped(inner, change))] as const);
  return compact(Object.fromEntries(entries));
}
