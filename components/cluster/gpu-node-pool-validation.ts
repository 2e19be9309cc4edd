import { checkEnum, checkTaintSyntax, type InputProblem, inputProblem, isPlain } from "../internal";
import { CapacityType, scheduleProblems } from "../model";
import { checkInstanceTypes, chosenInstanceTypes } from "./gpu-instance-types";
import type { GpuNodePoolArgs } from "./gpu-node-pool-args";
import { gpuPoolScale, gpuPoolTaints } from "./gpu-pool-shape";
import { PoolBackEnd } from "./node-back-ends";
import { PoolPurpose } from "./node-back-ends/pool-plan";
import { backEndOf, checkNodePool, zonesOf } from "./node-pool";
import { checkCeiling } from "./pool-ceiling";

/** Checks a GPU pool's inputs. */
export function validateGpuNodePool(name: string, args: GpuNodePoolArgs): InputProblem[] {
  const types = chosenInstanceTypes(args);
  const instanceTypes = types.map(({ instanceType }) => instanceType);
  const machines = { instanceTypes, architecture: types[0]?.architecture ?? "amd64", accelerated: true } as const;
  return [
    ...checkInstanceTypes(args),
    ...checkCeiling(args),
    ...checkNodePool(name, args, gpuPoolScale(args), 0, machines),
    ...checkEnum("purpose", args.purpose, PoolPurpose),
    ...checkCapacity(args),
    ...checkStandingNodes(args),
    ...checkNetwork(args),
    ...checkLocalStorage(args),
    ...checkSchedules(args),
    ...checkTaintSyntax("taints", args.taints),
    ...checkRepeatedTaints(args),
  ];
}

/** Capacity that stands in one place, and is of one kind. */
const reservedTypes: CapacityType[] = [CapacityType.reserved, CapacityType.capacityBlock];

function checkCapacity(args: GpuNodePoolArgs): InputProblem[] {
  if (backEndOf(args) === PoolBackEnd.simulated) return [];
  const { capacityType = CapacityType.onDemand, capacityReservationId } = args;
  if (capacityType === CapacityType.spot) return [...checkSpot(args), ...checkNoReservation(args)];
  if (!reservedTypes.includes(capacityType)) return checkNoReservation(args);
  return [
    ...checkReservationId(capacityReservationId, capacityType),
    ...checkOneZone(args, `the capacity type ${capacityType}, as a reservation is in one zone`),
    ...checkOneType(args, capacityType),
  ];
}

function checkSpot(args: GpuNodePoolArgs): InputProblem[] {
  const types = chosenInstanceTypes(args).map(({ instanceType }) => instanceType);
  const zones = zonesOf(args);
  const tooFewTypes = types.length === 1;
  const path = args.gpus !== undefined ? "gpus" : args.instanceType !== undefined ? "instanceType" : "instanceTypes";
  return [
    ...(tooFewTypes
      ? [
          inputProblem(
            path,
            types[0],
            "at least two instance types for the capacity type spot, as each may run out",
            "Name further types in instanceTypes, or buy on demand.",
          ),
        ]
      : []),
    ...(zones.length < 2
      ? [
          inputProblem(
            "availabilityZones",
            zones,
            "at least two zones for the capacity type spot, as each may run out",
            "Name another zone, or buy on demand.",
          ),
        ]
      : []),
  ];
}

function checkNoReservation({ capacityReservationId, capacityType }: GpuNodePoolArgs): InputProblem[] {
  if (capacityReservationId === undefined) return [];
  const allowed = `nothing for the capacity type ${capacityType ?? CapacityType.onDemand}`;
  const remedy = `Remove it, or set capacityType to ${reservedTypes.join(" or ")}.`;
  return [inputProblem("capacityReservationId", shown(capacityReservationId), allowed, remedy)];
}

function checkReservationId(id: GpuNodePoolArgs["capacityReservationId"], capacityType: string): InputProblem[] {
  if (id !== undefined && (!isPlain(id) || /^cr-[0-9a-f]+$/.test(id))) return [];
  const remedy = `The capacity type ${capacityType} takes its machines from there.`;
  return [inputProblem("capacityReservationId", id, "the id of a reservation, such as cr-0123456789abcdef0", remedy)];
}

