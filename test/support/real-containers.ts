import type { V1Pod } from "@kubernetes/client-node";
import { clusterLayout } from "../../rehearsal/cluster/layout";
import { onNode } from "../../rehearsal/real-node/node-images";
import { realNodes } from "../../rehearsal/real-node/real-nodes";
import type { RehearsedStack } from "./rehearsed-stack";

/** Kills the program of a pod's first container as the kernel would: from outside, with a signal that it cannot catch. */
export async function killProgram(stack: RehearsedStack, pod: V1Pod): Promise<void> {
  const [node] = realNodes({ count: 1 }, clusterLayout(stack.state));
  const id = pod.status!.containerStatuses![0]!.containerID!.replace("containerd://", "");
  await onNode(node!, ["ctr", "--namespace", "k8s.io", "tasks", "kill", "--signal", "SIGKILL", id]);
}
