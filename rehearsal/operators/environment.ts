import type { V1Container, V1EnvVar, V1Pod, V1ResourceFieldSelector } from "@kubernetes/client-node";
import { parseQuantity } from "../../components/model/quantity";

/** Reads what containers take from elsewhere; undefined where there is no such object. */
export interface Objects {
  configMap: (namespace: string, name: string) => Promise<Record<string, string> | undefined>;
  secret: (namespace: string, name: string) => Promise<Record<string, Buffer> | undefined>;
}

/**
 * Variables of a container, as the kubelet makes them.
 *
 * @param image those that its image sets.
 * @throws Error where a value that is needed is not there.
 */
export async function environmentOf(
  pod: V1Pod,
  container: V1Container,
  apiServer: string,
  objects: Objects,
  image: Record<string, string> = {},
): Promise<Map<string, string>> {
  const [host = "", port = ""] = apiServer.split(":");
  const variables = new Map([
    ["PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
    ["HOME", "/tmp"],
    ["HOSTNAME", pod.metadata?.name ?? ""],
    ["KUBERNETES_SERVICE_HOST", host],
    ["KUBERNETES_SERVICE_PORT", port],
    ...Object.entries(image),
  ]);
  for (const variable of container.env ?? []) {
    const value = await valueOf(pod, container, variable, objects);
    if (value !== undefined) variables.set(variable.name, expanded(value, variables));
  }
  return variables;
}

/** A text with each `$(NAME)` replaced by the variable; others stay as they are. */
export function expanded(text: string, variables: ReadonlyMap<string, string>): string {
  return text.replace(/\$\$|\$\(([^)]+)\)/g, (whole, name?: string) => {
    return name === undefined ? "$" : (variables.get(name) ?? whole);
  });
}

async function valueOf(
  pod: V1Pod,
  container: V1Container,
  { value, valueFrom }: V1EnvVar,
  objects: Objects,
): Promise<string | undefined> {
  const namespace = pod.metadata?.namespace ?? "";
  if (valueFrom?.fieldRef) return fieldOf(pod, valueFrom.fieldRef.fieldPath);
  if (valueFrom?.resourceFieldRef) return amountOf(pod, container, valueFrom.resourceFieldRef);
  if (valueFrom?.configMapKeyRef) {
    const { name = "", key, optional } = valueFrom.configMapKeyRef;
    const found = (await objects.configMap(namespace, name))?.[key];
    return needed(found, optional, `key ${key} of ConfigMap ${namespace}/${name}`);
  }
  if (valueFrom?.secretKeyRef) {
    const { name = "", key, optional } = valueFrom.secretKeyRef;
    const found = (await objects.secret(namespace, name))?.[key]?.toString();
    return needed(found, optional, `key ${key} of Secret ${namespace}/${name}`);
  }
  return value ?? "";
}

/**
 * What a container asks for or may have at most, in multiples of the divisor; 0 where it says nothing, as what a node has is
 * simulated.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/pods/downward-api/ "resourceFieldRef" (Kubernetes 1.36)
 */
function amountOf(pod: V1Pod, own: V1Container, { containerName, resource, divisor = "1" }: V1ResourceFieldSelector) {
  const container = pod.spec?.containers.find(({ name }) => name === containerName) ?? own;
  const [kind, ...name] = resource.split(".");
  const amounts = container.resources?.[kind as "limits" | "requests"];
  const amount = parseQuantity(amounts?.[name.join(".")] ?? "0");
  const unit = parseQuantity(divisor === "0" ? "1" : divisor);
  return String((amount + unit - 1n) / unit);
}

function needed(value: string | undefined, optional: boolean | undefined, what: string): string | undefined {
  if (value === undefined && optional !== true) throw new Error(`there is no ${what}`);
  return value;
}

/** A field of a pod by the path that the downward API has for it. */
export function fieldOf(pod: V1Pod, path: string): string {
  const { metadata, spec, status } = pod;
  const keyed = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(path);
  if (keyed) return metadata?.[keyed[1] as "labels" | "annotations"]?.[keyed[2]!] ?? "";
  const fields: Record<string, string | undefined> = {
    "metadata.name": metadata?.name,
    "metadata.namespace": metadata?.namespace,
    "metadata.uid": metadata?.uid,
    "spec.nodeName": spec?.nodeName,
    "spec.serviceAccountName": spec?.serviceAccountName,
    "status.podIP": status?.podIP,
    "status.hostIP": status?.hostIP,
  };
  return fields[path] ?? "";
}
