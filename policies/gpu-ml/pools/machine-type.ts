import { Architecture, gpuInstanceType } from "../../../components/model";

/** Families of AWS's own processors carry a `g` behind their generation: `m7g`, `c6gn`, `g5g`. */
const ARM = /^(a1|[a-z]+\d+g[a-z]*)\./;

/** Families that have no accelerators, by what stands before their generation. */
const WITHOUT_ACCELERATORS = /^(a|c|d|h|hpc|i|im|is|m|r|t|x|z)\d/;

/**
 * The instruction set of an EC2 instance type, by the catalogue or else by its name.
 *
 * @see https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html
 */
export function architectureOf(instanceType: string): Architecture {
  const byName = ARM.test(instanceType) ? Architecture.arm64 : Architecture.amd64;
  return gpuInstanceType(instanceType)?.architecture ?? byName;
}

/** Tells whether an instance type has NVIDIA GPUs; undefined where neither the catalogue nor its family says. */
export function hasNvidiaGpus(instanceType: string): boolean | undefined {
  if (gpuInstanceType(instanceType) !== undefined) return true;
  return WITHOUT_ACCELERATORS.test(instanceType) ? false : undefined;
}
