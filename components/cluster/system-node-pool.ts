import * as pulumi from "@pulumi/pulumi";
import { checkedInputs, compact, type InputProblem, inputProblem } from "../internal";
import { CapacityType, generalInstanceType, nearestGeneralInstanceType, type PoolShape, usdPerHour } from "../model";
import { createNodes, PoolBackEnd } from "./node-back-ends";
import { checkGroupTags } from "./node-back-ends/managed/group-tags";
import { type NodeSettings, PoolPurpose } from "./node-back-ends/pool-plan";
import { amiFamilyOf, backEndOf, type NodePoolArgs, poolLabels, regionOf, rootVolumeOf, zonesOf } from "./node-pool";
import { checkNodePool } from "./node-pool-validation";
import { leastMaxNodes, type PoolScale } from "./pool-scale";

/** What a {@link SystemNodePool} is made from. */
export interface SystemNodePoolArgs extends NodePoolArgs {
  /** EC2 instance type without accelerators; `m7i.xlarge` (4 vCPU, 16 GiB) by default. */
  instanceType?: string;
  /**
   * Nodes that are always there, from 1; 2 by default, so that controllers survive the loss of a node. 0 in Auto Mode, which
   * starts machines for pods and for nothing else.
   */
  minNodes?: number;
  /** Most nodes that the pool may grow to, at most 5000; the larger of minNodes and desiredNodes by default. */
  maxNodes?: number;
  /** Nodes to start with, between minNodes and maxNodes; minNodes by default. */
  desiredNodes?: number;
}

const DEFAULT_INSTANCE_TYPE = "m7i.xlarge";
const DEFAULT_NODES = 2;

/**
 * A pool of untainted nodes for everything that needs no accelerator: controllers, operators, drivers, plots.
 *
 * Creates one Node for each of `desiredNodes` on the embedded cluster; on EKS a managed node group with its launch
 * template, as the controllers that start other machines run here.
 */
export class SystemNodePool extends pulumi.ComponentResource {
  /** What the pool offers to pods; `shape.name` is what workloads name to be placed on it. */
  public readonly shape: PoolShape;
  /** Names of the nodes that the pool starts with; none on EKS, where machines come later and name themselves. */
  public readonly nodeNames: pulumi.Output<string[]>;

  /**
   * @throws pulumi.InputPropertiesError when the instance type is unknown, when the scale is not
   * `1 <= minNodes <= desiredNodes <= maxNodes <= 5000`, when on EKS there are fewer than two zones or machines may be taken
   * away, or when a name or label is misspelt or set by the pool itself.
   */
  constructor(name: string, args: SystemNodePoolArgs, opts?: pulumi.ComponentResourceOptions) {
    const errors = validateSystemNodePool(name, args);
    super("mlstack:index:SystemNodePool", name, checkedInputs("SystemNodePool", name, args, errors), opts);

    this.shape = systemPoolShape(name, args);
    const { desiredNodes } = scaleOf(args);
    const plan = { name, shape: this.shape, desiredNodes, nodes: systemNodeSettings(args) };
    this.nodeNames = createNodes(backEndOf(args), plan, args.eks, { parent: this }).nodeNames;
    this.registerOutputs({ shape: this.shape, nodeNames: this.nodeNames });
  }
}

/**
 * What a system pool with these arguments offers to pods.
 *
 * @throws RangeError when the catalogue does not list the instance type; {@link validateSystemNodePool} tells
 * beforehand.
 */
export function systemPoolShape(name: string, args: SystemNodePoolArgs): PoolShape {
  const type = generalInstanceType(args.instanceType ?? DEFAULT_INSTANCE_TYPE);
  if (type === undefined) throw new RangeError(`The catalogue does not list ${args.instanceType}.`);
  const { minNodes, maxNodes } = scaleOf(args);
  const shape = compact({
    name: args.poolName ?? name,
    instanceType: type.instanceType,
    instanceTypes: [type.instanceType],
    architecture: type.architecture,
    capacityType: args.capacityType ?? CapacityType.onDemand,
    gpusPerNode: 0,
    vcpus: type.vcpus,
    memoryGib: type.memoryGib,
    ephemeralStorageGib: rootVolumeOf(args),
    efaInterfaces: 0,
    availabilityZones: zonesOf(args),
    usdPerNodeHour: usdPerHour(type.instanceType, regionOf(args)),
    taints: [],
    minNodes,
    maxNodes,
  });
  return { ...shape, labels: { ...args.labels, ...poolLabels(shape) } };
}

