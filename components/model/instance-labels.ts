import { type GpuInstanceType, gpuInstanceType } from "./accelerators";
import { type GeneralInstanceType, generalInstanceType } from "./general-instance-types";

/** An instance type of one of the catalogues; the figures of GPUs are absent where it has none. */
export type CataloguedMachine = GeneralInstanceType & Partial<GpuInstanceType>;

/** Groups of labels that Karpenter and EKS Auto Mode put on nodes, each with the same names. */
export const INSTANCE_LABEL_GROUPS = ["karpenter.k8s.aws", "eks.amazonaws.com"] as const;

/**
 * What Karpenter says of the machine of an instance type as far as the catalogues know it, by the name of the label in
 * its group; undefined where machines of the type do not have the label.
 *
 * Memory is in MiB, local disks are in GB (decimal).
 *
 * @see https://karpenter.sh/docs/concepts/scheduling/#well-known-labels (Karpenter 1.14)
 * @see https://docs.aws.amazon.com/eks/latest/userguide/create-node-pool.html "Supported labels" of EKS Auto Mode
 */
export const INSTANCE_LABELS = new Map<string, (machine: CataloguedMachine) => string | undefined>([
  ["instance-category", ({ instanceType }) => /^[a-z]+/.exec(instanceType)?.[0]],
  ["instance-family", ({ instanceType }) => instanceType.split(".")[0]],
  ["instance-generation", ({ instanceType }) => /^[a-z]+(\d+)/.exec(instanceType)?.[1]],
  ["instance-size", ({ instanceType }) => instanceType.split(".")[1]],
  ["instance-cpu", ({ vcpus }) => String(vcpus)],
  ["instance-memory", ({ memoryGib }) => String(memoryGib * 1024)],
  ["instance-gpu-name", ({ gpuModel }) => gpuModel],
  ["instance-gpu-count", ({ gpuCount }) => gpuCount?.toString()],
  ["instance-gpu-memory", ({ gpuMemoryMib }) => gpuMemoryMib?.toString()],
  ["instance-gpu-manufacturer", ({ gpuModel }) => (gpuModel === undefined ? undefined : "nvidia")],
  ["instance-local-nvme", ({ localNvmeGb = 0 }) => (localNvmeGb > 0 ? String(localNvmeGb) : undefined)],
]);

/** Looks an instance type up in all catalogues; undefined where none lists it. */
export function cataloguedMachine(instanceType: string): CataloguedMachine | undefined {
  return gpuInstanceType(instanceType) ?? generalInstanceType(instanceType);
}
