import { type Phase, PHASES, PHASES_BEFORE_DRAIN, phaseOf } from "./phases";
import { isDeleted, type StateResource } from "./state";

/** One resource that destroy deletes, and when. */
export interface Deletion {
  resource: StateResource;
  phase: Phase;
  /** Which wave it goes in: the first where nothing depends on it, else the one after the last of its dependants. */
  wave: number;
}

/** A teardown of a stack with a cluster of its own: what goes before the cluster is drained, and what after. */
export interface StagedOrder {
  /** URNs that the first destroy names; components in which nothing stays are among them. */
  targets: string[];
  first: Deletion[];
  rest: Deletion[];
}

/**
 * The order in which one destroy deletes the resources of a state, wave by wave: a resource goes once all that depend
 * on it are gone. Resources that nothing depends on go in the first wave, whatever their phase.
 *
 * @param resources In the order of the state, which is one of dependencies before dependants.
 * @see https://github.com/pulumi/pulumi `pkg/resource/graph/dependency_graph.go`, 3.259: what the engine holds for a dependency.
 */
export function destroyOrder(resources: StateResource[]): Deletion[] {
  const dependencies = dependenciesWithin(resources);
  const waves = resources.map(() => 1);
  for (let index = resources.length - 1; index >= 0; index--) {
    // Components and providers take no time to go, but what is below them waits for what is above.
    const next = waves[index]! + (isDeleted(resources[index]!) ? 1 : 0);
    for (const dependency of dependencies[index]!) waves[dependency] = Math.max(waves[dependency]!, next);
  }
  return resources
    .flatMap((resource, index) => {
      return isDeleted(resource) ? [{ resource, phase: phaseOf(resource), wave: waves[index]! }] : [];
    })
    .sort((a, b) => a.wave - b.wave || PHASES.indexOf(a.phase) - PHASES.indexOf(b.phase));
}

/**
 * Splits a teardown in two: first the Kubernetes objects that Pulumi takes while controllers are alive, as far as
 * everything that depends on them goes with them, then the rest.
 */
export function stagedOrder(resources: StateResource[]): StagedOrder {
  const dependencies = dependenciesWithin(resources);
  const early = resources.map(mayGoEarly);
  for (let index = resources.length - 1; index >= 0; index--) {
    if (early[index]) continue;
    for (const dependency of dependencies[index]!) early[dependency] = false;
  }
  const first = resources.filter((_, index) => early[index]);
  const rest = resources.filter((_, index) => !early[index]);
  return { targets: first.map(({ urn }) => urn), first: destroyOrder(first), rest: destroyOrder(rest) };
}

/** For each resource the indices of those that it directly depends on, all smaller than its own. */
export function dependenciesWithin(resources: StateResource[]): number[][] {
  const indicesOf = new Map<string, number[]>();
  const childrenOf = new Map<string, number[]>();
  return resources.map((resource, index) => {
    const direct = [...urnsDependedOn(resource)].flatMap((urn) => indicesOf.get(urn) ?? []);
    // Whoever depends on a component waits for all in it; a parent is only waited for itself.
    const inComponents = direct
      .filter((dependency) => resources[dependency]!.custom !== true)
      .flatMap((component) => descendantsOf(resources[component]!.urn, childrenOf, resources));
    const parents = resource.parent === undefined ? [] : (indicesOf.get(resource.parent) ?? []);
    append(indicesOf, resource.urn, index);
    if (resource.parent !== undefined) append(childrenOf, resource.parent, index);
    return [...new Set([...direct, ...inComponents, ...parents])];
  });
}

function urnsDependedOn(resource: StateResource): Set<string> {
  const { dependencies, propertyDependencies, deletedWith, provider } = resource;
  return new Set([
    ...(dependencies ?? []),
    ...Object.values(propertyDependencies ?? {}).flatMap((urns) => urns ?? []),
    ...(deletedWith ? [deletedWith] : []),
    ...(provider ? [provider.slice(0, provider.lastIndexOf("::"))] : []),
  ]);
}

function descendantsOf(urn: string, childrenOf: Map<string, number[]>, resources: StateResource[]): number[] {
  const children = childrenOf.get(urn) ?? [];
  return children.flatMap((child) => [child, ...descendantsOf(resources[child]!.urn, childrenOf, resources)]);
}

function append(map: Map<string, number[]>, key: string, index: number): void {
  map.set(key, [...(map.get(key) ?? []), index]);
}

/** A component goes early where nothing in it stays; the stack itself and providers stay for the others. */
function mayGoEarly(resource: StateResource): boolean {
  if (resource.custom !== true) return resource.type !== "pulumi:pulumi:Stack";
  return resource.type.startsWith("kubernetes:") && isDeleted(resource) && PHASES_BEFORE_DRAIN.has(phaseOf(resource));
}
