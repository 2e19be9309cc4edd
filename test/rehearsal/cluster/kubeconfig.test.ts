import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import { createSecureServer } from "node:http2";
import type { AddressInfo, Server } from "node:net";
import { join } from "node:path";
import { CoreV1Api } from "@kubernetes/client-node";
import { describe, expect, it, onTestFinished } from "vitest";
import { type Addresses } from "../../../rehearsal/cluster/addresses";
import { readKubeconfig, writeKubeconfigs } from "../../../rehearsal/cluster/kubeconfig";
import { clusterLayout, type ClusterLayout } from "../../../rehearsal/cluster/layout";
import { ensurePki, PKI_FILES } from "../../../rehearsal/cluster/pki";
import { scratchFolder } from "../../support/scratch";

const NAMESPACES = JSON.stringify({ apiVersion: "v1", kind: "NamespaceList", metadata: {}, items: [] });

/** What an API server does with a request, by either version of HTTP. */
const SERVERS: Record<string, (options: { cert: Buffer; key: Buffer }) => Server> = {
  "HTTP/1.1": (options) => createServer(options, (_, response) => response.end(NAMESPACES)),
  "HTTP/2": (options) => createSecureServer(options, (_, response) => void response.end(NAMESPACES)),
};

/** A kubeconfig that leads to a server, and how many connections that has seen. */
async function connected(version: string) {
  const layout: ClusterLayout = clusterLayout(await scratchFolder());
  await ensurePki(layout.pki, "127.96.0.1");
  const read = (file: string) => readFileSync(join(layout.pki, file));
  const server = SERVERS[version]!({ cert: read("api-server.crt"), key: read("api-server.key") });
  const seen = { connections: 0 };
  server.on("secureConnection", () => (seen.connections += 1));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const ports = { apiServer: (server.address() as AddressInfo).port } as Addresses["ports"];
  await writeKubeconfigs(layout, { ports, serviceNetwork: "127.96.0.0/16" });
  return { layout, seen };
}

describe("clients of a kubeconfig", () => {
  it.each(Object.keys(SERVERS))("ask one after the other by one connection of %s", async (version) => {
    const { layout, seen } = await connected(version);
    const config = readKubeconfig(layout.kubeconfig);
    for (let asked = 0; asked < 3; asked++) await config.makeApiClient(CoreV1Api).listNamespace();
    expect(seen.connections).toBe(1);
  });

  it("trust who has the cluster's own authority alone", async () => {
    const { layout } = await connected("HTTP/2");
    const other = await connected("HTTP/2");
    const config = readKubeconfig(layout.kubeconfig);
    Object.assign(config.clusters[0]!, { caFile: join(other.layout.pki, PKI_FILES.authority) });
    await expect(config.makeApiClient(CoreV1Api).listNamespace()).rejects.toThrow("fetch failed");
  });
});
