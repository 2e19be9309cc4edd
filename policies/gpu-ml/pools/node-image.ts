import {
  amiTypeOf,
  arrayAt,
  childAt,
  isUnknown,
  nodeImageProblem,
  parseAmiType,
  type NodeImage,
  type Tree,
} from "../../../components/model";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";
import { architectureOf, hasNvidiaGpus } from "./machine-type";

const PATH = "amiType";
const SEPARATE = "Give machines of each kind a group of their own.";

/**
 * GPU-08: the image of a node group suits its machines, in instruction set and in drivers.
 *
 * @see https://docs.aws.amazon.com/eks/latest/APIReference/API_Nodegroup.html "amiType"
 * @see https://docs.aws.amazon.com/eks/latest/userguide/ml-eks-optimized-ami.html
 */
export const nodeImage: ResourceRule = {
  id: "GPU-08",
  title: "Node groups have the image that suits their machines",
  why: "On the wrong image a machine never joins the cluster, or joins it without GPUs while it costs as much as with them.",
  remediation: "Set `amiType` to the image for the instruction set and the accelerators of the instance types.",
  url: "https://docs.aws.amazon.com/eks/latest/userguide/ml-eks-optimized-ami.html",
  severity: "high",
  level: "mandatory",
  family: "gpu",
  parameters: {},
  fix: "sets the image of the same operating system that suits the machines",
  examples: {
    bad: `
type: aws:eks/nodeGroup:NodeGroup
name: gpu
properties: { amiType: AL2023_x86_64_STANDARD, instanceTypes: [g5.xlarge] }
`,
    good: `
type: aws:eks/nodeGroup:NodeGroup
name: gpu
properties: { amiType: AL2023_x86_64_NVIDIA, instanceTypes: [g5.xlarge] }
`,
  },
  *judge({ type, tree }) {
    if (type !== "aws:eks/nodeGroup:NodeGroup") return;
    const amiType = childAt(tree, PATH);
    const types = arrayAt(tree, "instanceTypes");
    if (isUnknown(amiType) && types.length > 0) yield undecided(PATH);
    const image = imageOf(amiType);
    if (image === undefined) return;
    if (isUnknown(childAt(tree, "instanceTypes"))) yield undecided("instanceTypes");
    for (const [index, each] of types.entries()) if (isUnknown(each)) yield undecided(`instanceTypes[${index}]`);
    const names = types.filter((each) => typeof each === "string");
    const problem = names.map((name) => problemOf(image, name)).find((each) => each !== undefined);
    if (problem !== undefined) yield violationOf(image, problem, names);
  },
};

/** An image as messages name it. */
interface GivenImage extends NodeImage {
  spelt: string;
}

/** What does not suit, and what would. */
interface Problem {
  observed: string;
  allowed: string;
  /** Absent where another image of the same operating system helps. */
  remedy?: string;
}

/** Where a group names no image, a launch template may, or EKS chooses. */
function imageOf(amiType: Tree): GivenImage | undefined {
  const spelt = typeof amiType === "string" ? amiType : "";
  const image = parseAmiType(spelt);
  return image === undefined ? undefined : { ...image, spelt };
}

function problemOf({ spelt, family, architecture, accelerator }: GivenImage, name: string): Problem | undefined {
  const hasGpus = hasNvidiaGpus(name);
  const own = architectureOf(name);
  if (own !== architecture) {
    return { observed: `${spelt} for ${architecture}, on which ${name} cannot start`, allowed: `an image for ${own}` };
  }
  if (hasGpus === true && accelerator !== "nvidia") {
    return { observed: `${spelt} without drivers for the GPUs of ${name}`, allowed: "an image with NVIDIA drivers" };
  }
  if (hasGpus === false && accelerator !== undefined) {
    return {
      observed: `${spelt} with drivers for accelerators that ${name} does not have`,
      allowed: "an image without such drivers",
    };
  }
  const unsupported = family === undefined ? undefined : nodeImageProblem(name, family);
  return unsupported && { observed: `${spelt} without drivers for the GPUs of ${name}`, ...unsupported };
}

function violationOf(image: GivenImage, { observed, allowed, remedy }: Problem, names: string[]): Judgement {
  const suiting = remedy === undefined ? suitingImage(image, names) : undefined;
  const advice = remedy ?? (suiting === undefined ? SEPARATE : `Set it to ${suiting}.`);
  const fix = suiting === undefined ? {} : { fix: [{ path: PATH, value: suiting }] };
  return { path: PATH, observed, allowed, remedy: advice, ...fix };
}

/** The image of the same operating system that suits all machines; undefined where they are of different kinds. */
function suitingImage({ family }: NodeImage, names: string[]): string | undefined {
  const kinds = new Set(names.map((name) => `${architectureOf(name)} ${String(hasNvidiaGpus(name))}`));
  const [first = ""] = names;
  const hasGpus = hasNvidiaGpus(first);
  if (family === undefined || hasGpus === undefined || kinds.size > 1) return undefined;
  return amiTypeOf(family, architectureOf(first), hasGpus);
}
