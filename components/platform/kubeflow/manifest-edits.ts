import { createHash } from "node:crypto";
import type * as pulumi from "@pulumi/pulumi";
import { type Adjustment, type KubernetesObject, withValues } from "../../rendering";

/** A variable of a container's environment. */
export interface EnvironmentVariable {
  name: string;
  value?: pulumi.Input<string>;
  valueFrom?: Record<string, unknown>;
}

/** A container as manifests have it, as far as it is changed here. */
export interface ManifestContainer {
  name: string;
  image: pulumi.Input<string>;
  imagePullPolicy?: string;
  command?: string[];
  args?: string[];
  env?: EnvironmentVariable[];
  envFrom?: { configMapRef?: { name: string }; secretRef?: { name: pulumi.Input<string> } }[];
  resources?: { requests?: Record<string, string>; limits?: Record<string, string> };
  securityContext?: Record<string, unknown>;
}

/** Pods of a workload as manifests have them, as far as they are changed here. */
export interface ManifestPod {
  containers: ManifestContainer[];
  nodeSelector?: Record<string, string>;
  securityContext?: Record<string, unknown>;
  volumes?: { name: string; configMap?: { name: string }; [source: string]: unknown }[];
}

/** Kinds that run pods. */
const workloadKinds = ["Deployment", "StatefulSet"];

/** Tells whether an object runs pods. */
export function isWorkload({ kind }: KubernetesObject): boolean {
  return workloadKinds.includes(kind);
}

/** Pods of a workload. */
export function podOf(workload: KubernetesObject): ManifestPod {
  return (workload["spec"] as { template: { spec: ManifestPod } }).template.spec;
}

/**
 * What kustomize puts behind the names of generated ConfigMaps: letters and digits that spell no words.
 *
 * @see https://github.com/kubernetes-sigs/kustomize/blob/kustomize/v5.7.1/api/hasher/hasher.go
 */
const hash = /^-[24-9bcdfghkmt]{10}$/;

/** Tells whether an object has a name; kustomize may have put a hash of the content behind it. */
export function isNamed({ metadata }: KubernetesObject, name: string): boolean {
  return metadata.name === name || (metadata.name.startsWith(name) && hash.test(metadata.name.slice(name.length)));
}

/** Copies maps and lists, and leaves outputs as they are. */
export function copyOf<T>(node: T): T {
  if (Array.isArray(node)) return node.map(copyOf) as T;
  if (typeof node !== "object" || node === null || Object.getPrototypeOf(node) !== Object.prototype) return node;
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, copyOf(value as unknown)])) as T;
}

/** Changes each object of a kind; with a name, that one only. What it is given is a copy, and may hold outputs. */
export function edited(kind: string, name: string | undefined, change: (object: KubernetesObject) => void): Adjustment {
  return (objects) =>
    objects.map((object) => {
      if (object.kind !== kind || (name !== undefined && !isNamed(object, name))) return object;
      const copy = copyOf(object);
      change(copy);
      return copy;
    });
}

/** Changes each workload. */
export function editedWorkloads(change: (pod: ManifestPod, workload: KubernetesObject) => void): Adjustment {
  return (objects) =>
    objects.map((object) => {
      if (!isWorkload(object)) return object;
      const copy = copyOf(object);
      change(podOf(copy), copy);
      return copy;
    });
}

/** Leaves out objects by kind and name, as in `Deployment/katib-ui`. */
export function dropped(...titles: string[]): Adjustment {
  const pairs = titles.map((title) => title.split("/") as [string, string]);
  return (objects) =>
    objects.filter((object) => !pairs.some(([kind, name]) => object.kind === kind && isNamed(object, name)));
}

/** Adds objects of our own. */
export function added(...own: KubernetesObject[]): Adjustment {
  return (objects) => [...objects, ...own];
}

/** Sets variables of a container; undefined takes one away. */
export function setEnvironment(
  container: ManifestContainer,
  variables: Record<string, pulumi.Input<string> | Record<string, unknown> | undefined>,
): void {
  const others = (container.env ?? []).filter(({ name }) => !(name in variables));
  const set = Object.entries(variables).flatMap(([name, value]) =>
    value === undefined ? [] : [variable(name, value)],
  );
  // Variables that refer to others come after them.
  container.env = [...set, ...others];
}

function variable(name: string, value: pulumi.Input<string> | Record<string, unknown>): EnvironmentVariable {
  const isReference = typeof value === "object" && "secretKeyRef" in value;
  return isReference ? { name, valueFrom: value } : { name, value: value as pulumi.Input<string> };
}

/** Value of a variable that is taken from a Secret. */
export function fromSecret(name: pulumi.Input<string>, key: string): Record<string, unknown> {
  return { secretKeyRef: { name, key } };
}

/** Lays data over that of a ConfigMap. */
export function configured(name: string, data: Record<string, pulumi.Input<string>>): Adjustment {
  return edited("ConfigMap", name, (config) => {
    config["data"] = { ...(config["data"] as object), ...data };
  });
}

/** Lays a user's fields over objects, by kind and name. */
export function patched(patches: Record<string, object> = {}): Adjustment {
  return (objects) =>
    objects.map((object) => {
      const own = Object.entries(patches).filter(([title]) => {
        const [kind, name] = title.split("/") as [string, string];
        return object.kind === kind && isNamed(object, name);
      });
      return own.reduce<KubernetesObject>((given, [, patch]) => withValues(given, patch) as KubernetesObject, object);
    });
}

/** Annotation of pods with a digest of the configuration that they read once, when they start. */
const DIGEST_ANNOTATION = "mlstack.dev/config-digest";

/** Starts pods anew when a ConfigMap that they read changes; kustomize's own hashes are older than our changes. */
export const withConfigDigests: Adjustment = (objects) => {
  const configs = new Map(
    objects
      .filter(({ kind }) => kind === "ConfigMap")
      .map((config) => [config.metadata.name, config["data"] as unknown]),
  );
  return objects.map((object) => {
    const read = isWorkload(object) ? configsOf(podOf(object)).filter((name) => configs.has(name)) : [];
    if (read.length === 0) return object;
    const copy = copyOf(object);
    const template = (copy["spec"] as { template: { metadata: { annotations?: Record<string, string> } } }).template;
    const digest = createHash("sha256").update(JSON.stringify(read.map((name) => plainOf(configs.get(name)))));
    template.metadata.annotations = {
      ...template.metadata.annotations,
      [DIGEST_ANNOTATION]: digest.digest("hex").slice(0, 16),
    };
    return copy;
  });
};

/** Outputs are known too late to count. */
function plainOf(data: unknown): [string, unknown][] {
  return Object.entries(data ?? {}).filter(([, value]) => typeof value === "string");
}

function configsOf({ containers, volumes = [] }: ManifestPod): string[] {
  const names = [
    ...containers.flatMap(({ env = [], envFrom = [] }) => [
      ...env.map(({ valueFrom }) => (valueFrom?.["configMapKeyRef"] as { name: string } | undefined)?.name),
      ...envFrom.map(({ configMapRef }) => configMapRef?.name),
    ]),
    ...volumes.map(({ configMap }) => configMap?.name),
  ];
  return [...new Set(names.filter((name) => name !== undefined))].sort();
}
