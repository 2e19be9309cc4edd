import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { CoreV1Api } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rememberedAddresses } from "../../../rehearsal/cluster/addresses";
import { ControlPlane } from "../../../rehearsal/cluster/control-plane";
import { processesMentioning } from "../../../rehearsal/cluster/process-table";
import { PROCESS_NAMES } from "../../../rehearsal/cluster/processes";
import { TestCluster } from "../../support/cluster";

describe("the embedded control plane", { timeout: 120_000 }, () => {
  let cluster: TestCluster;
  beforeAll(async () => {
    cluster = await TestCluster.start();
  });
  afterAll(() => cluster.remove());

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
    expect(await cluster.controlPlane.start()).toEqual({ started: [] });
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
    const before = await cluster.controlPlane.status();
    process.kill(before.find((status) => status.name === name)!.pid!, "SIGKILL");
    await expect
      .poll(async () => (await cluster.controlPlane.status()).find((s) => s.name === name)?.state)
      .toBe("stopped");

    expect(await cluster.controlPlane.start()).toEqual({ started: [name] });

    expect((await cluster.controlPlane.status()).map(({ state }) => state)).toEqual(PROCESS_NAMES.map(() => "ready"));
    const kept = await cluster.api(CoreV1Api).readNamespacedConfigMap({ name: "kept", namespace: "default" });
    expect(kept.data).toEqual(configMap.data);
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
