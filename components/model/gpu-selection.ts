import { type GpuInstanceType, gpuInstanceTypes } from "./accelerators";
import { Architecture } from "./pool-shape";
import { usdPerHour } from "./prices";
import type { ValueProblem } from "./value-problem";

/** What the GPUs of a machine must be like, for those who do not want to name an instance type. */
export interface GpuRequirement {
  /**
   * Memory of each GPU in GiB, at least, above 0. As EC2 reports it, which is less than on the box: an A10G or L4 ("24 GB")
   * has 22.35 GiB, an L40S ("48 GB") 44.7 GiB, a T4 16 GiB, an A100 40 or 80 GiB, an H100 80 GiB, an H200 141 GiB.
   */
  gpuMemoryGib: number;
  /** Whole GPUs of a machine, exactly; any number by default. */
  gpusPerNode?: number;
  /** GPU models of the catalogue, for example `l4`, `h100`; any by default. */
  gpuModels?: string[];
  /** Instruction set that images are built for; `amd64` by default, as most images with CUDA are. */
  architecture?: Architecture;
  /** Whether the machine must have Elastic Fabric Adapters for training on several machines; false by default. */
  efa?: boolean;
}

/** Prices of other regions differ, and their order hardly does. */
const REFERENCE_REGION = "us-east-1";

const MIB_PER_GIB = 1024;

const wholeGpuTypes = gpuInstanceTypes().filter((type) => type.gpuCount > 0);

/** Models of all GPUs that a machine can have whole, in the spelling of the catalogue, sorted. */
export function gpuModels(): string[] {
  return valuesOf((type) => type.gpuModel).sort();
}

/**
 * The instance types with whole GPUs that fulfil a requirement: by on-demand price in us-east-1, then by size. Those without
 * a price come last.
 */
export function instanceTypesFor(requirement: GpuRequirement): GpuInstanceType[] {
  return wholeGpuTypes.filter((type) => fulfils(type, requirement)).sort(byPriceAndSize);
}

/** Tells everything that is wrong with a requirement, down to that no instance type fulfils it. */
export function gpuRequirementProblems(requirement: GpuRequirement): ValueProblem[] {
  const problems = [
    ...memoryProblems(requirement.gpuMemoryGib),
    ...countProblems(requirement.gpusPerNode),
    ...modelProblems(requirement.gpuModels),
    ...architectureProblems(requirement.architecture),
  ];
  return problems.length > 0 ? problems : unfulfilledProblems(requirement);
}

function fulfils(type: GpuInstanceType, requirement: GpuRequirement): boolean {
  const { gpuMemoryGib, gpusPerNode, gpuModels, architecture = Architecture.amd64, efa = false } = requirement;
  return (
    type.gpuMemoryMib >= gpuMemoryGib * MIB_PER_GIB &&
    type.architecture === architecture &&
    (gpusPerNode === undefined || type.gpuCount === gpusPerNode) &&
    (gpuModels === undefined || gpuModels.includes(type.gpuModel)) &&
    (!efa || type.efaInterfaces > 0)
  );
}

function byPriceAndSize(a: GpuInstanceType, b: GpuInstanceType): number {
  const [priceA, priceB] = [a, b].map((type) => usdPerHour(type.instanceType, REFERENCE_REGION) ?? Number.MAX_VALUE);
  return priceA! - priceB! || a.vcpus - b.vcpus || a.memoryGib - b.memoryGib;
}

function memoryProblems(given: number): ValueProblem[] {
  const most = Math.max(...wholeGpuTypes.map(gpuMemoryGib));
  if (given > 0 && given <= most) return [];
  const allowed = `a number above 0, at most ${Math.floor(most)}`;
  return [{ path: "gpuMemoryGib", given, allowed, remedy: "Set it to the memory that one GPU must have in GiB." }];
}

function countProblems(given: number | undefined): ValueProblem[] {
  const counts = valuesOf((type) => type.gpuCount);
  if (given === undefined || counts.includes(given)) return [];
  return [{ path: "gpusPerNode", given, allowed: listed(counts), remedy: "Set it to one of these, or leave it out." }];
}

function modelProblems(given: string[] | undefined): ValueProblem[] {
  const allowed = gpuModels().join(", ");
  if (given?.length === 0) {
    return [{ path: "gpuModels", given, allowed: `at least one of ${allowed}`, remedy: "Name some, or leave it out." }];
  }
  return (given ?? []).flatMap((model, index) => {
    if (gpuModels().includes(model)) return [];
    return [{ path: `gpuModels[${index}]`, given: model, allowed, remedy: "Set it to one of these." }];
  });
}

function architectureProblems(given: string | undefined): ValueProblem[] {
  const values: string[] = Object.values(Architecture);
  if (given === undefined || values.includes(given)) return [];
  return [{ path: "architecture", given, allowed: values.join(", "), remedy: "Set it to one of these." }];
}

/** Ways to ask for less, with how messages list what would then be had. */
const LOOSENINGS: Loosening[] = [
  {
    path: "gpuMemoryGib",
    loosened: (requirement) => [{ ...requirement, gpuMemoryGib: 0 }],
    allowed: (types) => `at most ${Math.floor(Math.max(...types.map(gpuMemoryGib)) * 100) / 100}`,
  },
  {
    path: "gpusPerNode",
    loosened: (requirement) => [without(requirement, "gpusPerNode")],
    allowed: (types) => listed(types.map((type) => type.gpuCount)),
  },
  {
    path: "architecture",
    loosened: (requirement) => Object.values(Architecture).map((architecture) => ({ ...requirement, architecture })),
    allowed: (types) => listed(types.map((type) => type.architecture)),
  },
  {
    path: "gpuModels",
    loosened: (requirement) => [without(requirement, "gpuModels")],
    allowed: (types) => listed(types.map((type) => type.gpuModel)),
  },
  { path: "efa", loosened: (requirement) => [{ ...requirement, efa: false }], allowed: () => "false" },
];

interface Loosening {
  path: keyof GpuRequirement;
  loosened: (requirement: GpuRequirement) => GpuRequirement[];
  allowed: (types: GpuInstanceType[]) => string;
}

/** Names the first part of the requirement that alone stands in the way, else the memory. */
function unfulfilledProblems(requirement: GpuRequirement): ValueProblem[] {
  if (instanceTypesFor(requirement).length > 0) return [];
  for (const { path, loosened, allowed } of LOOSENINGS) {
    const types = loosened(requirement).flatMap(instanceTypesFor);
    if (types.length === 0) continue;
    const remedy = "No instance type has all that is asked for; change this, or ask for less beside it.";
    return [{ path, given: requirement[path], allowed: `${allowed(types)} with the rest`, remedy }];
  }
  const allowed = "what an instance type with the rest has, and none is";
  return [{ path: "gpuMemoryGib", given: requirement.gpuMemoryGib, allowed, remedy: "Ask for less beside it." }];
}

function without(requirement: GpuRequirement, path: "gpusPerNode" | "gpuModels"): GpuRequirement {
  const rest = { ...requirement };
  delete rest[path];
  return rest;
}

function gpuMemoryGib(type: GpuInstanceType): number {
  return type.gpuMemoryMib / MIB_PER_GIB;
}

function listed(values: (string | number)[]): string {
  return [...new Set(values)]
    .sort((a, b) => (typeof a === "number" ? a - Number(b) : a.localeCompare(String(b))))
    .join(", ");
}

function valuesOf<T>(of: (type: GpuInstanceType) => T): T[] {
  return [...new Set(wholeGpuTypes.map(of))];
}
