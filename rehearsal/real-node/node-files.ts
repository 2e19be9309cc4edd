import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { type Addresses, serviceAddress } from "../cluster/addresses";
import { kubeconfigFor } from "../cluster/kubeconfig";
import type { ClusterLayout } from "../cluster/layout";
import { PKI_FILES } from "../cluster/pki";
import { PAUSE_IMAGE } from "../images";
import { cgroupOf } from "./cgroup";
import { CLUSTER_DOMAIN } from "./core-dns";
import { CNI_FOLDER } from "./prerequisites";
import { type RealNode, REAL_NETWORK } from "./real-nodes";

/** Files that tell the programs of a node what to do, in its folder. */
export const NODE_FILES = {
  kubelet: "kubelet.yaml",
  kubeletKubeconfig: "kubelet.kubeconfig",
  kubeProxy: "kube-proxy.yaml",
  kubeProxyKubeconfig: "kube-proxy.kubeconfig",
  containerd: "containerd.toml",
  names: "resolv.conf",
  network: "cni.d/10-pods.conflist",
} as const;

/** Where the container runtime answers, inside. */
export const RUNTIME_SOCKET = "/run/containerd/containerd.sock";

/** Writes what the programs of a node are told. */
export async function writeNodeFiles(node: RealNode, layout: ClusterLayout, addresses: Addresses): Promise<void> {
  const texts: Record<keyof typeof NODE_FILES, string> = {
    kubelet: stringify(kubeletConfiguration(node, layout, addresses)),
    kubeletKubeconfig: stringify(kubeconfigFor(node.name, layout, apiServer())),
    kubeProxy: stringify(kubeProxyConfiguration(node)),
    kubeProxyKubeconfig: stringify(kubeconfigFor("kube-proxy", layout, apiServer())),
    containerd: containerdConfiguration(node),
    names: `nameserver ${serviceAddress(addresses, REAL_NETWORK.nameServer)}\n`,
    network: JSON.stringify(podNetwork(node), undefined, 2),
  };
  await mkdir(join(node.folder, "cni.d"), { recursive: true });
  for (const [key, text] of Object.entries(texts)) {
    await writeFile(join(node.folder, NODE_FILES[key as keyof typeof NODE_FILES]), text, { mode: 0o600 });
  }
}

function apiServer(): string {
  return `https://127.0.0.1:${REAL_NETWORK.apiServer.port}`;
}

/**
 * What the kubelet is told: to make do with the rights, the file systems and the control groups of a namespace.
 *
 * @see https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/ (1.36)
 */
function kubeletConfiguration(
  { name, folder, address }: RealNode,
  layout: ClusterLayout,
  addresses: Addresses,
): object {
  return {
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    address,
    healthzBindAddress: "127.0.0.1",
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: join(layout.pki, PKI_FILES.authority) },
    },
    authorization: { mode: "Webhook" },
    tlsCertFile: join(layout.pki, `${name}-serving.crt`),
    tlsPrivateKeyFile: join(layout.pki, `${name}-serving.key`),
    containerRuntimeEndpoint: `unix://${RUNTIME_SOCKET}`,
    cgroupDriver: "cgroupfs",
    cgroupRoot: `/${cgroupOf(name, layout)}`,
    // Machines with the older control groups are as good; a kubelet of this version ends there unless it is told so.
    failCgroupV1: false,
    failSwapOn: false,
    // What is left unset is what a process without the right to raise limits may have.
    maxOpenFiles: 20_000,
    oomScoreAdj: 0,
    enforceNodeAllocatable: [],
    clusterDNS: [serviceAddress(addresses, REAL_NETWORK.nameServer)],
    clusterDomain: CLUSTER_DOMAIN,
    resolvConf: join(folder, NODE_FILES.names),
    volumePluginDir: join(folder, "volume-plugins"),
    // An image that was removed can not be pulled again.
    imageGCHighThresholdPercent: 100,
    evictionHard: {
      "memory.available": "100Mi",
      "nodefs.available": "1%",
      "imagefs.available": "1%",
      "nodefs.inodesFree": "1%",
      "imagefs.inodesFree": "1%",
    },
    // GPUs show with the next report after the device plugin has come.
    nodeStatusUpdateFrequency: "2s",
    // Workflows of a few seconds are not to wait for their image to be looked up, as every one is there.
    serializeImagePulls: false,
    registryPullQPS: 0,
    eventRecordQPS: 0,
    shutdownGracePeriod: "0s",
  };
}

/** @see https://kubernetes.io/docs/reference/config-api/kube-proxy-config.v1alpha1/ (1.36) */
function kubeProxyConfiguration({ folder, address }: RealNode): object {
  return {
    apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
    kind: "KubeProxyConfiguration",
    mode: "iptables",
    clientConnection: { kubeconfig: join(folder, NODE_FILES.kubeProxyKubeconfig) },
    clusterCIDR: REAL_NETWORK.pods,
    bindAddress: address,
    healthzBindAddress: "127.0.0.1:10256",
    metricsBindAddress: "127.0.0.1:10249",
    // These are settings of the whole machine, which a namespace may not change.
    conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: "0s", tcpCloseWaitTimeout: "0s" },
  };
}

/** @see https://github.com/containerd/containerd/blob/v1.6.20/docs/cri/config.md */
function containerdConfiguration({ folder }: RealNode): string {
  return `version = 2
root = "${folder}/containerd"
state = "/run/containerd"
# Else it makes a folder of this name on the machine.
[plugins."io.containerd.internal.v1.opt"]
  path = "${folder}/opt"
[grpc]
  address = "${RUNTIME_SOCKET}"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${PAUSE_IMAGE}"
  # Without the right to lower it, a sandbox does not start, and the message does not say why.
  restrict_oom_score_adj = true
  disable_apparmor = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "${CNI_FOLDER}"
    conf_dir = "${folder}/cni.d"
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "overlayfs"
`;
}

/** Each pod has a link of its own, and all that it sends is routed: no module of the kernel for bridges is needed. */
function podNetwork({ pods }: RealNode): object {
  const addresses = {
    type: "host-local",
    dataDir: "/run/cni-addresses",
    ranges: [[{ subnet: pods }]],
    routes: [{ dst: "0.0.0.0/0" }],
  };
  return {
    cniVersion: "0.4.0",
    name: "pods",
    plugins: [
      { type: "ptp", ipMasq: false, ipam: addresses },
      { type: "portmap", capabilities: { portMappings: true } },
    ],
  };
}
