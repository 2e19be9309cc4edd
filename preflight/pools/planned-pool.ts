import type { PoolShape, ToldPoolShape } from "../../components/model";
import type { Amounts } from "../scheduling/amounts";
import type { SchedulableNode } from "../scheduling/node";
import type { SchedulablePod } from "../scheduling/pod";
import type { ChosenLabels } from "./chosen-labels";

/** What a DaemonSet takes of every node of a pool. */
export interface DaemonShare {
  /** For example `DaemonSet kube-system/nvidia-device-plugin`. */
  daemon: string;
  requests: Amounts;
}

/** A pool as pods meet it: how many nodes there may be, and what each offers. */
export interface PlannedPool {
  /** Name by which reports call it; unique in the plan. */
  name: string;
  /** URNs of the resources that declare it: a component, a node group, a NodePool, or each of its nodes. */
  resources: string[];
  /** As far as the resources tell it; what is missing is neither guessed nor taken for zero. */
  shape: ToldPoolShape;
  /** Nodes that are there without any pod. */
  minNodes: number;
  /** Nodes at its largest; undefined where nothing bounds it. */
  maxNodes: number | undefined;
  /** Zones that new nodes may be in, at least one; `""` where nothing is said of zones. */
  zones: readonly string[];
  /** What runs on every node before any other pod. */
  daemons: readonly DaemonShare[];
  /**
   * Pods of the stack's DaemonSets, of which every node has one each, without what they ask for: other pods may want to
   * be near them or not. Absent where there are none.
   */
  residents?: readonly SchedulablePod[];
  /** What pods can have of an empty node, without what its DaemonSets take. */
  free: Amounts;
  /** What keeps the pool from being judged: fields that are not known yet, or unknown instance types. */
  unknowns: readonly PoolUnknown[];
  /**
   * Labels that nodes may have beside those of `nodeAt`, with any value: keys, and beginnings of keys that end in a
   * slash; the empty text stands for all. Drivers, finders of features and the cloud put them there, or pods choose
   * them.
   */
  openLabels: readonly string[];
  /**
   * Labels whose values new nodes take from the pods that they are started for, with the values that are allowed; absent
   * where there are none.
   */
  chosenLabels?: ChosenLabels;
  /** A node of the pool in a zone, by its number from 1; those that are there already have their own names. */
  nodeAt: (zone: string, number: number) => SchedulableNode;
  /** Pools with more are asked first for new nodes: `weight` of a NodePool, from 1 to 100; 0 by default. */
  weight?: number;
  /** USD per hour by which whoever starts nodes prefers one pool or machine to another; absent where it is not known. */
  preferencePrice?: number;
  /**
   * The pool with nodes of each of its instance types alone, where the type is chosen by the pods that a node is started
   * for; absent where there is one type, or nobody chooses, and everything above is that of the smallest then.
   */
  machines?: readonly PlannedMachine[];
  /** What all nodes of the machines may be together, resource by resource; empty where nothing bounds them. */
  limits?: readonly number[];
}

/** A pool as far as its nodes are of one of several instance types; `maxNodes` are those of this type without others. */
export interface PlannedMachine extends PlannedPool {
  instanceType: string;
  /** What a node takes of each of the pool's `limits`, in their order. */
  uses: readonly number[];
}

/** The machines that nodes of a pool may be: those of its instance types, or the pool as it is. */
export function machinesOf(pool: PlannedPool): readonly (PlannedPool | PlannedMachine)[] {
  return pool.machines ?? [pool];
}

/** Something of a pool that is not known. */
export interface PoolUnknown {
  /** Property of the shape, for example `vcpus`. */
  property: keyof PoolShape;
  /** Why, as part of a sentence: `the instance type x9.large is in no table`. */
  reason: string;
}
