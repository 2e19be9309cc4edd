import { CoreV1Api, type V1Node, type V1Pod } from "@kubernetes/client-node";
import { SIMULATED_RESOURCES_ANNOTATION } from "../../components/model";
import type { SchedulableNode } from "../../preflight/scheduling/node";
import type { ControlPlane } from "../../rehearsal/cluster/control-plane";
import { readKubeconfig } from "../../rehearsal/cluster/kubeconfig";
import { inParallel, until } from "../waiting";

/** Taints that a node has until it is ready. */
const NOT_READY = "node.kubernetes.io/not-ready";

/** The kube-scheduler of an embedded cluster, with nodes that run nothing. */
export class RealScheduler {
  private constructor(private readonly api: CoreV1Api) {}

  /** Starts an embedded cluster with some nodes; afterwards nothing but the scheduler works in it. */
  static async start(controlPlane: ControlPlane, nodes: readonly SchedulableNode[]): Promise<RealScheduler> {
    await controlPlane.start();
    const api = readKubeconfig(controlPlane.layout.kubeconfig).makeApiClient(CoreV1Api);
    const scheduler = new RealScheduler(api);
    await inParallel(nodes, (node) => api.createNode({ body: nodeManifest(node) }));
    await until("nodes are ready", async () => {
      const { items } = await api.listNode();
      return items.length === nodes.length && items.every(isReady);
    });
    await until("pods can be created", async () => {
      const { items } = await api.listNamespacedServiceAccount({ namespace: "default" });
      return items.length > 0;
    });
    // Pods that start, and controllers that look at them, would take time from the scheduler.
    for (const { name, pid } of await controlPlane.status()) {
      if (pid !== undefined && (name === "kube-controller-manager" || name === "kwok")) process.kill(pid);
    }
    return scheduler;
  }

  /** Creates pods and waits until the scheduler has decided on each. Returns how many it bound. */
  async decide(pods: readonly V1Pod[]): Promise<number> {
    await inParallel(pods, (body) => this.api.createNamespacedPod({ namespace: "default", body }));
    let waiting: V1Pod[] = [];
    await until("pods are decided on", async () => {
      ({ items: waiting } = await this.api.listNamespacedPod({
        namespace: "default",
        fieldSelector: "spec.nodeName=",
      }));
      return waiting.every(isDecided);
    });
    return pods.length - waiting.length;
  }
}

function nodeManifest({ name, labels, taints, allocatable }: SchedulableNode): V1Node {
  const quantities = Object.fromEntries(
    [...allocatable].map(([resource, amount]) => [resource, resource === "cpu" ? `${amount}m` : String(amount)]),
  );
  return {
    metadata: {
      name,
      labels: { ...labels },
      annotations: {
        "kwok.x-k8s.io/node": "fake",
        [SIMULATED_RESOURCES_ANNOTATION]: JSON.stringify({ capacity: quantities, allocatable: quantities }),
      },
    },
    spec: { taints: taints.map((taint) => ({ ...taint })) },
  };
}

function isReady({ spec, status }: V1Node): boolean {
  const isTainted = (spec?.taints ?? []).some(({ key }) => key === NOT_READY);
  return !isTainted && (status?.conditions ?? []).some((each) => each.type === "Ready" && each.status === "True");
}

function isDecided({ status }: V1Pod): boolean {
  return (status?.conditions ?? []).some(({ type, status: is }) => type === "PodScheduled" && is === "False");
}
