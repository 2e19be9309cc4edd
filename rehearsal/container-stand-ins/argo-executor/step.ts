import type { V1Pod } from "@kubernetes/client-node";

/** Pods of workflows that Argo is not done with. */
export const STEP_PODS = "workflows.argoproj.io/workflow,workflows.argoproj.io/completed=false";

/** An output parameter of a template, and where its value comes from. */
export interface OutputParameter {
  name: string;
  value?: unknown;
  valueFrom?: { path?: string; default?: unknown; jsonPath?: string; jqFilter?: string };
}

/** An artifact; where it is kept is under the name of the kind of store, such as `s3`. */
export interface Artifact {
  name: string;
  path?: string;
  archive?: { none?: object; zip?: object; tar?: object };
  optional?: boolean;
  [store: string]: unknown;
}

/** What a `resource` template does. */
export interface ResourceTemplate {
  action: string;
  manifest?: string;
  manifestFrom?: object;
  mergeStrategy?: string;
  flags?: string[];
  successCondition?: string;
  failureCondition?: string;
}

/** The template of a step as far as its executor needs it, with all variables replaced. */
export interface StepTemplate {
  name: string;
  resource?: ResourceTemplate;
  outputs?: { parameters?: OutputParameter[]; artifacts?: Artifact[] };
  /** Where artifacts go that name no place of their own; under the name of the kind of store. */
  archiveLocation?: Record<string, unknown>;
}

/** Text in place of a template that is too large for a variable. */
const OFFLOADED = "offloaded";

const TEMPLATE_VARIABLE = "ARGO_TEMPLATE";

/**
 * The template that a pod was made from, which its init container is given.
 *
 * @param configMap reads the ConfigMap that has what is too large.
 */
export async function templateOf(
  pod: V1Pod,
  configMap: (name: string) => Promise<Record<string, string> | undefined>,
): Promise<StepTemplate | undefined> {
  const variables = (pod.spec?.initContainers ?? []).flatMap(({ env = [] }) => env);
  const value = variables.find(({ name }) => name === TEMPLATE_VARIABLE)?.value;
  const text = value === OFFLOADED ? (await configMap(pod.metadata?.name ?? ""))?.[TEMPLATE_VARIABLE] : value;
  return text === undefined ? undefined : (JSON.parse(text) as StepTemplate);
}

/** Whether somebody asks for what the program printed. */
export function tellsResult(pod: V1Pod): boolean {
  const variables = pod.spec?.containers.flatMap(({ env = [] }) => env) ?? [];
  return variables.some(({ name, value }) => name === "ARGO_INCLUDE_SCRIPT_OUTPUT" && value === "true");
}
