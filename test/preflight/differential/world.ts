import type { Taint } from "../../../components/model";

/** A node of a world. */
export interface WorldNode {
  name: string;
  labels: Record<string, string>;
  taints: Taint[];
  /** Quantities by resource, `pods` among them. */
  allocatable: Record<string, string>;
  unschedulable?: boolean;
}

/** A pod of a world, as its creator would write it. */
export interface WorldPod {
  namespace: string;
  labels: Record<string, string>;
  spec: Record<string, unknown>;
}

/** Nodes, what runs on them already, and pods that come one after the other. */
export interface World {
  nodes: WorldNode[];
  /** Pods that are on their node without having been asked for by a scheduler, as those of DaemonSets of old. */
  placed: { node: string; pod: WorldPod }[];
  pods: WorldPod[];
  /** Whether pods stay where they are scheduled, so that the next one meets them; else each is judged on its own. */
  grows: boolean;
}

/**
 * What the scheduler says of a pod: the node that it chose, or why there is none. Of a pod that finds a node and does not
 * stay, `everywhere` is what is said of it where it asks for a device as well that no node has.
 *
 * @see {@link NO_DEVICE}
 */
export type Decision = { node: string; everywhere?: string } | { message: string };

/** A world with what the real scheduler said of each of its pods. */
export interface RecordedWorld {
  world: World;
  decisions: Decision[];
}
