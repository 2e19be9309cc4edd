import { closest } from "fastest-levenshtein";
import type { Architecture } from "./pool-shape";

/** What is known of an EC2 instance type without accelerators, as system pools use them. */
export interface GeneralInstanceType {
  /** EC2 name, for example `m6i.large`. */
  instanceType: string;
  /** Instruction set that images must be built for. */
  architecture: Architecture;
  /** Virtual CPUs. */
  vcpus: number;
  /** Main memory in GiB, before what the system and the kubelet keep for themselves. */
  memoryGib: number;
}

interface Family {
  family: string;
  architecture: Architecture;
  memoryGibPerVcpu: number;
}

/** The ratio of memory to CPUs is what tells EC2's general (m), compute (c) and memory (r) families apart. */
const families: Family[] = [
  { family: "m6i", architecture: "amd64", memoryGibPerVcpu: 4 },
  { family: "m7i", architecture: "amd64", memoryGibPerVcpu: 4 },
  { family: "m7g", architecture: "arm64", memoryGibPerVcpu: 4 },
  { family: "c7i", architecture: "amd64", memoryGibPerVcpu: 2 },
  { family: "r7i", architecture: "amd64", memoryGibPerVcpu: 8 },
];

const sizes = [
  { size: "large", vcpus: 2 },
  { size: "xlarge", vcpus: 4 },
  { size: "2xlarge", vcpus: 8 },
  { size: "4xlarge", vcpus: 16 },
];

const byName = new Map(
  families
    .flatMap((family) => sizes.map((size) => instanceTypeOf(family, size)))
    .map((type) => [type.instanceType, type]),
);

/**
 * Looks an instance type up; undefined where the catalogue does not list it. Names are matched exactly.
 *
 * @see https://karpenter.sh/docs/reference/instance-types/ (Karpenter v1.14, read 2026-08)
 */
export function generalInstanceType(name: string): GeneralInstanceType | undefined {
  return byName.get(name);
}

/** Every instance type that the catalogue lists, family by family, small ones first. */
export function generalInstanceTypes(): GeneralInstanceType[] {
  return [...byName.values()];
}

/** The listed instance type whose name is nearest to a misspelt one; the first in catalogue order where several are. */
export function nearestGeneralInstanceType(misspelt: string): string {
  return closest(misspelt.toLowerCase(), [...byName.keys()]);
}

/** Entries are shared by everyone who looks them up, so they are frozen. */
function instanceTypeOf(
  { family, architecture, memoryGibPerVcpu }: Family,
  { size, vcpus }: { size: string; vcpus: number },
): GeneralInstanceType {
  return Object.freeze({
    instanceType: `${family}.${size}`,
    architecture,
    vcpus,
    memoryGib: vcpus * memoryGibPerVcpu,
  });
}
