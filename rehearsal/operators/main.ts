import { mkdirSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { CoreV1Api } from "@kubernetes/client-node";
import { readKubeconfig } from "../cluster/kubeconfig";
import { clusterLayout } from "../cluster/layout";
import { standInsFor } from "../container-stand-ins";
import { NodeGateways } from "../real-node/gateways";
import { NodeVolumes } from "../real-node/volumes";
import { readRealNodes, realNodes } from "../real-node/real-nodes";
import { serveEgress } from "./egress-proxy";
import { ObjectReader } from "./object-reader";
import { readPrograms } from "./program-file";
import { Supervisor } from "./supervisor";

/** Linux allows 107 characters in the path of a socket, of which those of pods take 21 in this folder. */
const LONGEST_FOLDER = 86;

/** The supervisor as a process: `supervisor --folder=… --port=… --api-server-port=… --api-server-address=…`. */
async function main(): Promise<void> {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    allowPositionals: true,
    options: { folder: text, port: text, "api-server-port": text, "api-server-address": text },
  });
  const layout = clusterLayout(dirname(values.folder ?? ""));
  if (layout.pods.length > LONGEST_FOLDER) {
    throw new Error(`the folder ${layout.pods} has a path of more than ${LONGEST_FOLDER} characters`);
  }
  for (const left of [layout.egressSocket, layout.pods]) rmSync(left, { recursive: true, force: true });
  mkdirSync(layout.pods, { recursive: true, mode: 0o700 });
  const config = readKubeconfig(layout.kubeconfig);
  const programs = await readPrograms(layout.programs);
  const real = await readRealNodes(layout);
  const nodes = real === undefined ? [] : realNodes(real, layout);
  const gateways = new NodeGateways(nodes);
  const supervisor = new Supervisor({
    config,
    apiServerPort: Number(values["api-server-port"]),
    apiServerAddress: values["api-server-address"] ?? "",
    pods: layout.pods,
    logs: layout.logs,
    programs,
    ...(real && { realNodes: gateways.connect }),
  });
  const reader = new ObjectReader(config.makeApiClient(CoreV1Api));
  const standIns = standInsFor(programs, {
    config,
    layout,
    hasMetricsServer: programs.hasMetricsServer === true,
    hasRealNodes: real !== undefined,
    isReal: ({ spec }) => nodes.some(({ name }) => name === spec?.nodeName),
    token: (pod) => reader.token(pod, undefined),
    router: supervisor.router,
    log: (line) => process.stdout.write(`${new Date().toISOString()} ${line}\n`),
  });
  const volumes = real && new NodeVolumes(config, layout, real);
  const end = () => {
    const parts = [supervisor, gateways, ...standIns, ...(volumes === undefined ? [] : [volumes])];
    void Promise.all(parts.map((part) => part.stop())).finally(() => process.exit(0));
  };
  process.once("SIGTERM", end).once("SIGINT", end);
  serveEgress(layout.egressSocket, supervisor.router.connect);
  await supervisor.start();
  await gateways.start(supervisor.router);
  await volumes?.start();
  await Promise.all(standIns.map((standIn) => standIn.start()));
  createServer((_, response) => response.end("ok\n")).listen(Number(values.port), "127.0.0.1");
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
