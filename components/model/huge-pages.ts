import type { AmiFamily } from "./node-image";
import type { PoolShape } from "./pool-shape";

/**
 * Huge pages of 2 MiB that each operating system sets aside at boot where there are fabric adapters.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/node-efa.html (read 2026-11)
 * @see https://github.com/bottlerocket-os/bottlerocket-core-kit/pull/141 (110 for each CPU)
 */
const hugePages: Record<AmiFamily, (vcpus: number) => number> = {
  al2023: () => 5128,
  bottlerocket: (vcpus) => 110 * vcpus,
};
const HUGE_PAGE_MIB = 2;

/**
 * The memory in huge pages that a first node of a pool would have, which no autoscaler knows by itself; none without EFA.
 *
 * Of several instance types it is that of the smallest, so that no node is started for pods that it has no room for.
 */
export function hugePageResources(
  { efaInterfaces, vcpus }: Pick<PoolShape, "efaInterfaces" | "vcpus">,
  family: AmiFamily,
): Record<string, string> {
  if (efaInterfaces === 0) return {};
  return { "hugepages-2Mi": `${HUGE_PAGE_MIB * hugePages[family](vcpus)}Mi` };
}
