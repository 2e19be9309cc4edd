import { setTimeout as sleep } from "node:timers/promises";
import { CoreV1Api, DiscoveryV1Api, type KubeConfig, type V1EndpointSlice, type V1Node } from "@kubernetes/client-node";
import { GPU_RESOURCE } from "../../components/model";
import { unlessCode } from "../cluster/api-errors";
import { readKubeconfig } from "../cluster/kubeconfig";
import type { ClusterLayout } from "../cluster/layout";
import { pauseImage } from "../images";
import { Problem } from "../problem";
import { importImages } from "./node-images";
import { placePods } from "./real-namespaces";
import { type RealNode, REAL_NETWORK, type RealNodes } from "./real-nodes";

/** Milliseconds that nodes may take until they are ready; a busy machine needs several times the usual four seconds. */
const PATIENCE = 120_000;

/**
 * Gives real nodes what they need to run pods, and waits until they do.
 *
 * @throws {Problem} when one of them does not become ready.
 */
export async function prepareRealNodes(
  nodes: readonly RealNode[],
  real: RealNodes,
  layout: ClusterLayout,
  progress: (doing: string) => void,
): Promise<void> {
  const config = readKubeconfig(layout.kubeconfig);
  progress("importing the images of real nodes");
  const images = [await pauseImage()];
  await Promise.all(nodes.map((node) => importImages(node, images)));
  await leadToApiServer(config);
  await placePods(real.namespaces, config);
  progress("waiting for real nodes");
  await Promise.all(nodes.map((node) => awaitNode(node, real, config)));
}

/** The `kubernetes` Service has no endpoint by itself, as nothing in the network of simulated pods could reach one. */
async function leadToApiServer(config: KubeConfig): Promise<void> {
  const { address, port } = REAL_NETWORK.apiServer;
  const body: V1EndpointSlice = {
    metadata: {
      name: "kubernetes",
      namespace: "default",
      labels: { "kubernetes.io/service-name": "kubernetes" },
    },
    addressType: "IPv4",
    endpoints: [{ addresses: [address], conditions: { ready: true } }],
    ports: [{ name: "https", port, protocol: "TCP" }],
  };
  const slices = config.makeApiClient(DiscoveryV1Api);
  await slices.createNamespacedEndpointSlice({ namespace: "default", body }).catch(unlessCode(409));
}

async function awaitNode({ name }: RealNode, { gpus }: RealNodes, config: KubeConfig): Promise<void> {
  const core = config.makeApiClient(CoreV1Api);
  const deadline = Date.now() + PATIENCE;
  while (!hasAll(await core.readNode({ name }).catch(unlessCode(404)), gpus)) {
    if (Date.now() > deadline) {
      throw new Problem(
        `the real node ${name} was not ready after ${PATIENCE / 1000} s`,
        "Its logs tell why, in the folder real-nodes beside the cluster's kubeconfig.",
      );
    }
    await sleep(100);
  }
}

function hasAll(node: V1Node | undefined, gpus: number): boolean {
  const { conditions = [], allocatable = {} } = node?.status ?? {};
  const isReady = conditions.some(({ type, status }) => type === "Ready" && status === "True");
  return isReady && (gpus === 0 || allocatable[GPU_RESOURCE] === String(gpus));
}
