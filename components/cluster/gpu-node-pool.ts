import * as pulumi from "@pulumi/pulumi";
import { checkedInputs, checkTaintSyntax, type InputProblem, inputProblem } from "../internal";
import {
  CapacityType,
  GPU_MODEL_LABEL,
  GPU_PRESENT_LABEL,
  GPU_RESOURCE,
  gpuInstanceType,
  nearestGpuInstanceType,
  type PoolShape,
  type Taint,
  TaintEffect,
} from "../model";
import { checkNodePool, createNodes, type NodePoolArgs, poolLabels, type PoolScale } from "./node-pool";

/** What a {@link GpuNodePool} is made from. */
export interface GpuNodePoolArgs extends NodePoolArgs {
  /** EC2 instance type with whole NVIDIA GPUs, for example `g5.xlarge`. It decides the accelerator. */
  instanceType: string;
  /** Most nodes that the pool may grow to, from 1 to 5000. Required, as it is the ceiling of the cost. */
  maxNodes: number;
  /** Nodes that are always there, from 0. 0 by default, so that an idle pool costs nothing. */
  minNodes?: number;
  /** Nodes to start with, between minNodes and maxNodes; minNodes by default. */
  desiredNodes?: number;
  /** Taints on every node, beside the GPU taint. */
  taints?: Taint[];
  /**
   * Whether nodes carry the taint `nvidia.com/gpu=present:NoSchedule`; true by default, so that only pods that need a
   * GPU get on a GPU node.
   */
  gpuTaint?: boolean;
}

const gpuTaint: Taint = { key: GPU_RESOURCE, value: "present", effect: TaintEffect.noSchedule };

/**
 * A pool of equal nodes with NVIDIA GPUs, tainted so that other work stays away.
 *
 * Creates one Node for each of `desiredNodes` on the embedded cluster.
 */
export class GpuNodePool extends pulumi.ComponentResource {
  /** What the pool offers to pods; `shape.name` is what workloads name to be placed on it. */
  public readonly shape: PoolShape;
  /** Names of the nodes that the pool starts with. */
  public readonly nodeNames: pulumi.Output<string[]>;

  /**
   * @throws pulumi.InputPropertiesError when the instance type is unknown or has no whole GPU, when the scale is not
   * `0 <= minNodes <= desiredNodes <= maxNodes <= 5000`, when a name, label or taint is misspelt, or when a label or taint is
   * one that the pool sets itself.
   */
  constructor(name: string, args: GpuNodePoolArgs, opts?: pulumi.ComponentResourceOptions) {
    const errors = validateGpuNodePool(name, args);
    super("mlstack:index:GpuNodePool", name, checkedInputs("GpuNodePool", name, args, errors), opts);

    this.shape = gpuPoolShape(name, args);
    const nodes = createNodes(args.clusterKind, name, this.shape, scaleOf(args).desiredNodes, { parent: this });
    this.nodeNames = pulumi.all(nodes.map((node) => node.metadata.name));
    this.registerOutputs({ shape: this.shape, nodeNames: this.nodeNames });
  }
}

/**
 * What a GPU pool with these arguments offers to pods.
 *
 * @throws RangeError when the catalogue does not list the instance type; {@link validateGpuNodePool} tells beforehand.
 */
export function gpuPoolShape(name: string, args: GpuNodePoolArgs): PoolShape {
  const type = gpuInstanceType(args.instanceType);
  if (type === undefined) throw new RangeError(`The catalogue does not list ${args.instanceType}.`);
  const { minNodes, maxNodes } = scaleOf(args);
  const shape = {
    name: args.poolName ?? name,
    instanceType: type.instanceType,
    architecture: type.architecture,
    capacityType: args.capacityType ?? CapacityType.onDemand,
    gpuResource: GPU_RESOURCE,
    gpusPerNode: type.gpuCount,
    gpuModel: type.gpuModel,
    gpuMemoryMib: type.gpuMemoryMib,
    vcpus: type.vcpus,
    memoryGib: type.memoryGib,
    efaInterfaces: type.efaInterfaces,
    taints: taintsOf(args),
    minNodes,
    maxNodes,
  };
  const gpuLabels = { [GPU_PRESENT_LABEL]: "true", [GPU_MODEL_LABEL]: type.gpuModel };
  return { ...shape, labels: { ...args.labels, ...poolLabels(shape), ...gpuLabels } };
}

/** Checks a GPU pool's inputs. */
export function validateGpuNodePool(name: string, args: GpuNodePoolArgs): InputProblem[] {
  return [
    ...checkInstanceType(args.instanceType),
    ...checkNodePool(name, args, scaleOf(args), 0),
    ...checkTaintSyntax("taints", args.taints),
    ...checkRepeatedTaints(args),
  ];
}

function scaleOf({ minNodes = 0, maxNodes, desiredNodes = minNodes }: GpuNodePoolArgs): PoolScale {
  return { minNodes, maxNodes, desiredNodes };
}

function taintsOf(args: GpuNodePoolArgs): Taint[] {
  return [...((args.gpuTaint ?? true) ? [gpuTaint] : []), ...(args.taints ?? [])];
}

function checkInstanceType(name: string): InputProblem[] {
  const type = gpuInstanceType(name);
  if (type === undefined) {
    const nearest = nearestGpuInstanceType(name);
    return [inputProblem("instanceType", name, "a GPU instance type of the catalogue", `Did you mean "${nearest}"?`)];
  }
  if (type.gpuCount > 0) return [];
  const remedy = "Pods ask for whole GPUs, so none would ever be placed there; choose a larger type.";
  return [inputProblem("instanceType", name, "an instance type with at least one whole GPU", remedy)];
}

function checkRepeatedTaints(args: GpuNodePoolArgs): InputProblem[] {
  const slots = taintsOf(args).map(({ key, effect }) => `${key}:${effect}`);
  const ownCount = slots.length - (args.taints?.length ?? 0);
  return slots.flatMap((slot, index) => {
    if (slots.indexOf(slot) === index) return [];
    const remedy = slots.indexOf(slot) < ownCount ? "The pool sets this taint itself; remove it." : "Remove one.";
    return [inputProblem(`taints[${index - ownCount}]`, slot, "each key and effect once", remedy)];
  });
}
