import { WORKLOAD_KINDS, type WorkloadKind } from "./kinds";

/** Workloads of one preview. */
export const WORKLOADS = 1000;

/** One workload of the mix. */
export interface MixedWorkload {
  /** Name of the workload, a DNS label that no other of them has. */
  name: string;
  /** Its kind. */
  kind: WorkloadKind;
  /** Its arguments. */
  args: object;
}

/** The workloads that are measured: every kind in turn, the same in every run. */
export function workloadMix(count = WORKLOADS): MixedWorkload[] {
  const kinds = Object.entries(WORKLOAD_KINDS);
  return Array.from({ length: count }, (_, index) => {
    const [component, kind] = kinds[index % kinds.length]!;
    return { name: `${component.toLowerCase()}-${index}`, kind, args: kind.args(index) };
  });
}
