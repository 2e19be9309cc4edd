import { existsSync, readFileSync, statSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { CoordinationV1Api, CoreV1Api } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rememberedAddresses } from "../../../rehearsal/cluster/addresses";
import { ControlPlane } from "../../../rehearsal/cluster/control-plane";
import { PROCESS_NAMES } from "../../../rehearsal/cluster/processes";
import { eventually, TestCluster } from "../../support/cluster";
import { processesMentioning } from "../../support/processes";
import { toolPath } from "../../support/toolchain";

describe("the embedded control plane", { timeout: 120_000 }, () => {
  let cluster: TestCluster;
  beforeAll(async () => {
    cluster = await TestCluster.start();
  });
  afterAll(() => cluster.remove());

  async function kill(name: string): Promise<void> {
    const state = async () => (await cluster.controlPlane.status()).find((status) => status.name === name);
    process.kill((await state())!.pid!, "SIGKILL");
    await eventually(`${name} is gone`, async () => (await state())?.state === "stopped");
  }

  const configMap = { metadata: { name: "kept" }, data: { written: "before" } };

  it("runs every process, each with a port of its own on loopback", async () => {
    const processes = await cluster.controlPlane.status();
    expect(processes.map(({ name, state }) => [name, state])).toEqual(PROCESS_NAMES.map((name) => [name, "ready"]));
    expect(new Set(processes.map(({ port }) => port)).size).toBe(PROCESS_NAMES.length);
    for (const { pid, memoryMib } of processes) {
      expect(pid).toBeGreaterThan(0);
      expect(memoryMib).toBeGreaterThan(10);
    }
  });

  it("starts nothing again that runs", async () => {
    expect(await cluster.controlPlane.start()).toEqual({ started: [], isNew: false });
  });

  it("answers as the pinned Kubernetes version, and only to those with a certificate", async () => {
    const addresses = await rememberedAddresses(cluster.controlPlane.layout);
    const { default: https } = await import("node:https");
    const status = await new Promise<number | undefined>((resolve, reject) => {
      https
        .get(
          {
            host: "127.0.0.1",
            port: addresses?.ports.apiServer,
            path: "/api/v1/secrets",
            ca: readFileSync(join(cluster.controlPlane.layout.pki, "ca.crt")),
            agent: false,
          },
          (response) => {
            response.resume();
            resolve(response.statusCode);
          },
        )
        .on("error", reject);
    });
    expect(status).toBe(403);
  });

  it("keeps private keys from other users of the machine", () => {
    const { pki, kubeconfig } = cluster.controlPlane.layout;
    expect(statSync(pki).mode & 0o077).toBe(0);
    for (const file of ["ca.key", "admin.key", "service-account.key"]) {
      expect(statSync(join(pki, file)).mode & 0o077).toBe(0);
    }
    expect(statSync(kubeconfig).mode & 0o077).toBe(0);
  });

  it.each(PROCESS_NAMES)("notices that %s was killed, starts it again and loses nothing", async (name) => {
    const core = cluster.api(CoreV1Api);
    await core.createNamespacedConfigMap({ namespace: "default", body: configMap }).catch(() => undefined);
    await kill(name);

    expect(await cluster.controlPlane.start()).toEqual({ started: [name], isNew: false });

    expect((await cluster.controlPlane.status()).map(({ state }) => state)).toEqual(PROCESS_NAMES.map(() => "ready"));
    const kept = await cluster.api(CoreV1Api).readNamespacedConfigMap({ name: "kept", namespace: "default" });
    expect(kept.data).toEqual(configMap.data);
  });

  it("runs pods at once after KWOK was started again, as it holds the nodes' leases by the same name as before", async () => {
    const core = cluster.api(CoreV1Api);
    const resources = { cpu: "4", memory: "8Gi", pods: "110", "ephemeral-storage": "10Gi" };
    await cluster.create({
      apiVersion: "v1",
      kind: "Node",
      metadata: { name: "node-0", annotations: { "kwok.x-k8s.io/node": "fake" } },
      status: { capacity: resources, allocatable: resources },
    });
    await eventually("the node is ready", async () => {
      const { status } = await core.readNode({ name: "node-0" });
      return status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True");
    });
    const holder = async () => {
      const at = { namespace: "kube-node-lease", name: "node-0" };
      const lease = await cluster.api(CoordinationV1Api).readNamespacedLease(at);
      return [lease.metadata?.uid, lease.spec?.holderIdentity];
    };
    const before = await holder();
    await kill("kwok");
    await cluster.controlPlane.start();
    await cluster.create({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "quick", namespace: "default" },
      spec: { restartPolicy: "Never", containers: [{ name: "main", image: "example.test/image:1" }] },
    });
    await eventually(
      "the pod has run",
      async () => (await core.readNamespacedPod({ name: "quick", namespace: "default" })).status?.phase === "Succeeded",
      15_000,
    );
    expect(await holder()).toEqual(before);
  });

  it("moves to another port when its own was taken meanwhile, with all that speak to it", async () => {
    const before = (await rememberedAddresses(cluster.controlPlane.layout))!.ports.apiServer;
    await kill("kube-apiserver");
    const squatter = await eventually("the port is free to take", () => listenOn(before));
    try {
      const { started } = await cluster.controlPlane.start();
      expect(started.sort()).toEqual(["kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok"]);
      expect((await rememberedAddresses(cluster.controlPlane.layout))!.ports.apiServer).not.toBe(before);
      const kept = await cluster.api(CoreV1Api).readNamespacedConfigMap({ name: "kept", namespace: "default" });
      expect(kept.data).toEqual(configMap.data);
    } finally {
      squatter.close();
    }
  });

  it("finds its processes again after its notes were lost", async () => {
    await writeFile(cluster.controlPlane.layout.addresses, "{ damaged");
    expect((await cluster.controlPlane.start()).started.sort()).toEqual([...PROCESS_NAMES].sort());
    expect(await processesMentioning(`=${cluster.folder}/`)).toHaveLength(PROCESS_NAMES.length);
  });

  it("is started once by two runs at the same time", async () => {
    await kill("kube-scheduler");
    const other = new ControlPlane(await toolPath("controlplane"), cluster.controlPlane.layout);
    const reports = await Promise.all([cluster.controlPlane.start(), other.start()]);
    expect(reports.flatMap(({ started }) => started)).toEqual(["kube-scheduler"]);
    expect(await processesMentioning(`=${cluster.folder}/`)).toHaveLength(PROCESS_NAMES.length);
  });

  it("comes up again after all of it was killed at once", async () => {
    for (const { pid } of await cluster.controlPlane.status()) process.kill(pid!, "SIGKILL");
    expect((await cluster.controlPlane.start()).started.sort()).toEqual([...PROCESS_NAMES].sort());
    const kept = await cluster.api(CoreV1Api).readNamespacedConfigMap({ name: "kept", namespace: "default" });
    expect(kept.data).toEqual(configMap.data);
  });

  it("says which process did not start, with the end of its log and the remedy", async () => {
    const broken = await TestCluster.create();
    await expect(new ControlPlane("/bin/false", broken.controlPlane.layout).start()).rejects.toMatchObject({
      message: expect.stringMatching(/^etcd ended before it was ready: /) as string,
      remedy: expect.stringContaining("logs/etcd.log") as string,
    });
    await broken.remove();
  });

  it("leaves no process and no file after it is removed, while another one goes on beside it", async () => {
    const other = await TestCluster.start();
    const [mine, others] = await Promise.all(
      [cluster, other].map(({ controlPlane }) => rememberedAddresses(controlPlane.layout)),
    );
    const ports = [...Object.values(mine!.ports), ...Object.values(others!.ports)];
    expect(new Set(ports).size).toBe(ports.length);
    await other.remove();
    expect(await processesMentioning(other.folder)).toEqual([]);
    expect(existsSync(other.folder)).toBe(false);
    expect((await cluster.controlPlane.status()).every(({ state }) => state === "ready")).toBe(true);
  });
});

/** Takes a port; undefined while somebody else still has it. */
function listenOn(port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => {
      resolve(undefined);
    });
    server.listen(port, "127.0.0.1", () => {
      resolve(server);
    });
  });
}
