import {
  BatchV1Api,
  CoreV1Api,
  type KubeConfig,
  KubernetesObjectApi,
  type V1Pod,
  makeInformer,
} from "@kubernetes/client-node";
import { QUEUED_NAMESPACE_LABEL, SIMULATED_RESOURCES_ANNOTATION } from "../../components/model";
import { readKubeconfig } from "../../rehearsal/cluster/kubeconfig";
import { type Benchmark, secondsOf } from "../benchmark";
import { inParallel, until } from "../waiting";

const NAMESPACE = "training";
const FLEET = "fleet";
const PODS_PER_JOB = 5;

/** Of each node. */
const AMOUNTS = { cpu: "96", memory: "1024Gi", pods: "110", "ephemeral-storage": "1024Gi", "nvidia.com/gpu": "8" };

const KUEUE = "kueue.x-k8s.io/v1beta2";

/** How long it may take, in milliseconds. */
const PATIENCE = 3_600_000;

/** Many nodes with GPUs, and Jobs that want these. */
export class GpuFleet {
  private readonly config: KubeConfig;
  private readonly core: CoreV1Api;

  constructor(
    kubeconfig: string,
    private readonly scale: Benchmark["scale"],
  ) {
    this.config = readKubeconfig(kubeconfig);
    this.core = this.config.makeApiClient(CoreV1Api);
  }

  /** Creates the nodes. @returns the seconds until all are ready. */
  async createNodes(): Promise<number> {
    const names = Array.from({ length: this.scale.nodes }, (_, index) => `gpu-${index}`);
    const told = JSON.stringify({ capacity: AMOUNTS, allocatable: AMOUNTS });
    return secondsOf(async () => {
      await inParallel(names, (name) =>
        this.core.createNode({
          body: {
            metadata: {
              name,
              labels: { [FLEET]: "true" },
              annotations: { "kwok.x-k8s.io/node": "fake", [SIMULATED_RESOURCES_ANNOTATION]: told },
            },
          },
        }),
      );
      const isReady = async () => {
        const { items } = await this.core.listNode({ labelSelector: FLEET });
        return items.every(({ status, spec }) => {
          const ready = status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True");
          return ready === true && (spec?.taints ?? []).length === 0;
        });
      };
      await until("nodes are ready", isReady, PATIENCE);
    });
  }

  /** Creates the Jobs, in a queue with room for all where there is one. @returns the seconds until all of their pods run. */
  async runJobs(hasQueue: boolean): Promise<number> {
    const { pods: count } = this.scale;
    const labels = hasQueue ? { [QUEUED_NAMESPACE_LABEL]: "true" } : {};
    await this.core.createNamespace({ body: { metadata: { name: NAMESPACE, labels } } });
    if (hasQueue) await this.createQueue();
    await until("pods can be created", async () => {
      const { items } = await this.core.listNamespacedServiceAccount({ namespace: NAMESPACE });
      return items.length > 0;
    });
    const running = new Set<string>();
    const note = ({ metadata, status }: V1Pod) => {
      if (status?.phase === "Running") running.add(metadata!.name!);
    };
    const pods = makeInformer(this.config, `/api/v1/namespaces/${NAMESPACE}/pods`, () =>
      this.core.listNamespacedPod({ namespace: NAMESPACE }),
    );
    pods.on("add", note);
    pods.on("update", note);
    await pods.start();
    const jobs = Array.from({ length: Math.ceil(count / PODS_PER_JOB) }, (_, index) => ({
      name: `job-${index}`,
      pods: Math.min(PODS_PER_JOB, count - index * PODS_PER_JOB),
    }));
    const batch = this.config.makeApiClient(BatchV1Api);
    const seconds = await secondsOf(async () => {
      await inParallel(jobs, (job) => batch.createNamespacedJob({ namespace: NAMESPACE, body: jobOf(job, hasQueue) }));
      await until("all pods run", () => running.size === count, PATIENCE);
    });
    await pods.stop();
    return seconds;
  }

  private async createQueue(): Promise<void> {
    const api = KubernetesObjectApi.makeApiClient(this.config);
    const quota = (name: string, nominalQuota: string) => ({ name, nominalQuota });
    const resources = [quota("cpu", "1M"), quota("memory", "1Pi"), quota("nvidia.com/gpu", String(this.scale.pods))];
    const coveredResources = resources.map(({ name }) => name);
    const object = (kind: string, spec: object, namespace?: string) =>
      api.create({
        apiVersion: KUEUE,
        kind,
        metadata: { name: FLEET, ...(namespace !== undefined && { namespace }) },
        spec,
      } as never);
    await object("ResourceFlavor", { nodeLabels: { [FLEET]: "true" } });
    await object("ClusterQueue", {
      namespaceSelector: {},
      resourceGroups: [{ coveredResources, flavors: [{ name: FLEET, resources }] }],
    });
    await object("LocalQueue", { clusterQueue: FLEET }, NAMESPACE);
  }
}

function jobOf({ name, pods }: { name: string; pods: number }, hasQueue: boolean) {
  const gpus = { "nvidia.com/gpu": "1" };
  return {
    metadata: { name, ...(hasQueue && { labels: { "kueue.x-k8s.io/queue-name": FLEET } }) },
    spec: {
      parallelism: pods,
      completions: pods,
      template: {
        metadata: { annotations: { "mlstack.dev/simulate": "run" } },
        spec: {
          restartPolicy: "Never",
          nodeSelector: { [FLEET]: "true" },
          automountServiceAccountToken: false,
          containers: [
            {
              name: "train",
              image: "registry.example.com/train:1",
              resources: { requests: { cpu: "4", memory: "16Gi", ...gpus }, limits: gpus },
            },
          ],
        },
      },
    },
  };
}
