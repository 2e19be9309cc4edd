import * as pulumi from "@pulumi/pulumi";
import { checkedInputs, compact, type InputProblem, inputProblem } from "../internal";
import { CapacityType, generalInstanceType, nearestGeneralInstanceType, type PoolShape, usdPerHour } from "../model";
import { createNodes, PoolBackEnd } from "./node-back-ends";
import { PoolPurpose } from "./node-back-ends/pool-plan";
import {
  amiFamilyOf,
  backEndOf,
  checkNodePool,
  type NodePoolArgs,
  poolLabels,
  regionOf,
  rootVolumeOf,
  zonesOf,
} from "./node-pool";
import { leastMaxNodes, type PoolScale } from "./pool-scale";

/** What a {@link SystemNodePool} is made from. */
export interface SystemNodePoolArgs extends NodePoolArgs {
  /** EC2 instance type without accelerators; `m7i.xlarge` (4 vCPU, 16 GiB) by default. */
  instanceType?: string;
  /** Nodes that are always there, from 1; 2 by default, so that controllers survive the loss of a node. */
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
    const nodes = compact({
      amiFamily: amiFamilyOf(args),
      amiVersion: args.amiVersion,
      rootVolumeGib: rootVolumeOf(args),
      localStorage: false,
      purpose: PoolPurpose.serving,
      placementGroup: false,
      schedules: [],
    });
    const plan = { name, shape: this.shape, desiredNodes, nodes };
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
  const instanceType = args.instanceType ?? DEFAULT_INSTANCE_TYPE;
  const type = generalInstanceType(instanceType);
  const machines = { instanceTypes: type ? [instanceType] : [], architecture: type?.architecture ?? "amd64" } as const;
  return [
    ...checkInstanceType(instanceType),
    ...checkNodePool(name, args, scaleOf(args), 1, { ...machines, accelerated: false }),
    ...(backEndOf(args) === PoolBackEnd.simulated ? [] : checkMachines(args)),
  ];
}

function scaleOf(args: SystemNodePoolArgs): PoolScale {
  const { minNodes = DEFAULT_NODES, desiredNodes = minNodes, maxNodes = leastMaxNodes(minNodes, desiredNodes) } = args;
  return { minNodes, maxNodes, desiredNodes };
}

function checkInstanceType(name: string): InputProblem[] {
  if (generalInstanceType(name) !== undefined) return [];
  const allowed = "a general instance type of the catalogue";
  return [inputProblem("instanceType", name, allowed, `Did you mean "${nearestGeneralInstanceType(name)}"?`)];
}

/** What starts other machines must outlive the loss of a machine, of a zone and of spot capacity. */
function checkMachines(args: SystemNodePoolArgs): InputProblem[] {
  const { capacityType = CapacityType.onDemand, backEnd } = args;
  const zones = zonesOf(args);
  const remedy = "The controllers that start all other machines run here.";
  return [
    ...(capacityType === CapacityType.onDemand
      ? []
      : [inputProblem("capacityType", capacityType, CapacityType.onDemand, remedy)]),
    ...(backEnd === undefined || backEnd === PoolBackEnd.managed
      ? []
      : [inputProblem("backEnd", backEnd, PoolBackEnd.managed, remedy)]),
    ...(zones.length >= 2 || args.eks === undefined
      ? []
      : [inputProblem("availabilityZones", zones, "at least two zones", remedy)]),
  ];
}
