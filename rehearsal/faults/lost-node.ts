import {
  CoreV1Api,
  type KubeConfig,
  PatchStrategy,
  setHeaderOptions,
  type V1Node,
  type V1Pod,
} from "@kubernetes/client-node";
import { unlessCode } from "../cluster/api-errors";

const merge = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);

/** Kind of the object by which Karpenter knows a node that it started, and which owns that node. */
export const CLAIM = "NodeClaim";

/** Nodes of a cluster and what is on them, for what becomes of them when machines are gone. */
export class LostNodes {
  private readonly core: CoreV1Api;

  constructor(config: KubeConfig) {
    this.core = config.makeApiClient(CoreV1Api);
  }

  /** The nodes with some labels. */
  async nodes(labels: Record<string, string> = {}): Promise<V1Node[]> {
    const labelSelector = Object.entries(labels)
      .map(([key, value]) => `${key}=${value}`)
      .join();
    return (await this.core.listNode({ labelSelector })).items;
  }

  /** The pods on a node that have not ended. */
  async pods(node: string): Promise<V1Pod[]> {
    const { items } = await this.core.listPodForAllNamespaces({ fieldSelector: `spec.nodeName=${node}` });
    return items.filter(({ status }) => status?.phase !== "Succeeded" && status?.phase !== "Failed");
  }

  /**
   * Has a machine be gone: its Node goes at once, whatever still has a say in that, and its pods are ended as the control plane
   * does it with pods of nodes that are not there any more. That would take it a minute, hours of a rehearsal.
   *
   * @returns how many pods were on it.
   * @see https://kubernetes.io/docs/concepts/workloads/pods/disruptions/#pod-disruption-conditions (1.36)
   */
  async lose({ metadata }: V1Node): Promise<number> {
    const name = metadata?.name ?? "";
    const pods = await this.pods(name);
    await this.core.deleteNode({ name }).catch(unlessCode(404));
    await this.core.patchNode({ name, body: { metadata: { finalizers: null } } }, merge).catch(unlessCode(404));
    await Promise.all(pods.map((pod) => this.end(pod)));
    return pods.length;
  }

  /** Has a node take no more pods. */
  async cordon(name: string): Promise<void> {
    await this.core.patchNode({ name, body: { spec: { unschedulable: true } } }, merge).catch(unlessCode(404));
  }

  /** Asks each pod of a node to go; those that a PodDisruptionBudget keeps stay. */
  async evict(node: string): Promise<void> {
    const refused = unlessCode(429);
    await Promise.all(
      (await this.pods(node)).map(async ({ metadata }) => {
        const { name = "", namespace = "" } = metadata ?? {};
        const body = { metadata: { name, namespace } };
        await this.core.createNamespacedPodEviction({ name, namespace, body }).catch(unlessCode(404)).catch(refused);
      }),
    );
  }

  private async end({ metadata }: V1Pod): Promise<void> {
    const { name = "", namespace = "" } = metadata ?? {};
    const at = { name, namespace };
    const condition = {
      type: "DisruptionTarget",
      status: "True",
      reason: "DeletionByPodGC",
      message: "The node is gone",
      lastTransitionTime: new Date(),
    };
    const status = { phase: "Failed", conditions: [condition] };
    const strategic = setHeaderOptions("Content-Type", PatchStrategy.StrategicMergePatch);
    await this.core.patchNamespacedPodStatus({ ...at, body: { status } }, strategic).catch(unlessCode(404));
    await this.core.deleteNamespacedPod({ ...at, gracePeriodSeconds: 0 }).catch(unlessCode(404));
  }
}
