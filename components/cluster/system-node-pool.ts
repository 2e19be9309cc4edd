import * as pulumi from "@pulumi/pulumi";
import { checkedInputs, type InputProblem, inputProblem } from "../internal";
import { CapacityType, generalInstanceType, nearestGeneralInstanceType, type PoolShape } from "../model";
import { checkNodePool, createNodes, leastMaxNodes, type NodePoolArgs, poolLabels, type PoolScale } from "./node-pool";

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
 * Creates one Node for each of `desiredNodes` on the embedded cluster.
 */
export class SystemNodePool extends pulumi.ComponentResource {
  /** What the pool offers to pods; `shape.name` is what workloads name to be placed on it. */
  public readonly shape: PoolShape;
  /** Names of the nodes that the pool starts with. */
  public readonly nodeNames: pulumi.Output<string[]>;

  /**
   * @throws pulumi.InputPropertiesError when the instance type is unknown, when the scale is not
   * `1 <= minNodes <= desiredNodes <= maxNodes <= 5000`, or when a name or label is misspelt or set by the pool itself.
   */
  constructor(name: string, args: SystemNodePoolArgs, opts?: pulumi.ComponentResourceOptions) {
    const errors = validateSystemNodePool(name, args);
    super("mlstack:index:SystemNodePool", name, checkedInputs("SystemNodePool", name, args, errors), opts);

    this.shape = systemPoolShape(name, args);
    const nodes = createNodes(args.clusterKind, name, this.shape, scaleOf(args).desiredNodes, { parent: this });
    this.nodeNames = pulumi.all(nodes.map((node) => node.metadata.name));
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
  const shape = {
    name: args.poolName ?? name,
    instanceType: type.instanceType,
    architecture: type.architecture,
    capacityType: args.capacityType ?? CapacityType.onDemand,
    gpusPerNode: 0,
    vcpus: type.vcpus,
    memoryGib: type.memoryGib,
    efaInterfaces: 0,
    taints: [],
    minNodes,
    maxNodes,
  };
  return { ...shape, labels: { ...args.labels, ...poolLabels(shape) } };
}

/** Checks a system pool's inputs. */
export function validateSystemNodePool(name: string, args: SystemNodePoolArgs): InputProblem[] {
  return [
    ...checkInstanceType(args.instanceType ?? DEFAULT_INSTANCE_TYPE),
    ...checkNodePool(name, args, scaleOf(args), 1),
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
