import { arrayAt, childAt, isTreeObject, objectAt, stringAt, type Tree, type TreeObject } from "../tree";
import { isUnknown, UNKNOWN } from "../unknown";
import { given, templateOf } from "./finder";
import { fieldsPart, joinedParts, listPart, merged, mergedMetadata, picked, type Placed, type PodPart } from "./parts";
import type { PodSet } from "./pod-set";
import { sparkResources, sparkSetting, type SparkRole, type SparkSource } from "./spark-resources";

/** Names by which Spark finds its container in a pod. */
const CONTAINERS: Record<SparkRole, string> = {
  driver: "spark-kubernetes-driver",
  executor: "spark-kubernetes-executor",
};

/** Fields that the operator's webhook sets in the spec of a pod, by their names there. */
const SET_IN_POD: readonly (readonly [field: string, inPod: string])[] = [
  ["affinity", "affinity"],
  ["podSecurityContext", "securityContext"],
  ["schedulerName", "schedulerName"],
  ["priorityClassName", "priorityClassName"],
  ["hostNetwork", "hostNetwork"],
  ["shareProcessNamespace", "shareProcessNamespace"],
  ["dnsConfig", "dnsConfig"],
  ["terminationGracePeriodSeconds", "terminationGracePeriodSeconds"],
];

/** Lists to which it adds. */
const ADDED_IN_POD = ["tolerations", "initContainers", "hostAliases"];
const ADDED_IN_CONTAINER = ["env", "envFrom", "volumeMounts"];

/** Fields that it sets in Spark's container. */
const SET_IN_CONTAINER = ["securityContext", "lifecycle"];

/** The pods of a driver or executor, put together from its fields, its template and the configuration of Spark. */
export function sparkPod(source: SparkSource): Omit<PodSet, "count" | "minCount"> {
  const { role, fields, path, isConnect } = source;
  const written = templateOf(childAt(fields, "template"));
  const hasTemplate = isConnect || objectAt(fields, "template") !== undefined;
  const part = joinedParts(
    {
      spec: { ...written.spec, restartPolicy: "Never" },
      places: {
        spec: hasTemplate ? `${path}.template.spec` : path,
        metadata: hasTemplate ? `${path}.template.metadata` : path,
      },
    },
    isConnect ? fieldsPart([]) : webhookFields(source, written.spec),
    nodeSelectorOf(source, written.spec),
    placedField(source, "serviceAccount", "serviceAccountName"),
    containersOf(source, written.spec),
  );
  const metadata = { ...written.metadata, ...mergedMetadata(written.metadata, fields) };
  return { path, role, template: { metadata, spec: part.spec }, places: part.places };
}

/** Spark's container where the template has it, or as the first; the webhook adds sidecars. */
function containersOf(source: SparkSource, written: TreeObject): PodPart {
  const { role, fields, path, isConnect } = source;
  const containers = arrayAt(written, "containers");
  const named = containers.findIndex((container) => childAt(container, "name") === CONTAINERS[role]);
  const index = Math.max(0, named);
  const base = containers[index];
  // What a Spark Connect server asks for is all in its template.
  const asks = isConnect && role === "driver" ? undefined : sparkResources(source);
  const image = imageOf(source, base);
  const main: TreeObject = merged([
    { name: CONTAINERS[role] },
    isTreeObject(base) ? base : undefined,
    image && { image: image.value },
    isConnect ? undefined : picked(fields, SET_IN_CONTAINER),
    isConnect ? undefined : addedLists(base, fields),
    asks && { resources: mergedResources(childAt(base, "resources"), asks.resources) },
  ]);
  const all: Placed[] = [
    ...containers.slice(0, index).map((value): Placed => ({ value })),
    base === undefined ? { value: main, place: path } : { value: main },
    ...containers.slice(index + 1).map((value): Placed => ({ value })),
    ...(isConnect ? [] : arrayAt(fields, "sidecars")).map((value, sidecar): Placed => ({
      value,
      place: `${path}.sidecars[${sidecar}]`,
    })),
  ];
  const set = SET_IN_CONTAINER.filter((field) => !isConnect && childAt(fields, field) !== undefined);
  const inside: Record<string, string> = {
    ...asks?.places,
    ...given("image", image?.place),
    ...Object.fromEntries(set.map((field) => [field, `${path}.${field}`])),
  };
  const places = Object.fromEntries(
    Object.entries(inside).map(([field, place]) => [`spec.containers[${index}].${field}`, place]),
  );
  return joinedParts(listPart("containers", all), { spec: {}, places });
}

function addedLists(base: Tree, fields: Tree): TreeObject {
  return merged(
    ADDED_IN_CONTAINER.map((field) => {
      const whole = [...arrayAt(base, field), ...arrayAt(fields, field)];
      return whole.length === 0 ? {} : { [field]: whole };
    }),
  );
}

