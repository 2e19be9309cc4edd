import { setTimeout as sleep } from "node:timers/promises";
import { AppsV1Api, CoreV1Api, type KubeConfig, type V1EndpointSlice, type V1Node } from "@kubernetes/client-node";
import { GPU_RESOURCE } from "../../components/model";
import { type Addresses, serviceAddress } from "../cluster/addresses";
import { unlessCode } from "../cluster/api-errors";
import { readPrograms } from "../operators/program-file";
import { readKubeconfig } from "../cluster/kubeconfig";
import type { ClusterLayout } from "../cluster/layout";
import { Problem } from "../problem";
import { type AddOn, addOns } from "./add-ons";
import { apply } from "./apply";
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
  addresses: Addresses,
  progress: (doing: string) => void,
): Promise<void> {
  const config = readKubeconfig(layout.kubeconfig);
  progress("importing the images of real nodes");
  await Promise.all(nodes.map((node) => importImages(node, real.images)));
  await leadToApiServer(config);
  await placePods(real.namespaces, Object.keys((await readPrograms(layout.programs)).images), config);
  const { coreDns, metricsServer } = addOns(serviceAddress(addresses, REAL_NETWORK.nameServer));
  for (const { objects } of [coreDns, metricsServer]) for (const object of objects) await apply(object, config);
  progress("waiting for real nodes");
  await Promise.all(nodes.map((node) => awaitNode(node, real, config)));
  // Numbers come with the second look at a pod, half a minute later, and nothing waits for them; names all need.
  await awaitDeployment(coreDns.deployment, config);
}

/** The `kubernetes` Service has no endpoint by itself, as nothing in the network of simulated pods could reach one. */
async function leadToApiServer(config: KubeConfig): Promise<void> {
  const { address, port } = REAL_NETWORK.apiServer;
  const slice: V1EndpointSlice = {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: {
      name: "kubernetes",
      namespace: "default",
      labels: { "kubernetes.io/service-name": "kubernetes" },
    },
    addressType: "IPv4",
    endpoints: [{ addresses: [address], conditions: { ready: true } }],
    ports: [{ name: "https", port, protocol: "TCP" }],
  };
  await apply(slice, config);
}

function awaitNode({ name }: RealNode, { gpus }: RealNodes, config: KubeConfig): Promise<void> {
  const core = config.makeApiClient(CoreV1Api);
  return until(
    async () => hasAll(await core.readNode({ name }).catch(unlessCode(404)), gpus),
    `the real node ${name} was not ready`,
    "Its logs tell why, in the folder real-nodes beside the cluster's kubeconfig.",
  );
}

function awaitDeployment({ namespace, name }: AddOn["deployment"], config: KubeConfig): Promise<void> {
  const apps = config.makeApiClient(AppsV1Api);
  return until(
    async () => ((await apps.readNamespacedDeployment({ namespace, name })).status?.readyReplicas ?? 0) > 0,
    `${name} was not ready on a real node`,
    `Look at its pods in the namespace ${namespace}.`,
  );
}

/** @throws {Problem} with what was not, and the remedy, where it has not come true in time. */
async function until(isSo: () => Promise<boolean>, otherwise: string, remedy: string): Promise<void> {
  const deadline = Date.now() + PATIENCE;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Problem(`${otherwise} after ${PATIENCE / 1000} s`, remedy);
    await sleep(100);
  }
}

function hasAll(node: V1Node | undefined, gpus: number): boolean {
  const { conditions = [], allocatable = {} } = node?.status ?? {};
  const isReady = conditions.some(({ type, status }) => type === "Ready" && status === "True");
  return isReady && (gpus === 0 || allocatable[GPU_RESOURCE] === String(gpus));
}