/** Checks a system pool's inputs. */
export function validateSystemNodePool(name: string, args: SystemNodePoolArgs): InputProblem[] {
  const problems = checkInputs(name, args);
  const { eks } = args;
  if (problems.length > 0 || eks === undefined || backEndOf(args) !== PoolBackEnd.managed) return problems;
  return checkGroupTags({ eks, shape: systemPoolShape(name, args), nodes: systemNodeSettings(args) });
}

function checkInputs(name: string, args: SystemNodePoolArgs): InputProblem[] {
  const instanceType = args.instanceType ?? DEFAULT_INSTANCE_TYPE;
  const type = generalInstanceType(instanceType);
  const machines = { instanceTypes: type ? [instanceType] : [], architecture: type?.architecture ?? "amd64" } as const;
  return [
    ...checkInstanceType(instanceType),
    ...checkNodePool(name, args, scaleOf(args), isAuto(args) ? 0 : 1, { ...machines, accelerated: false }),
    ...(backEndOf(args) === PoolBackEnd.simulated ? [] : checkMachines(args)),
  ];
}

/** How the nodes of a system pool are built; the controllers that run there can be moved. */
function systemNodeSettings(args: SystemNodePoolArgs): NodeSettings {
  return compact({
    amiFamily: amiFamilyOf(args),
    amiVersion: args.amiVersion,
    rootVolumeGib: rootVolumeOf(args),
    localStorage: false,
    purpose: PoolPurpose.serving,
    placementGroup: false,
    schedules: [],
  });
}

function scaleOf(args: SystemNodePoolArgs): PoolScale {
  const { minNodes = isAuto(args) ? 0 : DEFAULT_NODES, desiredNodes = minNodes } = args;
  const { maxNodes = leastMaxNodes(DEFAULT_NODES, minNodes, desiredNodes) } = args;
  return { minNodes, maxNodes, desiredNodes };
}

function isAuto(args: SystemNodePoolArgs): boolean {
  return backEndOf(args) === PoolBackEnd.auto;
}

function checkInstanceType(name: string): InputProblem[] {
  if (generalInstanceType(name) !== undefined) return [];
  const allowed = "a general instance type of the catalogue";
  return [inputProblem("instanceType", name, allowed, `Did you mean "${nearestGeneralInstanceType(name)}"?`)];
}

/** What starts other machines must outlive the loss of a machine, of a zone and of spot capacity. */
function checkMachines(args: SystemNodePoolArgs): InputProblem[] {
  const { capacityType = CapacityType.onDemand, backEnd, minNodes = 0, desiredNodes = 0 } = args;
  const zones = zonesOf(args);
  const remedy = "The controllers that start all other machines run here.";
  const isOnDemand = capacityType === CapacityType.onDemand;
  const standing = isAuto(args) ? Object.entries({ minNodes, desiredNodes }).filter(([, nodes]) => nodes !== 0) : [];
  return [
    ...(isOnDemand ? [] : [inputProblem("capacityType", capacityType, CapacityType.onDemand, remedy)]),
    ...(backEnd === PoolBackEnd.kwokKarpenter ? [inputProblem("backEnd", backEnd, PoolBackEnd.simulated, remedy)] : []),
    ...(backEnd === PoolBackEnd.karpenter ? [inputProblem("backEnd", backEnd, PoolBackEnd.managed, remedy)] : []),
    ...(zones.length < 2 && args.eks ? [inputProblem("availabilityZones", zones, "at least two zones", remedy)] : []),
    ...standing.map(([path, nodes]) =>
      inputProblem(path, nodes, "0 in Auto Mode", "Remove it: machines are started when pods need them."),
    ),
  ];
}
