import { readFileSync } from "node:fs";
import { createSecureServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { CoreV1Api } from "@kubernetes/client-node";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Addresses } from "../../../rehearsal/cluster/addresses";
import { readKubeconfig, writeKubeconfigs } from "../../../rehearsal/cluster/kubeconfig";
import { clusterLayout, type ClusterLayout } from "../../../rehearsal/cluster/layout";
import { ensurePki, PKI_FILES } from "../../../rehearsal/cluster/pki";
import { scratchFolder } from "../../support/scratch";

const NAMESPACES = JSON.stringify({ apiVersion: "v1", kind: "NamespaceList", metadata: {}, items: [] });

/** A kubeconfig that leads to a server, and how many connections that has seen. */
async function connected() {
  const layout: ClusterLayout = clusterLayout(await scratchFolder());
  await ensurePki(layout.pki, "10.96.0.1");
  const read = (file: string) => readFileSync(join(layout.pki, file));
  const certificate = { cert: read("api-server.crt"), key: read("api-server.key") };
  const server = createSecureServer(certificate, (_, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(NAMESPACES);
  });
  const seen = { connections: 0 };
  server.on("secureConnection", () => (seen.connections += 1));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const ports = { apiServer: (server.address() as AddressInfo).port } as Addresses["ports"];
  await writeKubeconfigs(layout, { ports, serviceNetwork: "10.96.0.0/16" });
  return { layout, seen };
}

describe("clients of a kubeconfig", () => {
  it("ask by one connection", async () => {
    const { layout, seen } = await connected();
    const config = readKubeconfig(layout.kubeconfig);
    for (let asked = 0; asked < 3; asked++) await config.makeApiClient(CoreV1Api).listNamespace();
    expect(seen.connections).toBe(1);
  });

  it("trust who has the cluster's own authority alone", async () => {
    const { layout } = await connected();
    const other = await connected();
    const config = readKubeconfig(layout.kubeconfig);
    Object.assign(config.clusters[0]!, { caFile: join(other.layout.pki, PKI_FILES.authority) });
    await expect(config.makeApiClient(CoreV1Api).listNamespace()).rejects.toThrow("fetch failed");
  });
});
