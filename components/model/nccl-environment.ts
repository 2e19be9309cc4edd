import { EFA_RESOURCE } from "./labels";

/** How much NCCL writes to the log. */
export const NcclDebug = {
  /** Its version, once. */
  version: "VERSION",
  /** What fails. */
  warn: "WARN",
  /** Also which network it chose and how the GPUs are linked: the way to see whether EFA is in use. */
  info: "INFO",
  /** Every call; slows training down. */
  trace: "TRACE",
} as const;
/** How much NCCL writes to the log. */
export type NcclDebug = (typeof NcclDebug)[keyof typeof NcclDebug];

/** What {@link ncclEnvironment} goes by. */
export interface NcclEnvironmentOptions {
  /** EC2 instance type of the pool, for example `p5.48xlarge`. */
  instanceType: string;
  /** EFA interfaces that the pod asks for. */
  efaInterfaces: number;
  /** How much NCCL writes to the log; `WARN` by default, as its own default is silence even on errors. */
  debug?: NcclDebug;
}

/**
 * Families whose EFA interfaces read and write GPU memory directly.
 *
 * The list is not of every interface with RDMA: on g5, g4dn and p3dn there is none, and libfabric ends the program if it
 * is told to use it; on the other g families the GPUs take no part in it, or it needs nothing said.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/efa.html "Supported instance types" (read 2026-08)
 */
const DEVICE_RDMA_FAMILIES = ["p4d", "p4de", "p5", "p5e", "p5en", "p6-b200", "p6-b300"];

/**
 * Memory in huge pages that libfabric takes for its buffers, whatever the number of interfaces.
 *
 * EKS nodes with EFA set 5128 pages of 2 MiB aside, which is enough for two pods.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/node-efa.html "Run machine learning training"
 */
const EFA_HUGE_PAGES = "5120Mi";

/**
 * Environment variables with which NCCL sends what GPUs of different nodes exchange over EFA; empty without EFA.
 *
 * The image must bring libfabric and the plugin aws-ofi-nccl. `FI_PROVIDER` keeps libfabric from falling back to TCP
 * without a word, and `FI_EFA_USE_DEVICE_RDMA` is for libfabric before 1.18, as later versions find out by themselves.
 * `NCCL_SOCKET_IFNAME` is about the connections by which the pods find each other: it leaves out the loopback and, in
 * pods on the host's network, what belongs to containers.
 *
 * @see https://github.com/aws-samples/awsome-distributed-training/blob/main/1.architectures/efa-cheatsheet.md
 * (read 2026-08)
 * @see https://docs.nvidia.com/deeplearning/nccl/user-guide/docs/env.html#nccl-socket-ifname (NCCL 2)
 */
export function ncclEnvironment(options: NcclEnvironmentOptions): Record<string, string> {
  const { instanceType, efaInterfaces, debug = NcclDebug.warn } = options;
  if (efaInterfaces === 0) return {};
  const family = instanceType.slice(0, instanceType.indexOf("."));
  return {
    FI_PROVIDER: "efa",
    ...(DEVICE_RDMA_FAMILIES.includes(family) ? { FI_EFA_USE_DEVICE_RDMA: "1" } : {}),
    NCCL_DEBUG: debug,
    NCCL_SOCKET_IFNAME: "^lo,docker,veth,eni",
  };
}

/**
 * What a pod asks for to get EFA interfaces, as requests and limits alike; empty for none.
 *
 * Kubernetes grants huge pages only to containers that also ask for CPU or memory, and the pods of one job must be in one
 * availability zone, as EFA does not reach beyond it.
 *
 * @throws RangeError when the number is not a whole one from 0.
 * @see https://docs.aws.amazon.com/eks/latest/userguide/node-efa.html "Run machine learning training"
 */
export function efaResources(interfaces: number): Record<string, string> {
  if (!Number.isInteger(interfaces) || interfaces < 0) {
    throw new RangeError(`${interfaces} EFA interfaces are asked for; allowed: a whole number from 0.`);
  }
  if (interfaces === 0) return {};
  return { [EFA_RESOURCE]: String(interfaces), "hugepages-2Mi": EFA_HUGE_PAGES };
}
