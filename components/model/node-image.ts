import { Architecture } from "./pool-shape";

/** Operating system of nodes on EKS. */
export const AmiFamily = {
  /** Amazon Linux 2023: general, can be logged in to, sets local NVMe disks up by itself. */
  al2023: "al2023",
  /** Bottlerocket: small and read-only, with the GPU device plugin inside. */
  bottlerocket: "bottlerocket",
} as const;
/** Operating system of nodes on EKS. */
export type AmiFamily = (typeof AmiFamily)[keyof typeof AmiFamily];

/** What an EKS AMI type says of an image. */
export interface NodeImage {
  /** Undefined for operating systems that pools of this package do not offer, such as Amazon Linux 2. */
  family: AmiFamily | undefined;
  /** Instruction set of the machines that the image boots on. */
  architecture: Architecture;
  /** Maker of the accelerators that the image has drivers for; undefined where it has none. */
  accelerator: "nvidia" | "neuron" | undefined;
}

/** Why an image does not suit an instance type, in the words of an input problem. */
export interface NodeImageProblem {
  /** What would have been accepted. */
  allowed: string;
  /** What the author should do, as an imperative sentence. */
  remedy: string;
}

interface Family {
  /** First part of its AMI types. */
  prefix: string;
  /** What follows the architecture in the AMI type of images without drivers for accelerators. */
  plainSuffix: string;
  /** Whether images with NVIDIA drivers also bring the device plugin, which charts must then leave out. */
  devicePlugin: boolean;
  /** Whether images with NVIDIA drivers also partition GPUs (MIG) as their settings say. */
  migManager: boolean;
  /** Families of instance types that the images with NVIDIA drivers support. */
  gpuFamilies: string[];
}

const X86_GPU_FAMILIES = "p6-b300 p6-b200 p5 p5e p5en p4d p4de p3 p3dn g7e gr6 g6 g6e g6f gr6f g5 g4dn".split(" ");

/**
 * The images that EKS maintains.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/ml-eks-optimized-ami.html (read 2026-11)
 */
const FAMILIES: Record<AmiFamily, Family> = {
  al2023: {
    prefix: "AL2023",
    plainSuffix: "_STANDARD",
    devicePlugin: false,
    migManager: false,
    gpuFamilies: [...X86_GPU_FAMILIES, "p6e-gb200", "p6e-gb300", "g5g"],
  },
  bottlerocket: {
    prefix: "BOTTLEROCKET",
    plainSuffix: "",
    devicePlugin: true,
    migManager: true,
    gpuFamilies: [...X86_GPU_FAMILIES, "g5g"],
  },
};

/** How AMI types spell an architecture. */
const SPELLINGS: Record<Architecture, string> = { amd64: "x86_64", arm64: "ARM_64" };

const AMI_TYPE = /^(?<prefix>[A-Z0-9]+)(?:_\w+)?_(?<architecture>x86_64|ARM_64)(?:_(?<variant>\w+))?$/;

/** What the last part of an AMI type says of its drivers; `GPU` is the spelling of Amazon Linux 2. */
const ACCELERATORS: [variant: RegExp, accelerator: NodeImage["accelerator"]][] = [
  [/NVIDIA|GPU/, "nvidia"],
  [/NEURON/, "neuron"],
];

/** Families of instance types that no image of EKS supports, with what to do about it. */
const UNSUPPORTED = new Map([
  ["g7", "G7 needs NVIDIA's driver 595, and the images of EKS have 580; choose a type of g6e or g7e."],
]);

/**
 * The AMI type that the EKS API knows an image by, for example `AL2023_x86_64_NVIDIA`.
 *
 * @param accelerated whether the image has NVIDIA drivers.
 * @see https://docs.aws.amazon.com/eks/latest/APIReference/API_Nodegroup.html "amiType"
 */
export function amiTypeOf(family: AmiFamily, architecture: Architecture, accelerated: boolean): string {
  const { prefix, plainSuffix } = FAMILIES[family];
  return `${prefix}_${SPELLINGS[architecture]}${accelerated ? "_NVIDIA" : plainSuffix}`;
}

/** Reads an AMI type of the EKS API; undefined for `CUSTOM` and whatever names no architecture. */
export function parseAmiType(amiType: string): NodeImage | undefined {
  const parts = AMI_TYPE.exec(amiType)?.groups;
  if (parts === undefined) return undefined;
  const { prefix, architecture, variant = "" } = parts;
  return {
    family: Object.values(AmiFamily).find((family) => FAMILIES[family].prefix === prefix),
    architecture: architecture === SPELLINGS.arm64 ? Architecture.arm64 : Architecture.amd64,
    accelerator: ACCELERATORS.find(([pattern]) => pattern.test(variant))?.[1],
  };
}

/**
 * Tells why the GPUs of an instance type do not work with the images of a family; undefined where they do, and for types
 * without GPUs.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/ml-eks-optimized-ami.html (read 2026-11)
 * @see https://github.com/awslabs/amazon-eks-ami/blob/81fec2e/doc/usage/g7-ami.md (July 2026)
 */
export function nodeImageProblem(instanceType: string, family: AmiFamily): NodeImageProblem | undefined {
  const instanceFamily = instanceType.split(".")[0]!;
  if (FAMILIES[family].gpuFamilies.includes(instanceFamily)) return undefined;
  const other = Object.values(AmiFamily).find((each) => FAMILIES[each].gpuFamilies.includes(instanceFamily));
  const remedy =
    other === undefined ? UNSUPPORTED.get(instanceFamily) : `Choose the images of ${other}, which have them.`;
  return remedy === undefined ? undefined : { allowed: "an image with drivers for the GPUs of the type", remedy };
}

/** Tells whether a family's images with NVIDIA drivers run the GPU device plugin by themselves. */
export function shipsDevicePlugin(family: AmiFamily): boolean {
  return FAMILIES[family].devicePlugin;
}

/** Tells whether a family's images with NVIDIA drivers partition GPUs (MIG) by themselves. */
export function shipsMigManager(family: AmiFamily): boolean {
  return FAMILIES[family].migManager;
}
