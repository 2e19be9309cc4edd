import { table } from "../table";
import type { ClusterObject, ClusterObjects } from "./cluster-objects";
import { grouped, listed } from "./listed";
import type { PlatformObjects } from "./platform-objects";
import { PHASE_TITLES } from "./platform-stages";

/** What the drain of a platform would delete now, and what it leaves alone, as text. */
export async function platformDrainText(objects: PlatformObjects, cluster: ClusterObjects): Promise<string> {
  const remaining = await Promise.all(objects.phases.map((phase) => objects.remaining(cluster, phase)));
  const rows = objects.phases.flatMap((phase, index) => {
    const found = remaining[index]!.map(({ object }) => object);
    return rowsOf(found).map((row) => [PHASE_TITLES[phase].toLowerCase(), ...row]);
  });
  const drained =
    rows.length === 0
      ? ["Nothing is on the cluster of the platform's types that this stack does not hold itself."]
      : [
          "Before all else, while the platform's controllers live, the cluster is drained of what this stack does not hold itself:",
          "",
          table(["step", "kind", "namespace", "how many", "names"], rows),
        ];
  return [...drained, ...profileLines(await objects.profilesOfOthers(cluster)), ""].join("\n");
}

/** A resource type that is still on a cluster. */
export interface KeptType {
  /** Name of its CustomResourceDefinition. */
  name: string;
  /** How many resources there are of it; undefined where that is not known. */
  count?: number;
}

/** Those of some resource types that are still on a cluster. */
export async function keptTypes(definitions: string[], cluster: ClusterObjects): Promise<KeptType[]> {
  const types = await Promise.all(
    definitions.map(async (name) => {
      const served = await cluster.servedType(name);
      return served && { name, count: (await cluster.list(served.apiVersion, served.kind)).length };
    }),
  );
  return types.filter((type) => type !== undefined);
}

/** The resource types that a destroyed stack leaves on its cluster, as text; empty where it leaves none. */
export function keptTypesText(kept: KeptType[]): string {
  if (kept.length === 0) return "";
  const used = kept.filter(({ count }) => count !== undefined && count > 0);
  const unused = kept.filter(({ count }) => count === 0).map(({ name }) => name);
  const unknown = kept.filter(({ count }) => count === undefined).map(({ name }) => name);
  return [
    "Kept on the cluster on purpose (retainOnDelete), as with a resource type go all resources of it, whoever made them:",
    ...used.map(({ name, count = 0 }) => `  ${name}: ${count} ${count === 1 ? "resource" : "resources"}`),
    ...(unused.length === 0 ? [] : [`  without resources: ${unused.join(", ")}`]),
    ...(unknown.length === 0 ? [] : [`  with resources that the cluster was not asked for: ${unknown.join(", ")}`]),
    "To delete those that nobody else uses, and all resources of them:",
    `  kubectl delete crd ${kept.map(({ name }) => name).join(" ")}`,
    "",
  ].join("\n");
}

/** One row for each kind and namespace. */
function rowsOf(objects: ClusterObject[]): string[][] {
  return grouped(objects, ({ kind, metadata }) => [kind, metadata?.namespace ?? ""]).map((group) => {
    const [{ kind, metadata }] = group;
    const names = group.map((object) => object.metadata?.name ?? "");
    return [kind, metadata?.namespace ?? "", String(group.length), listed(names)];
  });
}

function profileLines(profiles: ClusterObject[]): string[] {
  if (profiles.length === 0) return [];
  const names = profiles.map(({ metadata }) => metadata?.name ?? "");
  return [
    "",
    `Left alone: Profile ${names.join(", ")}, as the namespace of a Profile goes with it, with all that is in it.`,
    "Their finalizers need the profile controller, so delete before the platform what shall not stay:",
    `  kubectl delete profiles.kubeflow.org ${names.join(" ")}`,
  ];
}
