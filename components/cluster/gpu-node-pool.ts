import * as pulumi from "@pulumi/pulumi";
import { checkedInputs } from "../internal";
import type { PoolShape } from "../model";
import type { GpuNodePoolArgs } from "./gpu-node-pool-args";
import { validateGpuNodePool } from "./gpu-node-pool-validation";
import { gpuNodeSettings, gpuPoolScale, gpuPoolShape } from "./gpu-pool-shape";
import { createNodes } from "./node-back-ends";
import { backEndOf } from "./node-pool";

/**
 * A pool of equal nodes with NVIDIA GPUs, tainted so that other work stays away.
 *
 * What it creates follows from its back end: one Node for each of `desiredNodes` on the embedded cluster; on EKS a
 * managed node group with its launch template, or a NodePool and node class for Karpenter or Auto Mode.
 */
export class GpuNodePool extends pulumi.ComponentResource {
  /** What the pool offers to pods; `shape.name` is what workloads name to be placed on it. */
  public readonly shape: PoolShape;
  /** Names of the nodes that the pool starts with; none on EKS, where machines come later and name themselves. */
  public readonly nodeNames: pulumi.Output<string[]>;

  /**
   * @throws pulumi.InputPropertiesError when the instance types are unknown, unlike each other or have no whole GPU; when a
   * ceiling is missing or below one node, or the scale is not `0 <= minNodes <= desiredNodes <= ceiling <= 5000`; when
   * image, zones, capacity type, EFA, placement group or schedules do not go together with instance types and back end; when a
   * name, label or taint is misspelt, or one that the pool sets itself.
   */
  constructor(name: string, args: GpuNodePoolArgs, opts?: pulumi.ComponentResourceOptions) {
    const errors = validateGpuNodePool(name, args);
    super("mlstack:index:GpuNodePool", name, checkedInputs("GpuNodePool", name, args, errors), opts);

    this.shape = gpuPoolShape(name, args);
    const { desiredNodes } = gpuPoolScale(args);
    const plan = { name, shape: this.shape, desiredNodes, nodes: gpuNodeSettings(args) };
    this.nodeNames = createNodes(backEndOf(args), plan, args.eks, { parent: this }).nodeNames;
    this.registerOutputs({ shape: this.shape, nodeNames: this.nodeNames });
  }
}
