import { type InputProblem, inputProblem, problemAt } from "../internal";
import {
  CapacityType,
  efaInterfacesOf,
  type GpuInstanceType,
  gpuInstanceType,
  type GpuRequirement,
  gpuRequirementProblems,
  instanceTypesFor,
  nearestGpuInstanceType,
  nodeImageProblem,
} from "../model";
import type { GpuNodePoolArgs } from "./gpu-node-pool-args";
import { isLocal } from "./node-back-ends";
import { amiFamilyOf, backEndOf } from "./node-pool";

type Choice = Pick<
  GpuNodePoolArgs,
  "instanceType" | "instanceTypes" | "gpus" | "efa" | "capacityType" | "eks" | "backEnd" | "amiFamily" | "amiType"
>;

/** Types that a pool on spot capacity is given by a requirement: several, as each may run out, yet of similar price. */
const SPOT_CHOICES = 4;

interface Trait {
  of: (type: GpuInstanceType) => string | number;
  named: string;
  /** Whether pods on a pool with these types can tell. */
  matters: (args: Choice, types: GpuInstanceType[]) => boolean;
}

/** In what the types of a pool must be alike: autoscalers judge a pool by one of them, and images run on one architecture. */
const traits: Trait[] = [
  { of: (type) => type.architecture, named: "architecture", matters: () => true },
  { of: (type) => type.gpuCount, named: "number of GPUs", matters: () => true },
  { of: fabricOf, named: "EFA interfaces", matters: usesFabric },
];

/** The instance types that a pool may use, the first choice first; those that the catalogue lists. */
export function chosenInstanceTypes(args: Choice): GpuInstanceType[] {
  if (args.gpus === undefined) return namesOf(args).flatMap(({ name }) => gpuInstanceType(name) ?? []);
  const fitting = instanceTypesFor(requirementOf(args)).filter((type) => hasImage(type, args));
  const [cheapest] = fitting;
  if (cheapest === undefined || args.capacityType !== CapacityType.spot) return fitting.slice(0, 1);
  const alike = fitting.filter((type) =>
    traits.every(({ of, matters }) => !matters(args, fitting) || of(type) === of(cheapest)),
  );
  return alike.slice(0, SPOT_CHOICES);
}

/** A type without any adapter is a mistake of its own. */
function usesFabric({ efa }: Choice, types: GpuInstanceType[]): boolean {
  return efa === true && types.every(({ efaInterfaces }) => efaInterfaces > 0);
}

/** Fabric adapters and the network cards that they are on, as one launch template lists them for every machine. */
function fabricOf({ instanceType }: GpuInstanceType): string {
  const cards = efaInterfacesOf(instanceType)
    .slice(1)
    .map(({ networkCardIndex }) => networkCardIndex);
  return `${cards.length} (cards ${cards[0]}-${cards.at(-1)})`;
}

/** Checks that instance types are named in one way, are in the catalogue, and are alike where pods can tell. */
export function checkInstanceTypes(args: Choice): InputProblem[] {
  const given = (["instanceType", "instanceTypes", "gpus"] as const).filter((key) => args[key] !== undefined);
  if (given.length !== 1) {
    const observed = given.length === 0 ? "missing" : `given beside ${given.slice(1).join(" and ")}`;
    const allowed = "exactly one of instanceType, instanceTypes and gpus";
    const remedy =
      given.length === 0 ? "Name the instance type, or say what its GPUs must be like." : "Keep one of them.";
    return [problemAt(given[0] ?? "instanceType", observed, allowed, remedy)];
  }
  if (args.gpus !== undefined) return checkRequirement(args);
  if (args.instanceTypes?.length === 0) {
    return [
      inputProblem("instanceTypes", [], "at least one GPU instance type", "Name some, or say what GPUs you need."),
    ];
  }
  const problems = namesOf(args).flatMap(checkName);
  return problems.length > 0 ? problems : checkAlike(args);
}

function checkRequirement(args: Choice): InputProblem[] {
  const problems = gpuRequirementProblems(requirementOf(args)).map(({ path, given, allowed, remedy }) =>
    inputProblem(path === "" ? "gpus" : `gpus.${path}`, given, allowed, remedy),
  );
  if (problems.length > 0 || chosenInstanceTypes(args).length > 0) return problems;
  const allowed = `what an instance type with an image of ${amiFamilyOf(args)} fulfils`;
  return [inputProblem("gpus", args.gpus, allowed, "Choose another amiFamily, or ask for less.")];
}

/** A pool with fabric adapters can only be of machines that have them. */
function requirementOf({ gpus, efa }: Choice): GpuRequirement {
  return efa === true ? { ...gpus!, efa } : gpus!;
}

/** No image is started on the embedded cluster, where only a pool that names its operating system is held to it. */
function hasImage({ instanceType }: GpuInstanceType, args: Choice): boolean {
  const isAnyImage = isLocal(backEndOf(args)) && args.amiFamily === undefined;
  return isAnyImage || nodeImageProblem(instanceType, amiFamilyOf(args)) === undefined;
}

interface NamedType {
  path: string;
  name: string;
}

function namesOf({ instanceType, instanceTypes }: Choice): NamedType[] {
  if (instanceType !== undefined) return [{ path: "instanceType", name: instanceType }];
  return (instanceTypes ?? []).map((name, index) => ({ path: `instanceTypes[${index}]`, name }));
}

function checkName({ path, name }: NamedType): InputProblem[] {
  const type = gpuInstanceType(name);
  if (type === undefined) {
    const nearest = nearestGpuInstanceType(name);
    return [inputProblem(path, name, "a GPU instance type of the catalogue", `Did you mean "${nearest}"?`)];
  }
  if (type.gpuCount > 0) return [];
  const remedy = "Pods ask for whole GPUs, so none would ever be placed there; choose a larger type.";
  return [inputProblem(path, name, "an instance type with at least one whole GPU", remedy)];
}

function checkAlike(args: Choice): InputProblem[] {
  const types = chosenInstanceTypes(args);
  const [first, ...others] = types;
  if (first === undefined) return [];
  return traits
    .filter(({ matters }) => matters(args, types))
    .flatMap(({ of, named }) => {
      const odd = others.find((type) => of(type) !== of(first));
      if (odd === undefined) return [];
      const observed = `${first.instanceType} with ${of(first)} and ${odd.instanceType} with ${of(odd)}`;
      const remedy = "Give each kind of machine a pool of its own.";
      return [problemAt("instanceTypes", observed, `types of the same ${named}`, remedy)];
    });
}
