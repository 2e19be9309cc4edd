/** What a kubelet keeps back for itself and the system, so that pods cannot have it. */
export interface NodeReservation {
  cpuMillicores: number;
  memoryMib: number;
}

/** Pods per node, the kubelet's own default. */
export const MAX_PODS = 110;

/** Hundredths of a percent of the CPU that are kept back, for each range of millicores. */
const cpuShares = [
  { upTo: 1000, share: 600 },
  { upTo: 2000, share: 100 },
  { upTo: 4000, share: 50 },
  { upTo: Infinity, share: 25 },
];

const memoryPerPodMib = 11;
const memoryBaseMib = 255;
const evictionThresholdMib = 100;

/**
 * What the nodes of EKS (Amazon Linux 2023) keep back: CPU in falling shares, memory by the number of pods, and the
 * memory below which the kubelet evicts.
 *
 * @param vcpus whole CPUs of the machine, from 1.
 * @param maxPods pods that the node may run; 110 by default.
 * @see https://github.com/awslabs/amazon-eks-ami/blob/v25/nodeadm/internal/kubelet/config.go (July 2026)
 */
export function nodeReservation(vcpus: number, maxPods = MAX_PODS): NodeReservation {
  const total = vcpus * 1000;
  const reserved = cpuShares.map(({ upTo, share }, index) => {
    const from = cpuShares[index - 1]?.upTo ?? 0;
    return Math.floor((Math.max(0, Math.min(total, upTo) - from) * share) / 10_000);
  });
  return {
    cpuMillicores: reserved.reduce((sum, part) => sum + part, 0),
    memoryMib: memoryPerPodMib * maxPods + memoryBaseMib + evictionThresholdMib,
  };
}