function checkOneType(args: GpuNodePoolArgs, capacityType: string): InputProblem[] {
  const types = chosenInstanceTypes(args).map(({ instanceType }) => instanceType);
  if (types.length < 2) return [];
  const allowed = `one instance type for the capacity type ${capacityType}, the one that is reserved`;
  return [inputProblem("instanceTypes", types, allowed, "Name the reserved type alone.")];
}

function checkOneZone(args: GpuNodePoolArgs, cause: string): InputProblem[] {
  const zones = zonesOf(args);
  if (zones.length === 1) return [];
  return [inputProblem("availabilityZones", zones, `exactly one zone for ${cause}`, "Name that zone.")];
}

/** Karpenter starts machines for pods and for nothing else. */
function checkStandingNodes(args: GpuNodePoolArgs): InputProblem[] {
  const backEnd = backEndOf(args);
  if (backEnd !== PoolBackEnd.karpenter && backEnd !== PoolBackEnd.auto) return [];
  const { minNodes = 0, desiredNodes = 0 } = args;
  const remedy = "Use schedules for hours in which nodes shall stand ready, or the back end managed.";
  return Object.entries({ minNodes, desiredNodes })
    .filter(([, nodes]) => nodes !== 0)
    .map(([path, nodes]) => inputProblem(path, nodes, `0 for the back end ${backEnd}`, remedy));
}

function checkNetwork(args: GpuNodePoolArgs): InputProblem[] {
  const isCloseTogether = args.placementGroup === true && backEndOf(args) !== PoolBackEnd.simulated;
  return [...checkEfa(args), ...(isCloseTogether ? checkOneZone(args, "a cluster placement group") : [])];
}

function checkEfa(args: GpuNodePoolArgs): InputProblem[] {
  const type = chosenInstanceTypes(args).find(({ efaInterfaces }) => efaInterfaces === 0);
  if (args.efa !== true || type === undefined) return [];
  const allowed = `false for ${type.instanceType}, which has no Elastic Fabric Adapter`;
  return [inputProblem("efa", true, allowed, "Choose a larger type of the family, or one made for training.")];
}

/**
 * Auto Mode uses local disks by itself.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/create-node-class.html "ephemeralStorage" (read 2026-11)
 */
function checkLocalStorage(args: GpuNodePoolArgs): InputProblem[] {
  const diskless = chosenInstanceTypes(args).find(({ localNvmeGb }) => localNvmeGb === 0);
  if (args.localStorage === true && diskless !== undefined) {
    const allowed = `false for ${diskless.instanceType}, which has no local disk`;
    return [inputProblem("localStorage", true, allowed, "Remove it.")];
  }
  if (args.localStorage !== false || diskless !== undefined || backEndOf(args) !== PoolBackEnd.auto) return [];
  const allowed = "true for the back end auto, which always uses local disks";
  return [inputProblem("localStorage", false, allowed, "Remove it.")];
}

function checkSchedules(args: GpuNodePoolArgs): InputProblem[] {
  const { schedules = [], minNodes = 0 } = args;
  const { maxNodes } = gpuPoolScale(args);
  const misspelt = scheduleProblems(schedules).map(({ path, given, allowed, remedy }) =>
    inputProblem(`schedules${path}`, given, allowed, remedy),
  );
  const outOfRange = schedules.flatMap(({ nodes }, index) => {
    if (!Number.isInteger(nodes) || nodes < 1 || (nodes > minNodes && nodes <= maxNodes)) return [];
    const allowed = `more than minNodes, ${minNodes}, and at most the ceiling of ${maxNodes} nodes`;
    return [inputProblem(`schedules[${index}].nodes`, nodes, allowed, "Change it, or the range of the pool.")];
  });
  return [...misspelt, ...outOfRange];
}

function checkRepeatedTaints(args: GpuNodePoolArgs): InputProblem[] {
  const slots = gpuPoolTaints(args).map(({ key, effect }) => `${key}:${effect}`);
  const ownCount = slots.length - (args.taints?.length ?? 0);
  return slots.flatMap((slot, index) => {
    if (slots.indexOf(slot) === index) return [];
    const remedy = slots.indexOf(slot) < ownCount ? "The pool sets this taint itself; remove it." : "Remove one.";
    return [inputProblem(`taints[${index - ownCount}]`, slot, "each key and effect once", remedy)];
  });
}

function shown(input: unknown): unknown {
  return typeof input === "string" ? input : "an output";
}
