import {
  childAt,
  isUnknown,
  objectAt,
  poolShapeOf,
  SIMULATED_RESOURCES_ANNOTATION,
  type ToldPoolShape,
  type TreeObject,
} from "../../components/model";
import type { PlannedResource } from "../planned-resource";
import { machinesOf } from "./machines";
import type { PoolUnknown } from "./planned-pool";
import { findObject, groupKindOf, objectName, type StackIndex } from "./stack-index";

/** What declares a pool, and what is known of it in one place. */
export interface PoolSource {
  /** What it is to be called, as far as something says; names may be the same for several. */
  name: string | undefined;
  /** A component of this project, if one declares it. */
  component?: PlannedResource;
  /**
   * What makes its nodes: a node group, a NodePool, or the nodes themselves, which are equal; empty where none is told.
   */
  makers: PlannedResource[];
  /** What tells more of its machines: a launch template or node class. */
  machines?: PlannedResource;
  /** Objects of the same kind and name as one of the makers: the cluster has only one of them. */
  doubles?: PlannedResource[];
  shape: ToldPoolShape;
}

/** Types of resources that are nodes, or of which nodes are made. */
export const NODE_TYPE = "kubernetes:core/v1:Node";
export const NODE_GROUP_TYPE = "aws:eks/nodeGroup:NodeGroup";
export const KARPENTER_POOL_TYPE = "kubernetes:karpenter.sh/v1:NodePool";

const COMPONENT_TYPES = ["mlstack:index:GpuNodePool", "mlstack:index:SystemNodePool"];
const MAKER_TYPES = [NODE_GROUP_TYPE, KARPENTER_POOL_TYPE, NODE_TYPE];

/** Labels that tell nodes of one pool apart. */
const OF_ONE_NODE = "kubernetes.io/hostname";

/**
 * Every pool that a stack declares, once: a component with what it creates, and what makes nodes without one. Nodes
 * that are equal but for their names are one pool.
 */
export function poolSourcesOf(stack: StackIndex): PoolSource[] {
  const components = stack.resources.filter(({ type }) => COMPONENT_TYPES.includes(type)).map(sourceOfComponent);
  const byUrn = new Map(components.map((source) => [source.component!.urn, source]));
  const byName = new Map(components.map((source) => [source.name, source]));
  const others = new Map<string, PoolSource>();
  // Each of several clusters may have objects of the same names.
  const hasSeveralClusters = stack.resources.filter(({ type }) => type === CLUSTER_TYPE).length > 1;
  const sources = new Map<PlannedResource, PoolSource>();
  for (const maker of stack.resources.filter(({ type }) => MAKER_TYPES.includes(type))) {
    const double = hasSeveralClusters ? undefined : sources.get(firstOfName(maker, stack));
    if (double !== undefined) {
      (double.doubles ??= []).push(maker);
      continue;
    }
    const owner = ownerOf(maker, byUrn, stack);
    const shape = poolShapeOf(maker, machinesOf(maker, stack)) ?? {};
    const ofSameName = typeof shape.name === "string" ? byName.get(shape.name) : undefined;
    const component = owner ?? (maker.parent === undefined ? ofSameName : undefined);
    if (component !== undefined) {
      sources.set(maker, component);
      component.makers.push(maker);
      complete(component, shape, machinesOf(maker, stack));
      continue;
    }
    const key = maker.type === NODE_TYPE ? keyOf(maker) : maker.urn;
    const same = others.get(key);
    const source = same ?? sourceOfMaker(maker, shape, machinesOf(maker, stack));
    if (same === undefined) others.set(key, source);
    else same.makers.push(maker);
    sources.set(maker, source);
  }
  return [...components, ...others.values()];
}

const CLUSTER_TYPE = "aws:eks/cluster:Cluster";

/** The first object of the kind and name of a maker; the maker itself where it is none. */
function firstOfName(maker: PlannedResource, stack: StackIndex): PlannedResource {
  const named = groupKindOf(maker);
  if (named === undefined) return maker;
  return findObject(stack, named.group, named.kind, "", objectName(maker) ?? "") ?? maker;
}

function sourceOfComponent(component: PlannedResource): PoolSource {
  const shape = poolShapeOf(component) ?? {};
  return { name: nameOf(shape) ?? component.name, component, makers: [], shape };
}

function sourceOfMaker(
  maker: PlannedResource,
  shape: ToldPoolShape,
  machines: PlannedResource | undefined,
): PoolSource {
  return {
    name: nameOf(shape),
    makers: [maker],
    shape,
    ...(machines === undefined ? {} : { machines }),
  };
}

/** What a component does not say of its pool, what it creates may; labels come from both. */
function complete(source: PoolSource, shape: ToldPoolShape, machines: PlannedResource | undefined): void {
  const labels = [source.shape.labels, shape.labels].filter((each) => typeof each === "object");
  source.shape = { ...shape, ...source.shape, ...known(shape), ...known(source.shape) };
  if (labels.length > 0) source.shape.labels = Object.assign({}, ...labels) as (typeof labels)[number];
  if (machines !== undefined) source.machines ??= machines;
}

function known(shape: ToldPoolShape): ToldPoolShape {
  return Object.fromEntries(Object.entries(shape).filter(([, value]) => !isUnknown(value)));
}

/** The pool component that a resource lies in, however deep. */
function ownerOf(
  { parent }: PlannedResource,
  components: ReadonlyMap<string, PoolSource>,
  stack: StackIndex,
): PoolSource | undefined {
  const seen = new Set<string>();
  for (let urn = parent; urn !== undefined && !seen.has(urn); urn = stack.byUrn.get(urn)?.parent) {
    const component = components.get(urn);
    if (component !== undefined) return component;
    seen.add(urn);
  }
  return undefined;
}

function nameOf({ name }: ToldPoolShape): string | undefined {
  return typeof name === "string" && name !== "" ? name : undefined;
}

/**
 * What is to be said of objects of one kind and name. The one that is applied last replaces the others, so nothing is
 * certain of the pool where they differ.
 */
export function doublesUnknown({ doubles = [], makers }: PoolSource): PoolUnknown[] {
  return makers.flatMap((maker): PoolUnknown[] => {
    const title = `${groupKindOf(maker)?.kind} ${objectName(maker)}`;
    const same = doubles.filter((double) => `${groupKindOf(double)?.kind} ${objectName(double)}` === title);
    if (same.length === 0) return [];
    const times = `the stack declares ${title} ${same.length + 1} times`;
    const isEqual = same.every((double) => textOf(double.properties) === textOf(maker.properties));
    return isEqual
      ? [{ property: "usdPerNodeHour", reason: `${times}, and the cluster has it once, so it is counted once` }]
      : [{ property: "taints", reason: `${times}, of which the one that is applied last replaces the others` }];
  });
}

function textOf(properties: TreeObject): string {
  return JSON.stringify(properties, (_, value: unknown) => (isUnknown(value) ? { isUnknown: true } : value));
}

/** Nodes are equal where all is that pods and costs depend on. */
function keyOf({ properties }: PlannedResource): string {
  const { labels, annotations } = objectAt(properties, "metadata") ?? {};
  const { taints, unschedulable } = objectAt(properties, "spec") ?? {};
  const { capacity, allocatable } = objectAt(properties, "status") ?? {};
  const simulated = childAt(annotations, SIMULATED_RESOURCES_ANNOTATION);
  return JSON.stringify([labels, taints, unschedulable, capacity, allocatable, simulated], (key, value: unknown) => {
    if (key === OF_ONE_NODE) return undefined;
    return isUnknown(value) ? { isUnknown: true } : value;
  });
}
