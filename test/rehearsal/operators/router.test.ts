import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type Server, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { V1Pod, V1Service } from "@kubernetes/client-node";
import { afterAll, beforeAll, expect, test } from "vitest";
import { namedPort, Router } from "../../../rehearsal/operators/router";

const labels = { app: "kueue" };

const pod: V1Pod = {
  metadata: { name: "manager", namespace: "kueue-system", labels },
  spec: { containers: [{ name: "manager", ports: [{ name: "webhook", containerPort: 9443 }] }] },
};

function service(
  ip: string,
  selector: Record<string, string>,
  targetPort?: number | string,
  namespace = "kueue-system",
): V1Service {
  const ports = [{ port: 443, ...(targetPort === undefined ? {} : { targetPort }) }];
  return { metadata: { name: ip, namespace }, spec: { clusterIP: ip, selector, ports } };
}

const services: V1Service[] = [
  { metadata: { name: "kubernetes", namespace: "default" }, spec: { clusterIP: "10.96.0.1", ports: [{ port: 443 }] } },
  service("10.96.0.2", labels, "webhook"),
  service("10.96.0.3", labels, 8082),
  service("10.96.0.4", labels),
  service("10.96.0.5", { app: "other" }, 8082),
  service("10.96.0.6", {}, 8082),
  service("10.96.0.7", labels, "nosuch"),
  service("10.96.0.8", labels, 8082, "default"),
];

let folder: string;
let inside: Server;
let apiServer: Server;
let router: Router;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mlstack-router-"));
  const telling = (socket: Socket, told: string) => socket.on("error", () => undefined).end(told);
  inside = createServer((socket) => socket.once("data", (line) => telling(socket, `port ${line.toString().trim()}`)));
  inside.listen(join(folder, "in"));
  apiServer = createServer((socket) => telling(socket, "the API server")).listen(0, "127.0.0.1");
  await Promise.all([once(inside, "listening"), once(apiServer, "listening")]);
  const { port } = apiServer.address() as { port: number };
  router = new Router({
    services: () => services,
    pods: () => [{ pod, ip: "198.51.100.1", gateway: folder }],
    apiServerPort: port,
  });
});
afterAll(async () => {
  inside.close();
  apiServer.close();
  await rm(folder, { recursive: true });
});

async function answerOf(address: string): Promise<string | undefined> {
  const socket = router.connect(address);
  if (socket === undefined) return undefined;
  let text = "";
  socket.on("data", (chunk: Buffer) => (text += chunk.toString()));
  await once(socket, "close");
  return text;
}

test.each([
  ["the API server", "10.96.0.1:443", "the API server"],
  ["a port by its name", "10.96.0.2:443", "port 9443"],
  ["a port by its number", "10.96.0.3:443", "port 8082"],
  ["the same port", "10.96.0.4:443", "port 443"],
  ["a port that the Service does not tell", "10.96.0.3:8443", "port 8443"],
  ["a port of a pod by its own address", "198.51.100.1:8081", "port 8081"],
])("an address leads to %s", async (_, address, answer) => {
  expect(await answerOf(address)).toBe(answer);
});

test.each([
  ["a Service of pods that do not run here", "10.96.0.5:443"],
  ["a Service without a selector", "10.96.0.6:443"],
  ["a port that no container has", "10.96.0.7:443"],
  ["a Service of another namespace", "10.96.0.8:443"],
  ["an address of nobody", "10.96.0.9:443"],
  ["a pod that does not run here", "198.51.100.2:443"],
])("%s leads nowhere", (_, address) => {
  expect(router.connect(address)).toBeUndefined();
});

test("a Service of nobody leads to whoever answers for it, and one of pods that run to these", async () => {
  const answerer = createServer((socket) => socket.end("somebody else")).listen(join(folder, "answerer"));
  await once(answerer, "listening");
  for (const name of ["10.96.0.4", "10.96.0.6"]) {
    router.host(`${name}.kueue-system.svc`, () => connect(join(folder, "answerer")));
  }
  expect(await answerOf("10.96.0.6:443")).toBe("somebody else");
  expect(await answerOf("10.96.0.4:443")).toBe("port 443");
  answerer.close();
});

test("ports are known by their names, and by digits that name themselves", () => {
  expect([namedPort(pod, "webhook"), namedPort(pod, "8443"), namedPort(pod, "other")]).toEqual([9443, 8443, undefined]);
});

test.each(["web.shop", "web.shop.", "web.shop.svc", "web.shop.svc.cluster.local.", "Web.Shop"])(
  "finds a Service as %s",
  (name) => {
    expect(named().lookUp(name)).toEqual({ address: "10.96.0.9", ports: [80, 443] });
  },
);

test.each(["web", "web.other", "headless.shop", "web.shop.example.com", "web.shop.svc.cluster.local.example.com"])(
  "knows no Service as %s",
  (name) => {
    expect(named().lookUp(name)).toBeUndefined();
  },
);

function named(): Router {
  const at = (name: string, clusterIP: string): V1Service => ({
    metadata: { name, namespace: "shop" },
    spec: { clusterIP, ports: [{ port: 80 }, { port: 443 }] },
  });
  const all = [at("web", "10.96.0.9"), at("headless", "None")];
  return new Router({ services: () => all, pods: () => [], apiServerPort: 0 });
}

test("leads to real nodes what is nowhere else, and nothing back that comes out of one", () => {
  const led: string[] = [];
  const onNodes = new Router({
    services: () => services,
    pods: () => [{ pod, ip: "198.51.100.1", gateway: folder }],
    apiServerPort: (apiServer.address() as { port: number }).port,
    realNodes: (address) => {
      led.push(address);
      return new Socket();
    },
  });
  const elsewhere = ["10.244.0.7:8080", "10.96.0.5:443", "10.96.0.99:443", "198.51.100.9:9443"];
  for (const address of elsewhere) {
    expect(onNodes.connectOutside(address), address).toBeUndefined();
    expect(onNodes.connect(address), address).toBeInstanceOf(Socket);
  }
  expect(led).toEqual(elsewhere);
  for (const connects of [onNodes.connect, onNodes.connectOutside]) {
    const socket = connects("198.51.100.1:9443");
    expect(socket).toBeDefined();
    socket?.destroy();
  }
  expect(led).toEqual(elsewhere);
});
