import type { GpuNodePoolArgs } from "../../../../components";
import { gpuNodeSettings, gpuPoolScale, gpuPoolShape } from "../../../../components/cluster/gpu-pool-shape";
import type { EksPoolPlan } from "../../../../components/cluster/node-back-ends/pool-plan";
import { eksFacts } from "../../../support/eks-facts";

/** What a GPU pool with these arguments hands to its back end. */
export function planOf(args: GpuNodePoolArgs, name = "train", eks = eksFacts): EksPoolPlan {
  const onEks = { eks, ...args };
  return {
    name,
    eks,
    shape: gpuPoolShape(name, onEks),
    desiredNodes: gpuPoolScale(onEks).desiredNodes,
    nodes: gpuNodeSettings(onEks),
  };
}
