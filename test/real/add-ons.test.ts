import { type ChildProcess, spawn } from "node:child_process";
import { Resolver } from "node:dns/promises";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { join } from "node:path";
import { CoreV1Api, DiscoveryV1Api, type KubernetesObject, KubernetesObjectApi } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { firstServiceAddress, rememberedAddresses } from "../../rehearsal/cluster/addresses";
import { PKI_FILES } from "../../rehearsal/cluster/pki";
import { addOns } from "../../rehearsal/real-node/add-ons";
import { corefile } from "../../rehearsal/real-node/core-dns";
import { metricsServerArguments } from "../../rehearsal/real-node/metrics-server";
import { ensurePodImages } from "../../rehearsal/real-node/program-images";
import { eventually, TestCluster } from "../support/cluster";
import { freePorts } from "../support/free-ports";

let cluster: TestCluster;
let kubernetesAddress = "";
const children: ChildProcess[] = [];

/** Programs run here as processes, with the rights that their pods would have. */
beforeAll(async () => {
  cluster = await TestCluster.start();
  kubernetesAddress = firstServiceAddress((await rememberedAddresses(cluster.controlPlane.layout))!);
  const { coreDns, metricsServer } = addOns(kubernetesAddress.replace(/1$/, "10"));
  for (const object of [...coreDns.objects, ...metricsServer.objects]) await cluster.create(object);
});
afterAll(async () => {
  for (const child of children) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const ended = once(child, "exit");
    child.kill();
    await ended;
  }
  await cluster.remove();
});

async function program(name: string): Promise<string> {
  const [image] = await ensurePodImages(undefined, [name]);
  return image!.files[0]!.source;
}

/** A kubeconfig with a token of a service account in `kube-system`. */
async function kubeconfigOf(account: string): Promise<string> {
  const { status } = await cluster.api(CoreV1Api).createNamespacedServiceAccountToken({
    namespace: "kube-system",
    name: account,
    body: { spec: { audiences: [] } },
  });
  const path = join(cluster.folder, `${account}.kubeconfig`);
  const { server } = cluster.config.getCurrentCluster()!;
  const user = { name: account, user: { token: status!.token } };
  const authority = join(cluster.controlPlane.layout.pki, PKI_FILES.authority);
  await writeFile(
    path,
    stringify({
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "test", cluster: { server, "certificate-authority": authority } }],
      users: [user],
      contexts: [{ name: "test", context: { cluster: "test", user: account } }],
      "current-context": "test",
    }),
  );
  return path;
}

function start(binary: string, args: string[]): { output: () => string } {
  let text = "";
  const child = spawn(binary, args, { stdio: ["ignore", "pipe", "pipe"] });
  children.push(child);
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (text += chunk.toString()));
  return { output: () => text };
}

const answers = (address: string) =>
  fetch(address).then(
    ({ ok }) => ok,
    () => false,
  );

describe("CoreDNS", { timeout: 120_000 }, () => {
  let resolver: Resolver;
  let log: () => string;

  beforeAll(async () => {
    const [dns = 0, health = 0, ready = 0] = await freePorts(3);
    const settings = { ports: { dns, health, ready }, address: "127.0.0.1", kubeconfig: await kubeconfigOf("coredns") };
    const file = join(cluster.folder, "Corefile");
    await writeFile(file, corefile(settings));
    log = start(await program("coredns"), ["-conf", file]).output;
    await eventually("CoreDNS is ready", () => answers(`http://127.0.0.1:${ready}/ready`));
    resolver = new Resolver({ timeout: 2000, tries: 2 });
    resolver.setServers([`127.0.0.1:${dns}`]);
    // It may say that it is ready a moment before it listens.
    const asked = () =>
      resolver.resolve4("kubernetes.default.svc.cluster.local").then(
        () => true,
        () => false,
      );
    await eventually("CoreDNS answers", asked);
  });

  it("answers for Services, and has the rights that it needs for that", async () => {
    expect(await resolver.resolve4("kubernetes.default.svc.cluster.local")).toEqual([kubernetesAddress]);
    expect(await resolver.resolve4("metrics-server.kube-system.svc.cluster.local")).toHaveLength(1);
    expect(log()).not.toMatch(/forbidden/i);
  });

  it("knows a pod of a headless Service as soon as it is there, though it was asked for before", async () => {
    const name = "ring-0.ring.default.svc.cluster.local";
    await expect(resolver.resolve4(name)).rejects.toMatchObject({ code: "ENOTFOUND" });
    const service: KubernetesObject & { spec: object } = {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "ring", namespace: "default" },
      spec: { clusterIP: "None", ports: [{ port: 8000 }] },
    };
    await KubernetesObjectApi.makeApiClient(cluster.config).create(service);
    await cluster.api(DiscoveryV1Api).createNamespacedEndpointSlice({
      namespace: "default",
      body: {
        metadata: { name: "ring", labels: { "kubernetes.io/service-name": "ring" } },
        addressType: "IPv4",
        endpoints: [{ addresses: ["10.244.0.7"], hostname: "ring-0", conditions: { ready: true } }],
        ports: [{ port: 8000 }],
      },
    });
    const found = () =>
      resolver.resolve4(name).then(
        (addresses) => addresses,
        () => undefined,
      );
    expect(await eventually("the name is known", found, 5000)).toEqual(["10.244.0.7"]);
  });
});

describe("the metrics server", { timeout: 120_000 }, () => {
  /** Its certificate is of its own making. */
  const status = (port: number, path: string) =>
    new Promise<number>((resolve) => {
      request({ host: "127.0.0.1", port, path, rejectUnauthorized: false }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      })
        .once("error", () => {
          resolve(0);
        })
        .end();
    });

  it("starts with its rights, and is not ready before a real node was asked", async () => {
    const [port = 0] = await freePorts(1);
    const kubeconfig = await kubeconfigOf("metrics-server");
    const authority = join(cluster.controlPlane.layout.pki, PKI_FILES.authority);
    const places = ["kubeconfig", "authentication-kubeconfig", "authorization-kubeconfig"];
    const { output } = start(
      await program("metrics-server"),
      metricsServerArguments(authority, [
        ...places.map((name) => `--${name}=${kubeconfig}`),
        `--cert-dir=${cluster.folder}`,
        `--secure-port=${port}`,
        "--bind-address=127.0.0.1",
      ]),
    );
    await eventually("it lives", async () => (await status(port, "/livez")) === 200);
    expect(await status(port, "/readyz")).toBe(500);
    expect(output()).not.toMatch(/forbidden|unknown flag/i);
    expect(await readFile(join(cluster.folder, "apiserver.crt"), "utf8")).toContain("BEGIN CERTIFICATE");
  });
});
