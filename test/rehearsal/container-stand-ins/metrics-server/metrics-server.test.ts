import { readFile } from "node:fs/promises";
import { request } from "node:https";
import { join } from "node:path";
import {
  ApiregistrationV1Api,
  CoreV1Api,
  Metrics,
  PatchStrategy,
  setHeaderOptions,
  type V1APIServiceSpec,
} from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { unlessCode } from "../../../../rehearsal/cluster/api-errors";
import { ControlPlane } from "../../../../rehearsal/cluster/control-plane";
import { killProcess } from "../../../../rehearsal/cluster/process-table";
import { SANDBOX } from "../../../../rehearsal/operators/pod-programs";
import { NO_PROGRAMS, type PodPrograms } from "../../../../rehearsal/operators/program-file";
import { build } from "../../../../rehearsal/toolchain/build";
import { eventually, TestCluster } from "../../../support/cluster";
import { askApi } from "../../../support/cluster-inventory";
import { hasNamespaces } from "../../../support/namespaces";
import { toolPath } from "../../../support/toolchain";

const merge = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);
const API = "/apis/metrics.k8s.io/v1beta1";

describe.runIf(hasNamespaces)("the stand-in of metrics-server", { timeout: 60_000 }, () => {
  let cluster: TestCluster;
  let programs: PodPrograms;
  beforeAll(async () => {
    programs = { sandbox: join(await build(SANDBOX), "sandbox"), images: {} };
    cluster = await TestCluster.start(programs);
    const resources = { cpu: "8", memory: "32Gi", pods: "110", "ephemeral-storage": "100Gi" };
    for (const name of ["node-0", "node-1"]) {
      await cluster.create({
        apiVersion: "v1",
        kind: "Node",
        metadata: { name, annotations: { "kwok.x-k8s.io/node": "fake" } },
        status: { capacity: resources, allocatable: resources },
      });
    }
    await cluster.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } });
    await run("told", "cpu=900m memory=700Mi");
    await run("also-told", "cpu=100m memory=100Mi", "shop");
    await run("silent", undefined);
    await run("broken", "cpu=lots");
  }, 300_000);
  afterAll(() => cluster.remove());

  /** Runs a pod on the first node. */
  async function run(name: string, usage: string | undefined, namespace = "default"): Promise<void> {
    const annotations = usage === undefined ? {} : { "mlstack.dev/simulate-usage": usage };
    await cluster.create({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, namespace, labels: { app: name }, annotations },
      spec: { nodeName: "node-0", containers: [{ name: "web", image: "registry.example.com/web:1" }] },
    });
    await eventually(`${name} runs`, async () => {
      return (await cluster.api(CoreV1Api).readNamespacedPod({ name, namespace })).status?.phase === "Running";
    });
  }

  /** What containers use by the name of their pod, as `kubectl top pods` asks for it. */
  async function used(namespace?: string): Promise<Record<string, unknown>> {
    const { items } = await new Metrics(cluster.config).getPodMetrics(namespace);
    return Object.fromEntries(items.map(({ metadata, containers }) => [metadata.name, containers]));
  }

  const ask = (path: string) => askApi(cluster.config, `${API}${path}`);
  const log = () => readFile(join(cluster.controlPlane.layout.logs, "supervisor.log"), "utf8");
  const registration = async (): Promise<V1APIServiceSpec | undefined> => {
    const name = { name: "v1beta1.metrics.k8s.io" };
    return (await cluster.api(ApiregistrationV1Api).readAPIService(name).catch(unlessCode(404)))?.spec;
  };
  /** Has other programs run on the cluster. */
  const change = async (others: PodPrograms) => {
    const { layout } = cluster.controlPlane;
    await new ControlPlane(await toolPath("controlplane"), layout, others).start();
  };

  test("is there with the cluster, by a certificate that the API server checks", async () => {
    expect((await ask("")).body).toMatchObject({ kind: "APIResourceList", groupVersion: "metrics.k8s.io/v1beta1" });
    const spec = await registration();
    expect(spec?.insecureSkipTLSVerify).toBeUndefined();
    expect(Buffer.from(spec?.caBundle ?? "", "base64").toString()).toMatch(/^-----BEGIN CERTIFICATE-----/);
  });

  test("tells what pods say that they use, everywhere and in a namespace; what says nothing is not measured", async () => {
    const [told, also] = [
      [{ name: "web", usage: { cpu: "900m", memory: "700Mi" } }],
      [{ name: "web", usage: { cpu: "100m", memory: "100Mi" } }],
    ];
    expect(await used()).toEqual({ told, "also-told": also });
    expect(await used("shop")).toEqual({ "also-told": also });
  });

  test("tells that of one pod and of those that a selector chooses", async () => {
    expect((await ask("/namespaces/default/pods/told")).body).toMatchObject({
      kind: "PodMetrics",
      metadata: { name: "told", namespace: "default", labels: { app: "told" } },
      window: "1s",
    });
    const { body } = await ask("/pods?labelSelector=app%3Dtold");
    expect(body).toMatchObject({ kind: "PodMetricsList", items: [{ metadata: { name: "told" } }] });
    expect(await ask("/namespaces/default/pods/silent")).toMatchObject({ status: 404, body: { reason: "NotFound" } });
    expect(await ask("/pods?labelSelector=%3D%3D")).toMatchObject({ status: 400, body: { reason: "BadRequest" } });
  });

  test("tells that a node uses what its pods do", async () => {
    const { items } = await new Metrics(cluster.config).getNodeMetrics();
    expect(items.map(({ metadata, usage }) => [metadata.name, usage])).toEqual([
      ["node-0", { cpu: "1", memory: "800Mi" }],
      ["node-1", { cpu: "0", memory: "0" }],
    ]);
    expect((await ask("/nodes/node-0")).body).toMatchObject({ kind: "NodeMetrics", usage: { cpu: "1" } });
    expect(await ask("/nodes/node-9")).toMatchObject({ status: 404 });
  });

  test("says in the supervisor's log, once, what cannot be read", async () => {
    await used();
    const lines = (await log()).split("\n").filter((line) => line.includes("default/broken"));
    expect(lines).toEqual([
      expect.stringMatching(
        /mlstack\.dev\/simulate-usage of pod default\/broken: "lots" is no Kubernetes quantity; allowed: .* Write it like 500m/,
      ),
    ]);
  });

  test("tells the new amount when the annotation changes", async () => {
    const body = { metadata: { annotations: { "mlstack.dev/simulate-usage": "cpu=2" } } };
    await cluster.api(CoreV1Api).patchNamespacedPod({ name: "told", namespace: "default", body }, merge);
    expect(await used("default")).toEqual({ told: [{ name: "web", usage: { cpu: "2" } }] });
  });

  test("answers nobody but the API server", async () => {
    const { metricsSocket, pki } = cluster.controlPlane.layout;
    const identityOf = async (name: string) => {
      const [cert, key] = await Promise.all(["crt", "key"].map((kind) => readFile(join(pki, `${name}.${kind}`))));
      return { cert, key };
    };
    const asked = (identity: object, path = API) =>
      new Promise<number | undefined>((resolve, reject) => {
        const options = { socketPath: metricsSocket, path, rejectUnauthorized: false, ...identity };
        request(options, ({ statusCode }) => {
          resolve(statusCode);
        })
          .on("error", reject)
          .end();
      });
    await expect(asked({})).rejects.toThrow();
    await expect(asked(await identityOf("admin"))).rejects.toThrow();
    const apiServer = await identityOf("front-proxy-client");
    expect(await asked(apiServer)).toBe(200);
    // The API server has judged whether somebody may see "pods/.." of one namespace.
    expect(await asked(apiServer, `${API}/namespaces/shop/pods/../../../pods`)).toBe(400);
  });

  test("is back with another certificate after the supervisor was killed", async () => {
    const { pid } = (await cluster.controlPlane.status()).find(({ name }) => name === "supervisor")!;
    const before = await registration();
    await killProcess(pid!);
    await cluster.controlPlane.start();
    expect((await registration())?.caBundle).not.toBe(before?.caBundle);
    await eventually("it answers", async () => (await ask("/nodes")).status === 200);
  });

  test("answers in the place of a metrics server that the stack installs", async () => {
    await change({ ...programs, hasMetricsServer: true });
    expect(await registration()).toBeUndefined();
    const [namespace, name] = ["shop", "metrics-server"];
    const ports = [{ name: "https", port: 443 }];
    await cluster.create({ apiVersion: "v1", kind: "Service", metadata: { name, namespace }, spec: { ports } });
    await cluster.create({
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: { name, namespace, labels: { "kubernetes.io/service-name": name } },
      addressType: "IPv4",
      endpoints: [{ addresses: ["192.0.2.1"] }],
      ports,
    });
    await cluster.create({
      apiVersion: "apiregistration.k8s.io/v1",
      kind: "APIService",
      metadata: { name: "v1beta1.metrics.k8s.io" },
      spec: {
        group: "metrics.k8s.io",
        version: "v1beta1",
        groupPriorityMinimum: 100,
        versionPriority: 100,
        service: { name, namespace },
        insecureSkipTLSVerify: true,
      },
    });
    await eventually("it answers", async () => (await ask("/nodes")).status === 200);
    expect((await registration())?.service).toMatchObject({ name, namespace });
  });

  test("has a registration of its own again once that of the stack is gone", async () => {
    await change(programs);
    await cluster.api(ApiregistrationV1Api).deleteAPIService({ name: "v1beta1.metrics.k8s.io" });
    await eventually("it answers", async () => {
      return (await registration())?.service?.namespace === "kube-system" && (await ask("/nodes")).status === 200;
    });
  });

  test("leaves nothing that keeps a namespace, also where the supervisor was killed", async () => {
    const { pid } = (await cluster.controlPlane.status()).find(({ name }) => name === "supervisor")!;
    await killProcess(pid!);
    await change(NO_PROGRAMS);
    expect(await registration()).toBeUndefined();
    await cluster.api(CoreV1Api).deleteNamespace({ name: "shop" });
    await eventually("it is gone", async () => {
      return (await cluster.api(CoreV1Api).readNamespace({ name: "shop" }).catch(unlessCode(404))) === undefined;
    });
  });
});
