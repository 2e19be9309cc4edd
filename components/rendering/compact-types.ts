import { type Adjustment, isResourceType, type KubernetesObject } from "./kubernetes-object";

/**
 * Fields of pods whose insides a compact type leaves open: large in every type that embeds a pod, and checked when the pod
 * itself is created.
 */
const openFields = new Set([
  ...["affinity", "dnsConfig", "ephemeralContainers", "hostAliases", "initContainers", "lifecycle", "schedulingGates"],
  ...[
    "livenessProbe",
    "readinessProbe",
    "startupProbe",
    "readinessGates",
    "resourceClaims",
    "topologySpreadConstraints",
  ],
  ...["seLinuxOptions", "windowsOptions", "valueFrom", "envFrom"],
  // Sources of volumes, but for claims, ConfigMaps, Secrets and directories.
  ...["awsElasticBlockStore", "azureDisk", "azureFile", "cephfs", "cinder", "csi", "downwardAPI", "ephemeral", "fc"],
  ...["flexVolume", "flocker", "gcePersistentDisk", "gitRepo", "glusterfs", "image", "iscsi", "nfs"],
  ...["photonPersistentDisk", "portworxVolume", "projected", "quobyte", "rbd", "scaleIO", "storageos", "vsphereVolume"],
]);

const anyObject = { type: "object", "x-kubernetes-preserve-unknown-fields": true };

/**
 * Makes resource types small: without the descriptions of fields, and with some fields of pods left open. The types that
 * embed a pod several times shrink to a tenth, and with them Pulumi's state, every preview, and the API server's memory.
 *
 * What stays is checked by the API server as before: fields of the resources themselves, containers with images, resources
 * and ports, security contexts, and the common volumes.
 */
export const withCompactTypes: Adjustment = (objects) =>
  objects.map((object) => (isResourceType(object) ? compactType(object) : object));

/** Metadata stays as it is: a `description` there is no field's. */
function compactType(type: KubernetesObject): KubernetesObject {
  return { ...type, spec: compacted(type["spec"]) };
}

/** Parts of a schema that hold values, not schemas. */
const values = ["default", "enum", "example"];

function compacted(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(compacted);
  if (typeof node !== "object" || node === null) return node;
  const entries = Object.entries(node).flatMap(([key, value]): [string, unknown][] => {
    // A field that is called `description` has a schema, where a description is text.
    if (key === "description" && typeof value === "string") return [];
    if (values.includes(key)) return [[key, value]];
    return [[key, key === "properties" ? withOpenFields(value as Record<string, Schema>) : compacted(value)]];
  });
  return Object.fromEntries(entries);
}

interface Schema {
  type?: string;
  properties?: object;
  items?: Schema;
}

function withOpenFields(properties: Record<string, Schema>): object {
  const entries = Object.entries(properties).map(([name, schema]) => [name, openOrCompacted(name, schema)]);
  return Object.fromEntries(entries) as object;
}

function openOrCompacted(name: string, schema: Schema): unknown {
  if (!openFields.has(name)) return compacted(schema);
  if (schema.type === "object" && schema.properties !== undefined) return anyObject;
  if (schema.type === "array" && schema.items?.properties !== undefined) return { type: "array", items: anyObject };
  return compacted(schema);
}
