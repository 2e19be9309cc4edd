import type { KubeConfig } from "@kubernetes/client-node";
import { readKubeconfig } from "../../../rehearsal/cluster/kubeconfig";
import { eventually, TestCluster } from "../../support/cluster";
import { type ApiObject, ApiServer } from "./api-server";
import {
  CLAIMS,
  DEVICE_CLAIM,
  DEVICE_CLASS,
  NAMESPACES,
  NO_DEVICE,
  PRIORITY_CLASS,
  RUNTIME_CLASSES,
  volumeOf,
} from "./cluster-objects";
import type { Decision, RecordedWorld, World, WorldNode, WorldPod } from "./world";

/** How long one decision may take, in milliseconds; usual are about twenty. */
const PATIENCE = 60_000;

/** Label that tells whether the scheduler has seen the last change of the nodes. */
const SEEN_LABEL = "mlstack.dev/seen";

/** How pods are removed: no kubelet is there to end them. */
const AT_ONCE = { gracePeriodSeconds: 0 };

/** What is said where none of the nodes has the label that is looked for. */
const NOT_SEEN = /\/(\d+) nodes .*: \1 node\(s\) didn't match Pod's/;

interface WatchedPod {
  metadata: { name: string };
  spec: { nodeName?: string };
  status: { conditions?: { type: string; status: string; reason?: string; message?: string }[] };
}

/** The kube-scheduler of an embedded cluster, led from world to world. */
export class RealScheduler {
  private names = 0;
  /** Namespaces in which pods may be left. */
  private readonly inhabited = new Set<string>();
  private readonly listeners = new Map<string, (pod: WatchedPod) => void>();
  private endWatch: () => void = () => undefined;

  private constructor(
    private readonly cluster: TestCluster,
    private readonly api: ApiServer,
  ) {}

  /** Starts a cluster with the namespaces, volumes and RuntimeClasses of all worlds, and no nodes. */
  static async start(): Promise<RealScheduler> {
    const cluster = await TestCluster.start();
    const config: KubeConfig = readKubeconfig(cluster.controlPlane.layout.kubeconfig);
    const scheduler = new RealScheduler(cluster, await ApiServer.connect(config));
    try {
      await scheduler.prepare();
    } catch (error) {
      await scheduler.close();
      throw error;
    }
    return scheduler;
  }

  /** Ends the cluster and removes it. */
  async close(): Promise<void> {
    this.endWatch();
    this.api.close();
    await this.cluster.remove();
  }

  /** Leaves the world before and enters another one; the scheduler has seen all of it afterwards. */
  private async enter({ nodes, placed }: Pick<World, "nodes" | "placed">): Promise<void> {
    for (const namespace of this.inhabited) {
      await this.api.send("DELETE", `/api/v1/namespaces/${namespace}/pods`, AT_ONCE);
    }
    this.inhabited.clear();
    await this.api.send("DELETE", "/api/v1/nodes");
    const created = await settled(nodes.map((node) => this.createNode(node)));
    await settled(placed.map(({ node, pod }) => this.create(this.nextName(), pod, node)));
    await this.finishNodes(nodes, created);
  }

  /** Leads the scheduler through a world, and notes what it says of each pod. */
  async record(world: World): Promise<RecordedWorld> {
    await this.enter(world);
    const decisions: Decision[] = [];
    for (const pod of world.pods) decisions.push(await this.decide(pod, world.grows));
    return { world, decisions };
  }

  /**
   * Lets the scheduler decide on a pod.
   *
   * @param stays Whether it then stays where it was bound, for those after it to meet.
   */
  private async decide(pod: WorldPod, stays: boolean): Promise<Decision> {
    const { name, decision } = await this.ask(pod);
    if ("node" in decision && stays) return decision;
    await this.remove(name, pod);
    if ("message" in decision) return decision;
    const { resourceClaims } = NO_DEVICE;
    const hopeless = { ...pod, spec: { ...pod.spec, resourceClaims } };
    const probed = await this.ask(hopeless);
    await this.remove(probed.name, hopeless);
    if ("node" in probed.decision) throw new Error("the scheduler placed a pod whose device no node has");
    return { ...decision, everywhere: probed.decision.message };
  }

  /** Creates a pod and waits for the first decision that will do. */
  private async ask(
    pod: WorldPod,
    willDo: (decision: Decision) => boolean = () => true,
  ): Promise<{ name: string; decision: Decision }> {
    const name = this.nextName();
    let timer: NodeJS.Timeout | undefined;
    try {
      const decision = await new Promise<Decision>((resolve, reject) => {
        timer = setTimeout(() => {
          reject(new Error(`nothing that would do was said of pod ${name} within ${PATIENCE / 1000} s`));
        }, PATIENCE);
        this.listeners.set(name, (seen) => {
          const decision = decisionOf(seen);
          if (decision instanceof Error) reject(decision);
          else if (decision && willDo(decision)) resolve(decision);
        });
        this.create(name, pod).catch(reject);
      });
      return { name, decision };
    } finally {
      clearTimeout(timer);
      this.listeners.delete(name);
    }
  }

  private async create(name: string, { namespace, labels, spec }: WorldPod, nodeName?: string): Promise<void> {
    this.inhabited.add(namespace);
    await this.api.send("POST", `/api/v1/namespaces/${namespace}/pods`, {
      metadata: { name, labels },
      spec: { ...spec, automountServiceAccountToken: false, ...(nodeName !== undefined && { nodeName }) },
    });
  }

