import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { GPU_RESOURCE } from "../../components/model";
import { REAL_NODE_TAINT } from "../../components/model/real-node";
import { type Addresses, firstServiceAddress } from "../cluster/addresses";
import type { ClusterLayout } from "../cluster/layout";
import { cgroupOf } from "./cgroup";
import { NODE_FILES, RUNTIME_SOCKET, writeNodeFiles } from "./node-files";
import { pathOf } from "./prerequisites";
import { type RealNode, REAL_NETWORK, realNodes, type RealNodes } from "./real-nodes";

/** Folders that programs know by a path that is a constant or a default of theirs, each with its name in the node's own. */
const MOUNTS = {
  "/var/lib/kubelet": "kubelet",
  "/var/lib/cni": "cni",
  "/var/log/containers": "container-logs",
  "/var/log/pods": "pod-logs",
};

/** Writes all that real nodes are told. */
export async function writeMachine(
  { binary, ...nodes }: RealNodes,
  layout: ClusterLayout,
  addresses: Addresses,
): Promise<void> {
  const described = realNodes(nodes, layout);
  for (const node of described) {
    await mkdir(join(node.folder, "logs"), { recursive: true, mode: 0o700 });
    await writeNodeFiles(node, layout, addresses);
  }
  await mkdir(volumesFolder(layout), { recursive: true });
  const { apiServer, processes } = REAL_NETWORK;
  const machine = {
    health: `127.0.0.1:${addresses.ports.realNodes}`,
    services: addresses.serviceNetwork,
    outside: [processes, `${apiServer.address}/32`],
    nodes: described.map((node) => ({
      name: node.name,
      folder: node.folder,
      address: `${node.address}/24`,
      pods: node.pods,
      cgroup: cgroupOf(node.name, layout),
      cpus: nodes.cpus,
      outlets: outletsOf(addresses),
      mounts: Object.fromEntries(Object.entries(MOUNTS).map(([path, name]) => [path, join(node.folder, name)])),
      programs: programsOf(node, binary, nodes.gpus),
    })),
  };
  await writeFile(layout.machine, JSON.stringify(machine, undefined, 2));
}

/** Folder of the volumes that pods on real nodes claim. */
export function volumesFolder(layout: ClusterLayout): string {
  return join(layout.realNodes, "volumes");
}

/** The API server is not in the namespaces: its address as programs of the node have it, and that which its Service leads to. */
function outletsOf(addresses: Addresses): Record<string, string> {
  const { address, port } = REAL_NETWORK.apiServer;
  const apiServer = `${firstServiceAddress(addresses)}:443`;
  return { [`127.0.0.1:${port}`]: apiServer, [`${address}:${port}`]: apiServer };
}

function programsOf({ name, folder, address, labels }: RealNode, binary: string, gpus: number) {
  const file = (key: keyof typeof NODE_FILES) => join(folder, NODE_FILES[key]);
  const labelled = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  const { key, value, effect } = REAL_NODE_TAINT;
  const kubelet = [
    `--config=${file("kubelet")}`,
    `--kubeconfig=${file("kubeletKubeconfig")}`,
    `--hostname-override=${name}`,
    `--node-ip=${address}`,
    `--node-labels=${labelled.join(",")}`,
    `--register-with-taints=${key}=${value}:${effect}`,
  ];
  const devices = {
    name: "device-plugin",
    command: [binary, "device-plugin", `--resource=${GPU_RESOURCE}`, `--count=${gpus}`],
    after: "/var/lib/kubelet/device-plugins/kubelet.sock",
  };
  return [
    { name: "containerd", command: [pathOf("containerd") ?? "/usr/bin/containerd", `--config=${file("containerd")}`] },
    { name: "kubelet", command: [binary, "kubelet", ...kubelet], after: RUNTIME_SOCKET },
    {
      name: "kube-proxy",
      command: [binary, "kube-proxy", `--config=${file("kubeProxy")}`, `--hostname-override=${name}`],
    },
    ...(gpus > 0 ? [devices] : []),
  ];
}
