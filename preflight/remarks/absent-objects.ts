import { arrayAt, childAt, nodeAt, stringAt, type Tree } from "../../components/model";
import { isBuiltInPriority } from "../demand/admission";
import { localQueueOf } from "../demand/queues";
import type { Workload } from "../demand/workload";
import { findObject, isObject, objectName, objectNamespace, type StackIndex } from "../pools/stack-index";
import { isFilledInLater } from "../scheduling/amount-faults";
import { someOf } from "./names";

/** An object that others name. */
interface Named {
  kind: string;
  /** Empty for kinds without one. */
  namespace: string;
  name: string;
}

/** What it means that objects of a kind are not in the stack: of one, and of several. */
interface Absence {
  group: string;
  plural: string;
  meaning: readonly [one: string, several: string];
}

const REFUSED = [
  "the API server refuses pods that name it unless the cluster has it",
  "the API server refuses pods that name them unless the cluster has them",
] as const;

const KINDS = new Map<string, Absence>([
  [
    "PersistentVolumeClaim",
    {
      group: "",
      plural: "PersistentVolumeClaims",
      meaning: [
        "that its volume can be reached from the zones of the nodes is not proven",
        "that their volumes can be reached from the zones of the nodes is not proven",
      ],
    },
  ],
  [
    "LocalQueue",
    {
      group: "kueue.x-k8s.io",
      plural: "LocalQueues",
      meaning: [
        "that it admits the pods which wait in it, and on which nodes, is not proven",
        "that they admit the pods which wait in them, and on which nodes, is not proven",
      ],
    },
  ],
  [
    "ClusterQueue",
    {
      group: "kueue.x-k8s.io",
      plural: "ClusterQueues",
      meaning: [
        "that it admits the pods which wait in it, and on which nodes, is not proven",
        "that they admit the pods which wait in them, and on which nodes, is not proven",
      ],
    },
  ],
  ["PriorityClass", { group: "scheduling.k8s.io", plural: "PriorityClasses", meaning: REFUSED }],
  ["RuntimeClass", { group: "node.k8s.io", plural: "RuntimeClasses", meaning: REFUSED }],
  [
    "StorageClass",
    {
      group: "storage.k8s.io",
      plural: "StorageClasses",
      meaning: [
        "that it makes volumes in the zones of the nodes is not proven",
        "that they make volumes in the zones of the nodes is not proven",
      ],
    },
  ],
]);

/** What is named and decides where or whether pods run, and is not in the stack: a sentence for each kind. */
export function absentObjects(stack: StackIndex, workloads: readonly Workload[]): string[] {
  const isMade = madeClaims(stack);
  const absent = new Map<string, Set<string>>();
  for (const { kind, namespace, name } of namedIn(stack, workloads)) {
    const title = namespace === "" ? name : `${namespace}/${name}`;
    const { group } = KINDS.get(kind)!;
    if (findObject(stack, group, kind, namespace, name) !== undefined) continue;
    if (kind === "PersistentVolumeClaim" && isMade(title)) continue;
    absent.set(kind, (absent.get(kind) ?? new Set()).add(title));
  }
  return [...KINDS].flatMap(
    ([
      kind,
      {
        plural,
        meaning: [one, several],
      },
    ]) => {
      const titles = [...(absent.get(kind) ?? [])];
      if (titles.length === 0) return [];
      const isOne = titles.length === 1;
      return [
        `${isOne ? kind : plural} ${someOf(titles)} ${isOne ? "is" : "are"} not in the stack: ${isOne ? one : several}.`,
      ];
    },
  );
}

function* namedIn(stack: StackIndex, workloads: readonly Workload[]): Iterable<Named> {
  for (const { resource, namespace, podSets } of workloads) {
    if (namespace === "") continue;
    for (const { podSet } of podSets) {
      const { spec, metadata } = podSet.template;
      for (const volume of arrayAt(spec, "volumes")) {
        yield* named("PersistentVolumeClaim", namespace, nodeAt(volume, "persistentVolumeClaim.claimName"));
      }
      const queue = localQueueOf(resource.properties, metadata);
      yield* named("LocalQueue", namespace, queue);
      const priority = stringAt(spec, "priorityClassName") ?? "";
      if (!isBuiltInPriority(priority)) yield* named("PriorityClass", "", priority);
      yield* named("RuntimeClass", "", childAt(spec, "runtimeClassName"));
    }
    for (const template of arrayAt(childAt(resource.properties, "spec"), "volumeClaimTemplates")) {
      yield* named("StorageClass", "", nodeAt(template, "spec.storageClassName"));
    }
  }
  for (const resource of stack.resources) {
    if (isObject(resource, "kueue.x-k8s.io", "LocalQueue")) {
      yield* named("ClusterQueue", "", nodeAt(resource.properties, "spec.clusterQueue"));
    }
    // A claim that names its volume takes nothing from the class.
    const isOpen = nodeAt(resource.properties, "spec.volumeName") === undefined;
    if (isOpen && isObject(resource, "", "PersistentVolumeClaim")) {
      yield* named("StorageClass", "", nodeAt(resource.properties, "spec.storageClassName"));
    }
  }
}

function* named(kind: string, namespace: string, name: Tree): Iterable<Named> {
  if (typeof name === "string" && name !== "" && !isFilledInLater(name)) yield { kind, namespace, name };
}

/** Claims that are there without being declared: those that a volume is kept for, and those that StatefulSets make. */
function madeClaims(stack: StackIndex): (claim: string) => boolean {
  const kept = new Set<string>();
  const numbered = new Set<string>();
  for (const resource of stack.resources) {
    const { properties } = resource;
    if (isObject(resource, "", "PersistentVolume")) {
      const claim = nodeAt(properties, "spec.claimRef");
      kept.add(`${stringAt(claim, "namespace")}/${stringAt(claim, "name")}`);
    }
    for (const template of arrayAt(childAt(properties, "spec"), "volumeClaimTemplates")) {
      const claim = stringAt(nodeAt(template, "metadata"), "name");
      numbered.add(`${objectNamespace(resource)}/${claim}-${objectName(resource)}`);
    }
  }
  return (claim) => kept.has(claim) || (NUMBER.test(claim) && numbered.has(claim.replace(NUMBER, "")));
}

const NUMBER = /-\d+$/;