function webhookFields(source: SparkSource, written: TreeObject): PodPart {
  const { fields, spec, specPath } = source;
  const mounted = arrayAt(fields, "volumeMounts").map((mount) => stringAt(mount, "name"));
  const volumes = arrayAt(spec, "volumes").map((value, index): Placed => ({
    value,
    place: `${specPath}.volumes[${index}]`,
  }));
  const scheduler = childAt(spec, "batchScheduler") ?? undefined;
  return joinedParts(
    ...SET_IN_POD.map(([field, inPod]) => placedField(source, field, inPod)),
    ...ADDED_IN_POD.map((field) => addedList(source, field, written)),
    fieldsPart(scheduler ? [["schedulerName", { value: scheduler, place: `${specPath}.batchScheduler` }]] : []),
    listPart("volumes", [
      ...arrayAt(written, "volumes").map((value): Placed => ({ value })),
      ...volumes.filter(({ value }) => mounted.includes(stringAt(value, "name"))),
    ]),
  );
}

/** A list of the template and what the component adds to it; where the template has none, it is the component's. */
function addedList({ fields, path }: SparkSource, field: string, written: TreeObject): PodPart {
  const place = `${path}.${field}`;
  const [own, added]: Tree[] = [written[field], childAt(fields, field)];
  if (isUnknown(own) || isUnknown(added)) return fieldsPart([[field, { value: UNKNOWN, place }]]);
  const items = [
    ...arrayAt(written, field).map((value): Placed => ({ value })),
    ...arrayAt(fields, field).map((value, index): Placed => ({ value, place: `${place}[${index}]` })),
  ];
  const list = listPart(field, items);
  return Array.isArray(own) && own.length > 0 ? list : { ...list, places: { [`spec.${field}`]: place } };
}

function placedField({ fields, path }: SparkSource, field: string, inPod: string): PodPart {
  const value = childAt(fields, field) ?? undefined;
  return fieldsPart(value === undefined ? [] : [[inPod, { value, place: `${path}.${field}` }]]);
}

/** The image of the component, the application or the configuration, in this order; undefined where the template's counts. */
function imageOf({ role, fields, path, spec, specPath, isConnect }: SparkSource, base: Tree): Placed | undefined {
  if (isConnect && stringAt(base, "image") !== undefined) return undefined;
  const settings = [`spark.kubernetes.${role}.container.image`, "spark.kubernetes.container.image"];
  const sources: Placed[] = [
    { value: childAt(fields, "image"), place: `${path}.image` },
    { value: childAt(spec, "image"), place: `${specPath}.image` },
    ...settings.map((key): Placed => ({ value: sparkSetting(spec, key), place: `${specPath}.sparkConf["${key}"]` })),
  ];
  return sources.find(({ value }) => value !== undefined && value !== null && value !== "");
}

/** Selectors add up: those of the template, of the application, of the configuration, and of the component. */
function nodeSelectorOf({ role, fields, path, spec, specPath, isConnect }: SparkSource, written: TreeObject): PodPart {
  const settings = objectAt(spec, "sparkConf") ?? {};
  const configured = ["spark.kubernetes.node.selector.", `spark.kubernetes.${role}.node.selector.`].map(
    (prefix): Tree =>
      Object.fromEntries(
        Object.entries(settings).flatMap(([key, value]) =>
          key.startsWith(prefix) ? [[key.slice(prefix.length), value] as const] : [],
        ),
      ),
  );
  const [application, own]: Tree[] = [childAt(spec, "nodeSelector"), childAt(fields, "nodeSelector")];
  const all: Tree[] = [childAt(written, "nodeSelector"), application, ...configured, isConnect ? undefined : own];
  const whole: Tree = all.find(isUnknown) ?? merged(all.filter(isTreeObject));
  if (isTreeObject(whole) && Object.keys(whole).length === 0) return fieldsPart([]);
  // The two can not both be given; the field at which one adds to a selector is where it is.
  const place =
    application !== undefined ? `${specPath}.nodeSelector` : own !== undefined ? `${path}.nodeSelector` : undefined;
  return fieldsPart([["nodeSelector", { value: whole, ...given("place", place) }]]);
}

function mergedResources(base: Tree, added: TreeObject): Tree {
  if (isUnknown(base)) return base;
  const sides = ["requests", "limits"].map((side): [string, TreeObject] => [
    side,
    merged([objectAt(base, side), objectAt(added, side)]),
  ]);
  const present = sides.filter(([, amounts]) => Object.keys(amounts).length > 0);
  return merged([isTreeObject(base) ? base : undefined, Object.fromEntries(present)]);
}
