import { checkEnum, type InputProblem, inputProblem } from "../internal";
import { AmiFamily, amiTypeOf, type Architecture, nodeImageProblem } from "../model";
import { isLocal, PoolBackEnd } from "./node-back-ends";
import { amiFamilyOf, backEndOf, type NodePoolArgs } from "./node-pool";

/** What the checks of the shared arguments need of a pool's machines. */
export interface PoolMachines {
  /** Instance types, the first choice first; none where they could not be told. */
  instanceTypes: string[];
  architecture: Architecture;
  accelerated: boolean;
}

/** Checks that the image of a pool is one that its machines can run, and that its back end can choose. */
export function checkImage(args: NodePoolArgs, machines: PoolMachines): InputProblem[] {
  const { amiFamily, amiType } = args;
  const isAuto = backEndOf(args) === PoolBackEnd.auto;
  const own = Object.entries({ amiFamily, amiType, amiVersion: args.amiVersion }).filter(
    ([, given]) => given !== undefined,
  );
  if (isAuto && own.length > 0) {
    const allowed = "nothing, as EKS Auto Mode brings its own image";
    return own.map(([path, given]) => inputProblem(path, given, allowed, "Remove it, or choose another back end."));
  }
  const misspelt = checkEnum("amiFamily", amiFamily, AmiFamily);
  if (misspelt.length > 0) return misspelt;
  return [...checkAmiType(args, machines), ...checkFamilySupport(args, machines), ...checkAmiVersion(args)];
}

function checkAmiType(args: NodePoolArgs, { instanceTypes, architecture, accelerated }: PoolMachines): InputProblem[] {
  const { amiType } = args;
  const [instanceType] = instanceTypes;
  if (amiType === undefined || instanceType === undefined) return [];
  const right = amiTypeOf(amiFamilyOf(args), architecture, accelerated);
  if (amiType === right) return [];
  return [inputProblem("amiType", amiType, `${right} for ${instanceType}`, "Leave amiType out: it is derived.")];
}

interface VersionSpelling {
  pattern: RegExp;
  example: string;
}

const bottlerocketRelease = { pattern: /^\d+\.\d+\.\d+$/, example: "1.60.0" };

/**
 * How releases of images are spelt: EKS puts the version of Kubernetes before Amazon Linux's date, and a commit after
 * Bottlerocket's release.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/eks-linux-ami-versions.html (read 2026-11)
 * @see https://karpenter.sh/docs/concepts/nodeclasses/ "alias" (Karpenter 1.14)
 */
const versionSpellings: Partial<Record<PoolBackEnd, Record<AmiFamily, VersionSpelling>>> = {
  managed: {
    al2023: { pattern: /^1\.\d+\.\d+-\d{8}$/, example: "1.35.3-20260714" },
    bottlerocket: { pattern: /^\d+\.\d+\.\d+-[0-9a-f]{8}$/, example: "1.60.0-2fdc9ddb" },
  },
  karpenter: { al2023: { pattern: /^v\d{8}$/, example: "v20260714" }, bottlerocket: bottlerocketRelease },
};

function checkAmiVersion(args: NodePoolArgs): InputProblem[] {
  const { amiVersion } = args;
  const backEnd = backEndOf(args);
  const spelling = versionSpellings[backEnd]?.[amiFamilyOf(args)];
  if (amiVersion === undefined || spelling === undefined || spelling.pattern.test(amiVersion)) return [];
  const allowed = `a release of ${amiFamilyOf(args)} such as ${spelling.example} for the back end ${backEnd}`;
  return [inputProblem("amiVersion", amiVersion, allowed, "Spell it that way, or leave it out for the newest.")];
}

function checkFamilySupport(args: NodePoolArgs, { instanceTypes }: PoolMachines): InputProblem[] {
  if (isLocal(backEndOf(args)) && args.amiFamily === undefined) return [];
  const family = amiFamilyOf(args);
  return instanceTypes.flatMap((instanceType) => {
    const problem = nodeImageProblem(instanceType, family);
    if (problem === undefined) return [];
    return [inputProblem("amiFamily", `${family} on ${instanceType}`, problem.allowed, problem.remedy)];
  });
}
