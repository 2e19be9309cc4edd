import { checkEnum, checkTaintSyntax, type InputProblem, inputProblem, isPlain } from "../internal";
import { CapacityType, scheduleProblems } from "../model";
import { checkInstanceTypes, chosenInstanceTypes } from "./gpu-instance-types";
import type { GpuNodePoolArgs } from "./gpu-node-pool-args";
import { gpuNodeSettings, gpuPoolScale, gpuPoolShape, gpuPoolTaints } from "./gpu-pool-shape";
import { isLocal, PoolBackEnd } from "./node-back-ends";
import { checkGroupTags } from "./node-back-ends/managed/group-tags";
import { PoolPurpose } from "./node-back-ends/pool-plan";
import { backEndOf, zonesOf } from "./node-pool";
import { checkNodePool } from "./node-pool-validation";
import { checkCeiling } from "./pool-ceiling";

/** Checks a GPU pool's inputs. */
export function validateGpuNodePool(name: string, args: GpuNodePoolArgs): InputProblem[] {
  const problems = checkInputs(name, args);
  const { eks } = args;
  if (problems.length > 0 || eks === undefined || backEndOf(args) !== PoolBackEnd.managed) return problems;
  return checkGroupTags({ eks, shape: gpuPoolShape(name, args), nodes: gpuNodeSettings(args) });
}

function checkInputs(name: string, args: GpuNodePoolArgs): InputProblem[] {
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
    ...checkManagedTaints(args),
    ...checkRepeatedTaints(args),
  ];
}

/** Capacity that stands in one place, and is of one kind. */
const reservedTypes: CapacityType[] = [CapacityType.reserved, CapacityType.capacityBlock];

function checkCapacity(args: GpuNodePoolArgs): InputProblem[] {
  if (isLocal(backEndOf(args))) return [];
  const { capacityType = CapacityType.onDemand, capacityReservationId } = args;
  if (capacityType === CapacityType.spot) return [...checkSpot(args), ...checkNoReservation(args)];
  if (!reservedTypes.includes(capacityType)) return checkNoReservation(args);
  return [
    ...checkReservationId(capacityReservationId, capacityType),
    ...checkNoGroup(args, capacityType),
    ...checkOneZone(args, `the capacity type ${capacityType}, as a reservation is in one zone`),
    ...checkOneType(args, capacityType),
  ];
}

function checkSpot(args: GpuNodePoolArgs): InputProblem[] {
  if (tieOf(args) !== undefined) {
    const allowed = `a capacity type other than spot beside ${tieOf(args)}, as that is in one zone and spot needs two`;
    return [inputProblem("capacityType", CapacityType.spot, allowed, "Buy on demand, or train on one node at a time.")];
  }
  return [...checkSeveralTypes(args), ...checkSeveralZones(args)];
}

function checkSeveralTypes(args: GpuNodePoolArgs): InputProblem[] {
  const types = chosenInstanceTypes(args).map(({ instanceType }) => instanceType);
  if (types.length !== 1) return [];
  const path = args.gpus !== undefined ? "gpus" : args.instanceType !== undefined ? "instanceType" : "instanceTypes";
  const allowed = "at least two instance types for the capacity type spot, as each may run out";
  const given = path === "instanceTypes" ? types : types[0];
  return [inputProblem(path, given, allowed, "Name further types in instanceTypes, or buy on demand.")];
}

function checkSeveralZones(args: GpuNodePoolArgs): InputProblem[] {
  const zones = zonesOf(args);
  if (zones.length >= 2) return [];
  const allowed = "at least two zones for the capacity type spot, as each may run out";
  return [inputProblem("availabilityZones", zones, allowed, "Name another zone, or buy on demand.")];
}

/**
 * A reservation can only be in a placement group that it was made in.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/cr-cpg.html (read 2026-11)
 */
function checkNoGroup({ placementGroup }: GpuNodePoolArgs, capacityType: string): InputProblem[] {
  if (placementGroup !== true) return [];
  const allowed = `false for the capacity type ${capacityType}, whose reservation decides where machines stand`;
  return [inputProblem("placementGroup", true, allowed, "Remove it.")];
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

/** What ties the nodes of a pool on EKS to one zone; undefined where nothing does. */
function tieOf(args: GpuNodePoolArgs): string | undefined {
  if (isLocal(backEndOf(args))) return undefined;
  const types = chosenInstanceTypes(args);
  if (args.efa === true && types.every(({ efaInterfaces }) => efaInterfaces > 0)) return "efa";
  return args.placementGroup === true ? "placementGroup" : undefined;
}

/** Fabric adapters do not reach beyond a zone, and a cluster placement group is in one. */
function checkNetwork(args: GpuNodePoolArgs): InputProblem[] {
  const { capacityType = CapacityType.onDemand } = args;
  const tie = tieOf(args);
  const isJudgedElsewhere = capacityType !== CapacityType.onDemand;
  return [
    ...checkEfa(args),
    ...(tie === undefined || isJudgedElsewhere ? [] : checkOneZone(args, `${tie}, which does not reach beyond it`)),
    ...checkRebalancing(args, tie),
  ];
}

/**
 * Auto Scaling moves machines from zone to zone to keep them even, and EKS drains those that go, whatever runs there.
 *
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-availability-zone-balanced.html (read 2026-11)
 */
function checkRebalancing(args: GpuNodePoolArgs, tie: string | undefined): InputProblem[] {
  const { capacityType = CapacityType.onDemand, purpose = PoolPurpose.training } = args;
  const isMoved = backEndOf(args) === PoolBackEnd.managed && capacityType === CapacityType.onDemand;
  const zones = zonesOf(args);
  if (!isMoved || purpose !== PoolPurpose.training || tie !== undefined || zones.length < 2) return [];
  const allowed =
    "one zone for the back end managed and the purpose training, as Auto Scaling moves machines between zones";
  const remedy = "Name one zone, set purpose to serving, or choose the back end karpenter.";
  return [inputProblem("availabilityZones", zones, allowed, remedy)];
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

/**
 * EKS takes less as a taint of a managed group than Kubernetes does of a node.
 *
 * @see https://docs.aws.amazon.com/eks/latest/APIReference/API_Taint.html (read 2026-11)
 */
function checkManagedTaints(args: GpuNodePoolArgs): InputProblem[] {
  if (backEndOf(args) !== PoolBackEnd.managed) return [];
  const allowed = "at most 63 characters with the prefix, as EKS demands of managed groups";
  return (args.taints ?? []).flatMap(({ key }, index) =>
    key.length <= 63 ? [] : [inputProblem(`taints[${index}].key`, key, allowed, "Shorten the key.")],
  );
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
