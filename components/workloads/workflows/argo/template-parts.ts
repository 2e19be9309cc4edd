import { compact, nonEmpty } from "../../../internal";
import type {
  InputArtifact,
  InputParameter,
  LockArgs,
  OutputArtifact,
  RetryArgs,
  RetryPolicy,
  StepInputs,
  StepTemplate,
} from "../definition";
import { inputPath, outputPath } from "./paths";

/** A template as Argo spells it. */
export interface ArgoTemplate {
  name: string;
  [field: string]: unknown;
}

/** Tries after the first of steps whose author says nothing. */
const DEFAULT_RETRIES = 2;
const DEFAULT_DELAY_SECONDS = 30;
const DEFAULT_DELAY_FACTOR = 2;
const DEFAULT_MAX_DELAY_SECONDS = 600;

/** Where the store keeps an artifact that may say its key itself; undefined for where the cluster's repository would. */
export type ArtifactLocation = (artifact: string, key?: string) => object | undefined;

/** The inputs of a template. `location` is where a container finds those that have a key; others know no paths and keys. */
export function argoInputs({ parameters = [], artifacts = [] }: StepInputs = {}, location?: ArtifactLocation) {
  return emptyAsUndefined({
    parameters: nonEmpty(parameters.map(argoInput)),
    artifacts: nonEmpty(artifacts.map((each) => argoInputArtifact(each, location))),
  });
}

/** An object, or undefined where nothing in it is defined. */
export function emptyAsUndefined<T extends object>(object: T) {
  const given = compact(object);
  return Object.keys(given).length > 0 ? given : undefined;
}

/** A parameter as the inputs of templates have it. */
export function argoInput({ name, defaultValue, options, description }: InputParameter) {
  return compact({ name, default: defaultValue, enum: options, description });
}

function argoInputArtifact(artifact: InputArtifact, location: ArtifactLocation | undefined) {
  const { name, optional, key } = artifact;
  if (location === undefined) return compact({ name, optional });
  return {
    ...compact({ name, path: inputPath(artifact), optional }),
    ...(key === undefined ? {} : location(name, key)),
  };
}

/** The outputs of a container. */
export function containerOutputs({ outputs = {} }: StepTemplate, location: ArtifactLocation) {
  const parameters = (outputs.parameters ?? []).map((each) => ({
    name: each.name,
    valueFrom: compact({ path: outputPath(each), default: each.defaultValue }),
  }));
  const artifacts = (outputs.artifacts ?? []).map((each) => outputArtifact(each, location));
  return emptyAsUndefined({ parameters: nonEmpty(parameters), artifacts: nonEmpty(artifacts) });
}

function outputArtifact(artifact: OutputArtifact, location: ArtifactLocation) {
  const { name, optional, archived = false, key } = artifact;
  const archive = archived ? undefined : { none: {} };
  return { ...compact({ name, path: outputPath(artifact), optional, archive }), ...location(name, key) };
}

/**
 * How often and when a step is tried again; undefined for never.
 *
 * @see https://argo-workflows.readthedocs.io/en/release-4.0/retries/: both the policy and the expression must hold
 */
export function retryStrategy(retry: RetryArgs = {}, defaultPolicy: RetryPolicy) {
  const { limit = DEFAULT_RETRIES, permanentExitCodes = [] } = retry;
  if (limit === 0) return undefined;
  const codes = [...new Set(permanentExitCodes)].sort((a, b) => a - b).join(", ");
  return compact({
    limit: String(limit),
    retryPolicy: retry.policy ?? defaultPolicy,
    backoff: {
      duration: `${retry.delaySeconds ?? DEFAULT_DELAY_SECONDS}s`,
      factor: String(retry.factor ?? DEFAULT_DELAY_FACTOR),
      cap: `${retry.maxDelaySeconds ?? DEFAULT_MAX_DELAY_SECONDS}s`,
    },
    expression: codes === "" ? undefined : `asInt(lastRetry.exitCode) not in [${codes}]`,
  });
}

/** What must be free before something starts. */
export function synchronization({ mutexes = [], semaphores = [] }: LockArgs) {
  return emptyAsUndefined({
    mutexes: nonEmpty(mutexes.map((name) => ({ name }))),
    semaphores: nonEmpty(semaphores.map(({ configMap, key }) => ({ configMapKeyRef: { name: configMap, key } }))),
  });
}
