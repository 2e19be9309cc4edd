import { SIMULATED_RESOURCES_ANNOTATION } from "../../../components/model";
import { NO_DEVICE } from "../differential/cluster-objects";
import type { World, WorldNode, WorldPod } from "../differential/world";
import { type MadePods, madePods } from "./controllers";
import type { DeclaredStack, Manifest } from "./stack";

type Tree = Record<string, unknown>;

/** Equal pods that the scheduler is to place one after the other. */
export interface Offer {
  made: MadePods;
  /** How many are offered: more than can be placed, as far as is thought. */
  pods: number;
}

/** What became of the pods of an offer. */
export interface Outcome {
  title: string;
  offered: number;
  /** What is said of all nodes while they are empty, by a pod that asks for a device which none has. */
  everywhere: string;
  /** The nodes of the pods that were placed, in their order. */
  nodes: string[];
}

/** A stack with what became of the pods that it brings. */
export interface RecordedStack {
  stack: DeclaredStack;
  outcomes: Outcome[];
}

/** The pods of each set in the order of the workloads. */
export function madeBy({ workloads }: DeclaredStack): MadePods[] {
  return workloads.flatMap(madePods);
}

/** A world of the nodes of a stack with its DaemonSets, in which first each set is looked at, and then offered. */
export function worldOf({ nodes, others }: DeclaredStack, offers: readonly Offer[]): World {
  const all = nodes.map(nodeOf);
  const daemons = others.filter(({ kind }) => kind === "DaemonSet");
  return {
    nodes: all,
    placed: daemons.flatMap((daemon) => {
      const pod = daemonPod(daemon);
      return all.filter((node) => isSelected(node, pod)).map(({ name }) => ({ node: name, pod }));
    }),
    pods: [
      ...offers.map(({ made }) => hopeless(made.pod(0))),
      ...offers.flatMap(({ made, pods }) => Array.from({ length: pods }, (_, index) => made.pod(index))),
    ],
    grows: true,
  };
}

/** A node as it reports itself once it is there. */
export function nodeOf({ metadata, spec, status }: Manifest): WorldNode {
  const { taints = [], unschedulable } = spec as Pick<WorldNode, "unschedulable"> & { taints?: WorldNode["taints"] };
  const announced = metadata.annotations?.[SIMULATED_RESOURCES_ANNOTATION];
  const sides = (announced === undefined ? status : JSON.parse(announced)) as Record<string, Record<string, string>>;
  return {
    name: metadata.name,
    labels: metadata.labels ?? {},
    taints,
    // A kubelet that sets nothing aside reports as allocatable all that there is.
    allocatable: sides["allocatable"] ?? sides["capacity"]!,
    ...(unschedulable === true && { unschedulable }),
  };
}

/** A pod that fails on every node, and last of all for that. */
function hopeless(pod: WorldPod): WorldPod {
  return { ...pod, spec: { ...pod.spec, resourceClaims: NO_DEVICE.resourceClaims } };
}

function daemonPod({ metadata: { namespace = "default" }, spec }: Manifest): WorldPod {
  const { metadata, spec: pod } = (spec as Tree)["template"] as { metadata: Tree; spec: Tree };
  return { namespace, labels: metadata["labels"] as Record<string, string>, spec: pod };
}

/** DaemonSets of the stacks tolerate everything, so their selector alone decides. */
function isSelected({ labels }: WorldNode, { spec }: WorldPod): boolean {
  return Object.entries((spec["nodeSelector"] ?? {}) as Record<string, string>).every(
    ([key, value]) => labels[key] === value,
  );
}
