import type { ResourceRule, Values } from "../../../../policies/engine/rule";
import { analyze, lines, type TestResource } from "../../analyzer";

/** A Kubernetes object `ml/it` as Pulumi sends it. */
export function object(apiVersion: string, kind: string, fields: object, metadata: object = {}): TestResource {
  const version = apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`;
  const props = { apiVersion, kind, metadata: { name: "it", namespace: "ml", ...metadata }, ...fields };
  return { type: `kubernetes:${version}:${kind}`, name: "it", props };
}

/** A workflow of Argo with one template, changed as the test wants it. */
export function workflow(spec: object = {}, kind = "Workflow"): TestResource {
  const whole = { entrypoint: "main", templates: [{ name: "main", container: { image: "tool:1" } }], ...spec };
  return object("argoproj.io/v1alpha1", kind, { spec: kind === "CronWorkflow" ? { workflowSpec: whole } : whole });
}

/** A Spark application of the operator with a driver and executors. */
export function spark(spec: object = {}, kind = "SparkApplication"): TestResource {
  const whole = { type: "Python", driver: { serviceAccount: "spark" }, executor: { instances: 2 }, ...spec };
  const fields = { spec: kind === "ScheduledSparkApplication" ? { schedule: "@daily", template: whole } : whole };
  return object("sparkoperator.k8s.io/v1beta2", kind, fields);
}

/** An InferenceService with a predictor that runs a container of its own. */
export function service(predictor: object = {}, more: object = {}, mode?: unknown): TestResource {
  const containers = [{ name: "kserve-container", image: "server:1" }];
  const metadata = mode === undefined ? {} : { annotations: { "serving.kserve.io/deploymentMode": mode } };
  const spec = { predictor: { containers, ...predictor }, ...more };
  return object("serving.kserve.io/v1beta1", "InferenceService", { spec }, metadata);
}

/** A Helm release of a chart. */
export function release(chart: unknown, values: object, more: object = {}): TestResource {
  return { type: "kubernetes:helm.sh/v3:Release", name: "it", props: { chart, values, ...more } };
}

/** What a rule says of a resource, as lines of level and message. */
export function judged<P extends Values>(rule: ResourceRule<P>, resource: TestResource, parameters?: Values): string[] {
  const config = parameters && { [rule.family]: { rules: { [rule.id]: parameters } } };
  return lines(analyze([rule], resource, config));
}

/** The line that tells that a rule cannot decide before some paths are known. */
export function notKnown<P extends Values>(rule: ResourceRule<P>, object: string, ...paths: string[]): string {
  return (
    `advisory [${rule.id}] ${object}: ${paths.join(", ")} is not known yet; allowed: a value that keeps ` +
    `"${rule.title}". It is judged at update, before the object is created.`
  );
}
