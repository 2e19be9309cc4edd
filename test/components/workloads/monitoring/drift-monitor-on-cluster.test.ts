import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CoreV1Api, CustomObjectsApi, KubeConfig } from "@kubernetes/client-node";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { cronTaskManifest } from "../../../../components/workloads/jobs";
import { readKubeconfig } from "../../../../rehearsal/cluster/kubeconfig";
import { TestCluster } from "../../../support/cluster";
import { askApi } from "../../../support/cluster-inventory";
import { fullTypes } from "../../../support/resource-types";
import { createTypes } from "../../../support/served-types";
import { MonitorOnCluster } from "../../../support/workloads/monitor-on-cluster";

const FIT = "import sys; sys.exit(sys.version_info < (3, 9))";
const hasPython = spawnSync("python3", ["-c", FIT], { stdio: "ignore" }).status === 0;

const namespace = "ml";
const HOUR = 3_600_000;

describe.skipIf(!hasPython)("a drift monitor on a cluster", { timeout: 120_000 }, () => {
  let cluster: TestCluster;
  let config: KubeConfig;
  let folder: string;
  let gateway: Server;
  const pushed: { path: string; text: string }[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "mlstack-drift-cluster-"));
    gateway = createServer((request, response) => {
      let text = "";
      request.on("data", (chunk: Buffer) => (text += chunk.toString()));
      request.on("end", () => {
        pushed.push({ path: `${request.method} ${request.url}`, text });
        response.end();
      });
    }).listen(0, "127.0.0.1");
    cluster = await TestCluster.start();
    config = readKubeconfig(cluster.controlPlane.layout.kubeconfig);
    await cluster.api(CoreV1Api).createNamespace({ body: { metadata: { name: namespace } } });
    const job = { image: "ghcr.io/acme/churn:1.4.0", env: { EPOCHS: "3" }, queue: "default" };
    await cluster.create(cronTaskManifest("churn-train", { namespace, schedule: "40 2 * * *", suspend: true, job }));
  }, 120_000);
  afterAll(async () => {
    gateway.close();
    rmSync(folder, { recursive: true, force: true });
    await cluster.remove();
  });

  /** Runs are named by the second; two of one monitor are hours apart. */
  const nextSecond = () => sleep(1000);
  const ago = (hours: number) => new Date(Date.now() - hours * HOUR).toISOString().replace(/\.\d+Z$/, "Z");

  describe("that has a CronJob to train the model", () => {
    let monitor: MonitorOnCluster;
    let count = 0;
    beforeEach(async () => {
      const retrain = { cronJob: "churn-train", coolDownHours: 24, limit: 2 };
      monitor = await MonitorOnCluster.create(cluster, folder, `churn-${++count}`, { retrain });
    });

    it("starts nothing where nothing has moved", async () => {
      const { code, error, report } = await monitor.look(0);
      expect([code, error, report.action]).toEqual([0, "", "no drift"]);
      expect(await monitor.runs()).toEqual([]);
      const { data } = await monitor.memory();
      expect(JSON.parse(data!["report.json"]!)).toMatchObject({ isDrift: false, features: [{ feature: "age" }] });
    });

    it("starts a Job of the CronJob where much has moved, as the CronJob would", async () => {
      const { code, error, report } = await monitor.look(30);
      expect([code, error]).toEqual([0, ""]);
      const [job, ...others] = await monitor.runs();
      expect(others).toEqual([]);
      expect(report.action).toBe(`drift: started ${job!.metadata!.name}`);
      expect(job!.metadata).toMatchObject({
        labels: { "kueue.x-k8s.io/queue-name": "default" },
        annotations: { "mlstack.dev/drift": "age", "cronjob.kubernetes.io/instantiate": "manual" },
        ownerReferences: [{ kind: "CronJob", name: "churn-train", controller: true }],
      });
      expect(job!.spec?.template.spec?.containers[0]).toMatchObject({ env: [{ name: "EPOCHS", value: "3" }] });
      expect(await monitor.state()).toMatchObject({ run: job!.metadata!.name, isCreated: true, inVain: 1 });
    });

    it("starts no second one for a while, and another one after that", async () => {
      await monitor.look(30);
      const { report } = await monitor.look(30);
      expect(report.action).toMatch(/^drift, but churn-\d+-\d+ was started less than 24 hours ago$/);
      expect(await monitor.runs()).toHaveLength(1);
      await monitor.remember({ at: ago(25) });
      await nextSecond();
      await monitor.look(30);
      expect(await monitor.runs()).toHaveLength(2);
    });

    it("gives up after runs that did not end the drift, until it has ended", async () => {
      await monitor.look(30);
      await monitor.remember({ at: ago(25), inVain: 2 });
      expect((await monitor.look(30)).report.action).toBe(
        "drift, but 2 runs did not end it; look at the reference and the model",
      );
      expect(await monitor.runs()).toHaveLength(1);
      await monitor.look(0);
      expect(await monitor.state()).toMatchObject({ inVain: 0 });
      await nextSecond();
      await monitor.look(30);
      expect(await monitor.runs()).toHaveLength(2);
    });

    it.each([0, 30])("starts what it had only written down, once, whatever it sees then (%s)", async (moved) => {
      await monitor.look(0);
      const run = `${monitor.name}-1767323045`;
      await monitor.remember({ run, at: ago(0), isCreated: false, inVain: 1 });
      for (const look of [moved, moved]) await monitor.look(look);
      expect((await monitor.runs()).map(({ metadata }) => metadata!.name)).toEqual([run]);
    });

    it("takes a run that is there for the one that it had written down", async () => {
      await monitor.look(30);
      await monitor.remember({ isCreated: false });
      const { code, error } = await monitor.look(30);
      expect([code, error]).toEqual([0, ""]);
      expect(await monitor.runs()).toHaveLength(1);
      expect(await monitor.state()).toMatchObject({ isCreated: true });
    });

    it("does nothing but that with its token", async () => {
      const bearer = asBearer(config, await monitor.token());
      const [core, batch] = [`/api/v1/namespaces/${namespace}`, `/apis/batch/v1/namespaces/${namespace}`];
      const allowed = [`${core}/configmaps/${monitor.name}-state`, `${batch}/cronjobs/churn-train`];
      const refused = [
        ...["configmaps/settings", "configmaps", "secrets", "pods"].map((path) => `${core}/${path}`),
        ...["jobs", "cronjobs", "cronjobs/other"].map((path) => `${batch}/${path}`),
        "/apis/batch/v1/namespaces/default/cronjobs/churn-train",
      ];
      for (const path of allowed) expect((await askApi(bearer, path)).status, path).toBe(200);
      for (const path of refused) expect((await askApi(bearer, path)).status, path).toBe(403);
    });
  });

  it("tells why it could not start anything, and keeps in mind that it has to", async () => {
    const monitor = await MonitorOnCluster.create(cluster, folder, "lost", { retrain: { cronJob: "nobody" } });
    const { code, error } = await monitor.look(30);
    expect([code, error]).toEqual([1, 'drift monitor: 404: cronjobs.batch "nobody" not found\n']);
    expect(await monitor.state()).toMatchObject({ isCreated: false });
  });

  it("starts a Workflow of a WorkflowTemplate", async () => {
    const types = await fullTypes();
    await createTypes(
      config,
      types.filter(({ metadata }) => metadata.name === "workflows.argoproj.io"),
    );
    const retrain = { workflowTemplate: "churn-loop", parameters: { data: "newest" }, serviceAccountName: "workflow" };
    const monitor = await MonitorOnCluster.create(cluster, folder, "loop", { retrain });
    const { code, error } = await monitor.look(30);
    expect([code, error]).toEqual([0, ""]);
    const workflows = { group: "argoproj.io", version: "v1alpha1", plural: "workflows", namespace };
    const { items } = (await cluster.api(CustomObjectsApi).listNamespacedCustomObject(workflows)) as {
      items: { spec: object }[];
    };
    expect(items.map(({ spec }) => spec)).toEqual([
      {
        workflowTemplateRef: { name: "churn-loop" },
        serviceAccountName: "workflow",
        arguments: { parameters: [{ name: "data", value: "newest" }] },
      },
    ]);
  });

  it("keeps reports, and sends numbers, where that is asked for", async () => {
    const { port } = gateway.address() as AddressInfo;
    const monitor = await MonitorOnCluster.create(cluster, folder, "told", {
      reports: { persistentVolumeClaim: "requests", folder: "drift" },
      pushgateway: `http://127.0.0.1:${port}`,
    });
    const { code, error, report } = await monitor.look(30);
    expect([code, error, report.action]).toEqual([0, "", "drift"]);
    const files = readdirSync(join(folder, "told", "claims/1/drift"));
    expect(files.map((file) => file.replace(/\d{4}-\d\d-\d\dT\d{6}Z/, "TIME")).sort()).toEqual([
      "metrics.prom",
      "report-TIME.json",
      "report.json",
    ]);
    expect(pushed.map(({ path }) => path)).toEqual(["PUT /metrics/job/drift-monitor/monitor/told"]);
    expect(pushed[0]?.text).toContain('mlstack_drift_found{monitor="told"} 1\n');
  });
});

/** The same cluster, asked with a token alone. */
function asBearer(config: KubeConfig, token: string): KubeConfig {
  const own = new KubeConfig();
  const context = { name: "bearer", cluster: config.getCurrentCluster()!.name, user: "bearer" };
  const users = [{ name: "bearer", token }];
  own.loadFromOptions({ clusters: config.clusters, users, contexts: [context], currentContext: context.name });
  return own;
}
