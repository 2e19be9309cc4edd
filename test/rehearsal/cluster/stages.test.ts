import { AppsV1Api, BatchV1Api, CoreV1Api, type V1Pod } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually, TestCluster } from "../../support/cluster";

const namespace = "default";
const container = { name: "main", image: "example.test/image:1" };

describe("simulated nodes and pods", { timeout: 60_000 }, () => {
  let cluster: TestCluster;
  beforeAll(async () => {
    cluster = await TestCluster.start();
    const resources = { cpu: "16", memory: "64Gi", pods: "110", "ephemeral-storage": "100Gi", "nvidia.com/gpu": "4" };
    await cluster.create({
      apiVersion: "v1",
      kind: "Node",
      metadata: {
        name: "gpu-0",
        annotations: { "kwok.x-k8s.io/node": "fake" },
        labels: { "kubernetes.io/arch": "arm64" },
      },
      status: { capacity: resources, allocatable: resources },
    });
  });
  afterAll(() => cluster.remove());

  function podSpec(restartPolicy: string, simulate?: string) {
    return {
      metadata: { labels: { app: "x" }, ...(simulate ? { annotations: { "mlstack.dev/simulate": simulate } } : {}) },
      spec: { restartPolicy, containers: [container] },
    };
  }

  async function createPod(name: string, restartPolicy: string, simulate?: string): Promise<void> {
    const { metadata, spec } = podSpec(restartPolicy, simulate);
    await cluster.create({ apiVersion: "v1", kind: "Pod", metadata: { ...metadata, name, namespace }, spec });
  }

  const readPod = (name: string) => cluster.api(CoreV1Api).readNamespacedPod({ name, namespace });
  const podIn = (name: string, phase: string) =>
    eventually(`pod ${name} is ${phase}`, async () => {
      const pod = await readPod(name);
      return pod.status?.phase === phase && pod;
    });
  const seconds = (pod: V1Pod) => {
    const ended = pod.status?.containerStatuses?.[0]?.state?.terminated;
    return (ended!.finishedAt!.getTime() - ended!.startedAt!.getTime()) / 1000;
  };

  it("makes a node ready, of the architecture that its label names", async () => {
    const node = await eventually("the node is ready", async () => {
      const node = await cluster.api(CoreV1Api).readNode({ name: "gpu-0" });
      return node.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") && node;
    });
    expect(node.status?.nodeInfo?.architecture).toBe("arm64");
    expect(node.status?.allocatable?.["nvidia.com/gpu"]).toBe("4");
  });

  it("lets a pod that may end succeed after a second", async () => {
    await createPod("default-never", "Never");
    const pod = await podIn("default-never", "Succeeded");
    expect(pod.status?.containerStatuses?.[0]?.state?.terminated).toMatchObject({ exitCode: 0, reason: "Completed" });
  });

  it("lets a pod that always restarts run on", async () => {
    await createPod("default-always", "Always");
    const pod = await podIn("default-always", "Running");
    expect(pod.status?.conditions?.find(({ type }) => type === "Ready")?.status).toBe("True");
    expect(pod.status?.podIP).toMatch(/^10\.0\./);
  });

  it("takes the time that the annotation gives", async () => {
    await createPod("slow", "Never", "succeed after=3s");
    expect(seconds(await podIn("slow", "Succeeded"))).toBeGreaterThanOrEqual(2);
  });

  it("fails with the exit code that the annotation gives", async () => {
    await createPod("failing", "Never", "fail after=500ms exit=137");
    const pod = await podIn("failing", "Failed");
    expect(pod.status?.containerStatuses?.[0]?.state?.terminated?.exitCode).toBe(137);
  });

  it("fails with exit code 1 when the annotation gives none", async () => {
    await createPod("failing-plainly", "Never", "fail");
    const pod = await podIn("failing-plainly", "Failed");
    expect(pod.status?.containerStatuses?.[0]?.state?.terminated?.exitCode).toBe(1);
  });

  it("restarts a failing container where its pod may restart", async () => {
    await createPod("crashing", "Always", "fail after=200ms");
    const pod = await eventually("the container restarted twice", async () => {
      const pod = await readPod("crashing");
      return (pod.status?.containerStatuses?.[0]?.restartCount ?? 0) >= 2 && pod;
    });
    expect(pod.status?.phase).toBe("Running");
    expect(pod.status?.containerStatuses?.[0]?.lastState?.terminated?.exitCode).toBe(1);
  });

  it("keeps a batch pod running when the annotation says so, until it is deleted", async () => {
    await createPod("endless", "Never", "run");
    await podIn("endless", "Running");
    await cluster.api(CoreV1Api).deleteNamespacedPod({ name: "endless", namespace });
    await eventually("the pod is gone", () =>
      readPod("endless").then(
        () => false,
        () => true,
      ),
    );
  });

  it("lets a Job replace a pod that is deleted while it runs, as after a disruption", async () => {
    await cluster.create({
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { name: "disrupted", namespace },
      spec: {
        backoffLimit: 3,
        podReplacementPolicy: "Failed",
        podFailurePolicy: {
          rules: [{ action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] }],
        },
        template: podSpec("Never", "succeed after=3s"),
      },
    });
    const core = cluster.api(CoreV1Api);
    const pods = async () => (await core.listNamespacedPod({ namespace, labelSelector: "job-name=disrupted" })).items;
    const first = await eventually("its pod runs", async () => {
      const [pod] = await pods();
      return pod?.status?.phase === "Running" && pod;
    });
    await core.deleteNamespacedPod({ name: first.metadata!.name!, namespace });
    await eventually("another pod completes the Job", async () => {
      const { status } = await cluster.api(BatchV1Api).readNamespacedJob({ name: "disrupted", namespace });
      return status?.succeeded === 1;
    });
    expect((await pods()).map(({ metadata }) => metadata?.uid)).not.toContain(first.metadata!.uid);
  });

  it("makes a node ready that has no labels at all", async () => {
    await cluster.create({
      apiVersion: "v1",
      kind: "Node",
      metadata: { name: "bare", annotations: { "kwok.x-k8s.io/node": "fake" } },
      spec: { unschedulable: true },
    });
    const node = await eventually("the node is ready", async () => {
      const node = await cluster.api(CoreV1Api).readNode({ name: "bare" });
      return node.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") && node;
    });
    expect(node.status?.nodeInfo?.architecture).toBe("amd64");
  });

  it("makes a Job complete, and another one fail at its backoff limit", async () => {
    const job = (name: string, simulate: string) => ({
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { name, namespace },
      spec: { backoffLimit: 0, template: podSpec("Never", simulate) },
    });
    await cluster.create(job("good", "succeed"));
    await cluster.create(job("bad", "fail exit=2"));
    for (const [name, condition] of [
      ["good", "Complete"],
      ["bad", "Failed"],
    ] as const) {
      await eventually(`Job ${name} is ${condition}`, async () => {
        const { status } = await cluster.api(BatchV1Api).readNamespacedJob({ name, namespace });
        return status?.conditions?.some((item) => item.type === condition && item.status === "True");
      });
    }
  });

  it("settles Deployments, DaemonSets, and StatefulSets with their volumes", async () => {
    const workload = (kind: string, extra: object) => ({
      apiVersion: "apps/v1",
      kind,
      metadata: { name: "settling", namespace },
      spec: { selector: { matchLabels: { app: "x" } }, template: podSpec("Always"), ...extra },
    });
    const claim = {
      metadata: { name: "data" },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
    };
    await cluster.create(workload("Deployment", { replicas: 2 }));
    await cluster.create(workload("DaemonSet", {}));
    await cluster.create(workload("StatefulSet", { replicas: 2, serviceName: "x", volumeClaimTemplates: [claim] }));
    const apps = cluster.api(AppsV1Api);
    const name = "settling";
    await eventually("all are ready", async () => {
      const [deployment, daemons, stateful] = await Promise.all([
        apps.readNamespacedDeployment({ name, namespace }),
        apps.readNamespacedDaemonSet({ name, namespace }),
        apps.readNamespacedStatefulSet({ name, namespace }),
      ]);
      const ready = [deployment.status?.readyReplicas, daemons.status?.numberReady, stateful.status?.readyReplicas];
      return ready.join() === "2,1,2";
    });
    const claims = await cluster.api(CoreV1Api).listNamespacedPersistentVolumeClaim({ namespace });
    expect(claims.items.map(({ status }) => status?.phase)).toEqual(["Bound", "Bound"]);
  });

  it("gives a volume back when its claim is deleted", async () => {
    const core = cluster.api(CoreV1Api);
    await cluster.api(AppsV1Api).deleteNamespacedStatefulSet({ name: "settling", namespace });
    await core.deleteCollectionNamespacedPersistentVolumeClaim({ namespace });
    await eventually("no volume is left", async () => (await core.listPersistentVolume()).items.length === 0);
  });
});
