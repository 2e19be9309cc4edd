import { describe, expect, it } from "vitest";
import type { GpuNodePoolArgs } from "../../../../components";
import { createAutoModePool } from "../../../../components/cluster/node-back-ends/auto-mode/auto-mode-pool";
import { declaredLabels } from "../../../../components/cluster/node-back-ends/declared-labels";
import { createKarpenterPool } from "../../../../components/cluster/node-back-ends/karpenter/karpenter-pool";
import {
  AmiFamily,
  CapacityType,
  GPU_RESOURCE,
  gpuInstanceTypes,
  nodeImageProblem,
  type PoolShape,
  poolShapeOf,
  type Tree,
} from "../../../../components/model";
import { type Registered, startMocks } from "../../../support/mocks";
import { planOf } from "./eks-plans";

const backEnds = { karpenter: createKarpenterPool, auto: createAutoModePool };
type BackEnd = keyof typeof backEnds;

const offered = gpuInstanceTypes().filter(
  ({ instanceType, gpuCount }) => gpuCount > 0 && nodeImageProblem(instanceType, AmiFamily.al2023) === undefined,
);
const rows = (Object.keys(backEnds) as BackEnd[]).flatMap((backEnd) => offered.map((type) => ({ ...type, backEnd })));

interface Created {
  shape: PoolShape;
  nodePool: Registered;
  nodeClass: Registered;
}

async function create(backEnd: BackEnd, args: GpuNodePoolArgs): Promise<Created> {
  const program = await startMocks();
  const plan = planOf(args);
  backEnds[backEnd](plan, {});
  const nodePool = await program.resource("train-node-pool");
  const nodeClass = await program.resource("train-node-class");
  return { shape: plan.shape, nodePool, nodeClass };
}

function object({ type, inputs }: Registered) {
  return { type, properties: inputs as Tree };
}

describe("pools of Karpenter and of Auto Mode, of every GPU instance type of the catalogue", () => {
  it.each(rows)("agree with themselves on every layer: $instanceType by $backEnd", async ({ backEnd, ...type }) => {
    const { instanceType, gpuCount, efaInterfaces } = type;
    const args = { instanceType, maxNodes: 3, efa: efaInterfaces > 0 };
    const { shape, nodePool, nodeClass } = await create(backEnd, args);

    expect(poolShapeOf(object(nodePool), object(nodeClass))).toEqual({ ...shape, labels: declaredLabels(shape) });
    const { template, limits } = nodePool.inputs["spec"] as {
      template: { spec: { taints: object[]; nodeClassRef: object } };
      limits: object;
    };
    expect(template.spec.taints).toEqual([{ key: GPU_RESOURCE, value: "present", effect: "NoSchedule" }]);
    expect(limits).toEqual({ nodes: "3", [GPU_RESOURCE]: String(3 * gpuCount) });
    const [group] = (nodeClass.inputs["apiVersion"] as string).split("/");
    expect(template.spec.nodeClassRef).toEqual({ group, kind: nodeClass.inputs["kind"], name: "train" });
  });

  const oneZone = { availabilityZones: ["us-east-1b"], capacityReservationId: "cr-0123456789abcdef0" };

  it.each<[BackEnd, Partial<GpuNodePoolArgs>]>(
    (Object.keys(backEnds) as BackEnd[]).flatMap((backEnd): [BackEnd, Partial<GpuNodePoolArgs>][] => [
      [backEnd, { capacityType: CapacityType.onDemand }],
      [backEnd, { capacityType: CapacityType.spot }],
      [backEnd, { capacityType: CapacityType.reserved, ...oneZone }],
      [backEnd, { capacityType: CapacityType.capacityBlock, ...oneZone }],
    ]),
  )("can be told by how their machines are bought: %s, %o", async (backEnd, args) => {
    const { shape, nodePool, nodeClass } = await create(backEnd, { instanceType: "p5.48xlarge", maxNodes: 2, ...args });
    expect(poolShapeOf(object(nodePool), object(nodeClass))).toEqual({ ...shape, labels: declaredLabels(shape) });
  });
});