  private async remove(name: string, { namespace }: WorldPod): Promise<void> {
    await this.api.send("DELETE", `/api/v1/namespaces/${namespace}/pods/${name}`, AT_ONCE);
  }

  private async createNode({ name, labels, allocatable }: WorldNode): Promise<ApiObject> {
    const conditions = [{ type: "Ready", status: "True", reason: "KubeletReady" }];
    const status = { allocatable, capacity: allocatable, conditions };
    return this.api.send("POST", "/api/v1/nodes", { metadata: { name, labels }, status });
  }

  /**
   * Gives new nodes their taints instead of the one that admission gives them, and waits until the scheduler has seen it.
   *
   * The scheduler learns of nodes and of pods on two ways, of which either may be late. What was changed last on the way of
   * the nodes is looked for with a pod until it is found; the pods before that one have come on its own way.
   */
  private async finishNodes(nodes: readonly WorldNode[], created: readonly ApiObject[]): Promise<void> {
    const finish = async (index: number, labels: object = {}) => {
      const { name, taints, unschedulable } = nodes[index]!;
      const { metadata, ...node } = created[index]!;
      const labelled = { ...metadata, labels: { ...metadata.labels, ...labels } };
      await this.api.send("PUT", `/api/v1/nodes/${name}`, {
        ...node,
        metadata: labelled,
        spec: { taints, unschedulable },
      });
    };
    const last = nodes.length - 1;
    await settled(nodes.slice(0, last).map((_, index) => finish(index)));
    const mark = this.nextName();
    await finish(last, { [SEEN_LABEL]: mark });

    const probe: WorldPod = {
      namespace: "default",
      labels: {},
      spec: {
        containers: [{ name: "main", image: "none" }],
        nodeSelector: { [SEEN_LABEL]: mark },
        tolerations: [{ operator: "Exists" }],
      },
    };
    const { name } = await this.ask(probe, (decision) => "node" in decision || !NOT_SEEN.test(decision.message));
    await this.remove(name, probe);
  }

  private async prepare(): Promise<void> {
    const { api } = this;
    await api.send("POST", "/apis/scheduling.k8s.io/v1/priorityclasses", PRIORITY_CLASS);
    await api.send("POST", "/apis/resource.k8s.io/v1/deviceclasses", DEVICE_CLASS);
    for (const [name, overhead] of Object.entries(RUNTIME_CLASSES)) {
      const more = overhead && { overhead: { podFixed: overhead } };
      await api.send("POST", "/apis/node.k8s.io/v1/runtimeclasses", { metadata: { name }, handler: name, ...more });
    }
    for (const [namespace, labels] of Object.entries(NAMESPACES)) {
      if (namespace !== "default")
        await api.send("POST", "/api/v1/namespaces", { metadata: { name: namespace, labels } });
      await api.send("POST", `/apis/resource.k8s.io/v1/namespaces/${namespace}/resourceclaims`, DEVICE_CLAIM);
      for (const [name, terms] of Object.entries(CLAIMS)) {
        const { volume, claim } = volumeOf(name, namespace, terms);
        await api.send("POST", "/api/v1/persistentvolumes", volume);
        await api.send("POST", `/api/v1/namespaces/${namespace}/persistentvolumeclaims`, claim);
      }
    }
    await eventually("volumes are bound", async () => {
      const { items } = await api.send("GET", "/api/v1/persistentvolumeclaims");
      return (items as { status?: { phase?: string } }[]).every(({ status }) => status?.phase === "Bound");
    });
    for (const namespace of Object.keys(NAMESPACES)) {
      await eventually(`${namespace} has a ServiceAccount`, () =>
        api.send("GET", `/api/v1/namespaces/${namespace}/serviceaccounts/default`).catch(() => undefined),
      );
    }
    await this.endControllers();
    this.endWatch = await api.watch("/api/v1/pods", ({ type, object }) => {
      const pod = object as unknown as WatchedPod;
      if (type !== "DELETED") this.listeners.get(pod.metadata.name)?.(pod);
    });
  }

  /** Nodes without a kubelet would be found lost by the controllers, and their pods taken away; KWOK has nothing to do. */
  private async endControllers(): Promise<void> {
    for (const { name, pid } of await this.cluster.controlPlane.status()) {
      if (name === "kube-controller-manager" || name === "kwok") process.kill(pid!);
    }
  }

  private nextName(): string {
    this.names += 1;
    return `p${this.names}`;
  }
}

/** Like `Promise.all`, but what goes wrong is thrown once all else is done, so that nothing comes after it unexpectedly. */
async function settled<T>(promises: Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}

/** What the scheduler said of a pod; undefined as long as it said nothing, an error where it failed. */
function decisionOf({ spec, status }: WatchedPod): Decision | Error | undefined {
  if (spec.nodeName) return { node: spec.nodeName };
  const condition = status.conditions?.find(({ type }) => type === "PodScheduled");
  if (condition?.status !== "False") return undefined;
  const { reason, message = "" } = condition;
  return reason === "Unschedulable" ? { message } : new Error(`the scheduler failed: ${reason}: ${message}`);
}
