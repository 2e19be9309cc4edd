import type { KubernetesObject } from "@kubernetes/client-node";
import { arrayAt, childAt, objectAt, stringAt, type Tree, type TreeObject } from "../../components/model";
import { DEFAULT_STORAGE_CLASS } from "../../components/model/storage-class";
import { POD_SECURITY_VERSION } from "../../components/model/versions";
import { simulatedStorageClass } from "../../rehearsal/cluster/base-objects";

/** Size in GiB of claims that tell none; nothing is stored in them. */
const USUAL_GIB = 1200;

/** Kind of volumes whose root belongs to root, so that a pod that runs as root makes the first folder. */
const LUSTRE = "fsx-lustre";

/** Kind of datasets that are disks, each of them for the pods of one node. */
const SNAPSHOT = "ebs-snapshot";

/** What is read here of the storage, `*` being each of a list. */
export const READ_OF_STORAGE: readonly (readonly string[])[] = [
  ...["volumes", "datasets"].flatMap((key) =>
    ["name", "namespace", "claimName", "kind", "sizeGib"].map((field) => [key, "*", field]),
  ),
  ["datasets", "*", "snapshot", "copies"],
];

/** Copies that a snapshot may have, as the configuration check has it. */
const MOST_COPIES = 100;

/**
 * The namespaces and claims that the storage of a stack on EKS makes in the cluster, with simulated volumes behind them.
 *
 * @param storage what the stack's configuration has of it, in whatever shape.
 */
export function standingStorage(storage: TreeObject | undefined): KubernetesObject[] {
  const volumes = arrayAt(storage, "volumes");
  const mounted = [...volumes, ...arrayAt(storage, "datasets")];
  const rootNamespaces = volumes.filter((volume) => stringAt(volume, "kind") === LUSTRE).map(namespaceOf);
  const namespaces = [...new Set(mounted.flatMap((each) => namespaceOf(each) ?? []))];
  return [
    ...namespaces.map((name) => namespace(name, rootNamespaces.includes(name) ? "baseline" : "restricted")),
    ...mounted.flatMap(claims),
  ];
}

function namespaceOf(mounted: Tree): string | undefined {
  return stringAt(mounted, "namespace");
}

function namespace(name: string, level: string): KubernetesObject {
  const enforced = "pod-security.kubernetes.io/enforce";
  const labels = { [enforced]: level, [`${enforced}-version`]: POD_SECURITY_VERSION };
  return { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } };
}

/** The claims of a volume or a dataset; none where it does not say where and how they are called. */
function claims(mounted: Tree): KubernetesObject[] {
  const name = stringAt(mounted, "claimName") ?? stringAt(mounted, "name");
  const within = namespaceOf(mounted);
  if (name === undefined || within === undefined) return [];
  const told = childAt(mounted, "sizeGib");
  const storage = `${typeof told === "number" ? told : USUAL_GIB}Gi`;
  const isDisk = stringAt(mounted, "kind") === SNAPSHOT;
  return namesOf(name, mounted).map((each) => ({
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: each, namespace: within },
    spec: { accessModes: [isDisk ? "ReadWriteOnce" : "ReadWriteMany"], resources: { requests: { storage } } },
  }));
}

/** Copies of a snapshot have a claim each, which are numbered from 0. */
function namesOf(name: string, mounted: Tree): string[] {
  const copies = childAt(objectAt(mounted, "snapshot"), "copies");
  if (typeof copies !== "number" || copies <= 1 || copies > MOST_COPIES) return [name];
  return Array.from({ length: copies }, (_, index) => `${name}-${index}`);
}

/**
 * The StorageClass that clusters on EKS have, for claims that name it; none where the stack says that there is none.
 *
 * @param written the stack's configuration, keys without their namespace.
 */
export function standingClasses(written: TreeObject): KubernetesObject[] {
  if (childAt(objectAt(written, "addOns"), "storageClass") === false) return [];
  return [simulatedStorageClass(DEFAULT_STORAGE_CLASS)];
}
