/** Namespace of the scenarios. */
export const SCENARIO_NAMESPACE = "ml";

/** Namespaces that the workloads of an environment lie in. */
export function scenarioNamespaces(names: readonly unknown[]): string[] {
  return names.length === 0 ? [] : [SCENARIO_NAMESPACE];
}
