import type { Rule } from "../../../../policies/engine/rule";
import { Subject } from "../../../../policies/engine/subject";
import { analyzeStack, asProxy, lines, urnOf, type TestConfig, type TestResource } from "../../analyzer";

/** What stack policies built from a rule say of some resources, with level and message. */
export function said(rule: Rule, resources: TestResource[], config?: TestConfig): string[] {
  return lines(analyzeStack([rule], resources, config));
}

/** A resource as rules see it. */
export function subjectOf(resource: TestResource): Subject {
  const { type, name = "it", props } = resource;
  return new Subject({ type, name, urn: urnOf(resource), props: asProxy(props) });
}

/** A Kubernetes object in namespace `ml`, unless its metadata say otherwise. */
export function object(apiVersion: string, kind: string, name: string, rest: object = {}, metadata = {}): TestResource {
  const version = apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`;
  const props = { apiVersion, kind, metadata: { name, namespace: "ml", ...metadata }, ...rest };
  return { type: `kubernetes:${version}:${kind}`, name, props };
}

/** A container that asks for so many of a resource. */
export function container(amount?: unknown, resource = "nvidia.com/gpu"): object {
  const resources = amount === undefined ? {} : { resources: { limits: { [resource]: amount } } };
  return { name: "main", image: "registry.example/bert:1.4", ...resources };
}

/** A Pod `ml/chat` that asks for so many GPUs. */
export function pod(gpus: unknown, spec: object = {}, resource?: string): TestResource {
  return object("v1", "Pod", "chat", { spec: { containers: [container(gpus, resource)], ...spec } });
}

/** A PyTorchJob `ml/bert` with so many workers, each with so many GPUs. */
export function pyTorchJob(replicas: unknown, gpus: unknown, spec: object = {}, metadata: object = {}): TestResource {
  const template = { spec: { containers: [container(gpus)], ...spec } };
  return object(
    "kubeflow.org/v1",
    "PyTorchJob",
    "bert",
    { spec: { pytorchReplicaSpecs: { Worker: { replicas, template } } } },
    metadata,
  );
}

/** A managed node group. */
export function nodeGroup(name: string, props: object): TestResource {
  return { type: "aws:eks/nodeGroup:NodeGroup", name, props };
}

/** A managed node group of a pool. */
export function poolGroup(pool: string, instanceType: unknown, maxSize?: unknown, rest: object = {}): TestResource {
  return nodeGroup(pool, {
    instanceTypes: [instanceType],
    labels: { "mlstack.dev/pool": pool },
    ...(maxSize === undefined ? {} : { scalingConfig: { minSize: 0, maxSize } }),
    ...rest,
  });
}

/** A NodePool of Karpenter. */
export function karpenterPool(
  name: string,
  requirements: unknown,
  rest: object = {},
  labels: object = {},
): TestResource {
  const template = { metadata: { labels }, spec: { requirements } };
  return object("karpenter.sh/v1", "NodePool", name, { spec: { template, ...rest } });
}

/** A Node. */
export function node(name: string, labels: object, rest: object = {}): TestResource {
  return object("v1", "Node", name, rest, { labels });
}

/** A Helm release. */
export function release(chart: unknown, values: object = {}, rest: object = {}): TestResource {
  return { type: "kubernetes:helm.sh/v3:Release", name: String(chart), props: { chart, values, ...rest } };
}

/** A LocalQueue and the ClusterQueue of the same name, with so many GPUs. */
export function queue(name: string, gpus: unknown, spec: object = {}): TestResource[] {
  return [clusterQueue(name, [quota("nvidia.com/gpu", gpus)], spec), localQueue(name, name)];
}

/** A LocalQueue in namespace `ml`. */
export function localQueue(name: string, target: unknown): TestResource {
  return object("kueue.x-k8s.io/v1beta2", "LocalQueue", name, { spec: { clusterQueue: target } });
}

/** A ClusterQueue with one flavor. */
export function clusterQueue(
  name: string,
  resources: object[],
  spec: object = {},
  flavor: unknown = "train",
): TestResource {
  const coveredResources = resources.map((resource) => (resource as { name: string }).name);
  const resourceGroups = [{ coveredResources, flavors: [{ name: flavor, resources }] }];
  return object("kueue.x-k8s.io/v1beta2", "ClusterQueue", name, { spec: { resourceGroups, ...spec } });
}

/** What a ClusterQueue has of a resource. */
export function quota(name: unknown, nominalQuota: unknown, limits: object = {}): object {
  return { name, nominalQuota, ...limits };
}

/** Labels of what waits in a queue. */
export function queued(name: unknown): object {
  return { labels: { "kueue.x-k8s.io/queue-name": name } };
}

/** A message that something is not known yet. */
export function undecidedAt(rule: Rule, title: string, path: string): string {
  return (
    `advisory [${rule.id}] ${title}: ${path} is not known yet; allowed: a value that keeps "${rule.title}". ` +
    "It is judged at the end of the update, when the object is there already."
  );
}

/** What is told of a rule that cannot decide before an operator fills in a variable. */
export function variableAt(rule: Rule, title: string, path: string): string {
  return (
    `advisory [${rule.id}] ${title}: ${path} is not known yet; allowed: a value that keeps "${rule.title}". ` +
    "It is filled in when the work runs, where no policy sees it; write it out for it to be judged."
  );
}
