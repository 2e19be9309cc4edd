import { CustomObjectsApi } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  AmiFamily,
  CapacityType,
  type GpuNodePoolArgs,
  PoolPurpose,
  TaintEffect,
  validateGpuNodePool,
} from "../../../../components";
import { autoModeNodePoolManifest } from "../../../../components/cluster/node-back-ends/auto-mode/auto-mode-pool";
import { ec2NodeClassManifest } from "../../../../components/cluster/node-back-ends/karpenter/ec2-node-class";
import { hugePagesOverlayManifest } from "../../../../components/cluster/node-back-ends/karpenter/huge-pages-overlay";
import { karpenterNodePoolManifest } from "../../../../components/cluster/node-back-ends/karpenter/karpenter-pool";
import { gpuInstanceTypes, nodeImageProblem } from "../../../../components/model";
import { TestCluster } from "../../../support/cluster";
import { createTypes } from "../../../support/served-types";
import { eksFacts } from "../../../support/eks-facts";
import { planOf } from "./eks-plans";
import { karpenterCrds } from "./karpenter-crds";

interface ClusterObject {
  apiVersion: string;
  metadata: { name: string };
}

const crds = karpenterCrds();
const zone = ["us-east-1a"];
const reserved = { capacityReservationId: "cr-0123456789abcdef0", availabilityZones: zone };

const variants: [string, GpuNodePoolArgs][] = [
  ["a pool that says little", { instanceType: "g5.xlarge", maxNodes: 2 }],
  ["spot in all zones", { instanceTypes: ["g5.xlarge", "g6.xlarge"], maxNodes: 2, capacityType: CapacityType.spot }],
  ["a reservation", { instanceType: "p4d.24xlarge", maxNodes: 2, capacityType: CapacityType.reserved, ...reserved }],
  [
    "a capacity block",
    { instanceType: "p5.48xlarge", maxNodes: 2, capacityType: CapacityType.capacityBlock, ...reserved },
  ],
  [
    "EFA in a placement group",
    { instanceType: "p5.48xlarge", maxNodes: 2, efa: true, placementGroup: true, availabilityZones: zone },
  ],
  [
    "Bottlerocket at a version",
    { instanceType: "g6.xlarge", maxNodes: 2, amiFamily: AmiFamily.bottlerocket, amiVersion: "1.50.0" },
  ],
  ["serving", { instanceType: "g6e.xlarge", maxNodes: 2, purpose: PoolPurpose.serving }],
  [
    "labels and taints with and without values",
    {
      instanceType: "g5.xlarge",
      maxNodes: 2,
      labels: { team: "vision", "example.com/tier": "" },
      taints: [
        { key: "team", value: "vision", effect: TaintEffect.noExecute },
        { key: "slow", effect: TaintEffect.preferNoSchedule },
        { key: "empty", value: "", effect: TaintEffect.noSchedule },
      ],
    },
  ],
  ["no taints", { instanceType: "g5.xlarge", maxNodes: 2, gpuTaint: false }],
];

/** The largest type with each GPU model that images have drivers for. */
const byModel = new Map(
  gpuInstanceTypes()
    .filter(
      ({ instanceType, gpuCount }) => gpuCount > 0 && nodeImageProblem(instanceType, AmiFamily.al2023) === undefined,
    )
    .map((type) => [type.gpuModel, type]),
);
const catalogue = [...byModel.values()].map(({ instanceType, efaInterfaces }): [string, GpuNodePoolArgs] => [
  instanceType,
  { instanceType, maxNodes: 3, ...(efaInterfaces > 0 ? { efa: true, availabilityZones: zone } : {}) },
]);

describe.skipIf("missing" in crds)(
  `what an API server with Karpenter's resource types accepts${"missing" in crds ? ` (${crds.missing})` : ""}`,
  { timeout: 60_000 },
  () => {
    let cluster: TestCluster;
    beforeAll(async () => {
      cluster = await TestCluster.start();
      if ("missing" in crds) throw new Error(crds.missing);
      await createTypes(cluster.config, crds.objects);
    });
    afterAll(() => cluster.remove());

    /**
     * Creates an object as it is, where a typed client would drop the rules of resource types; fields that a type does not
     * know are refused, and not dropped in silence.
     */
    async function send(plural: string, body: ClusterObject) {
      const [group, version] = body.apiVersion.split("/") as [string, string];
      const at = { group, version, plural };
      await cluster.api(CustomObjectsApi).createClusterCustomObject({ ...at, body, fieldValidation: "Strict" });
      return { ...at, name: body.metadata.name };
    }

    async function create(plural: string, body: ClusterObject): Promise<void> {
      await cluster.api(CustomObjectsApi).deleteClusterCustomObject(await send(plural, body));
    }

    /** Ids in the form of real ones, which the types check. */
    const eks = {
      ...eksFacts,
      subnets: eksFacts.subnets.map((subnet) => ({ ...subnet, subnetId: "subnet-0123456789abcdef0" })),
      clusterSecurityGroupId: "sg-0123456789abcdef0",
    };

    it.each([...variants, ...catalogue])("accepts %s", async (_pool, args) => {
      expect(validateGpuNodePool("train", { ...args, eks, backEnd: "karpenter" })).toEqual([]);
      const plan = planOf(args, "train", eks);
      const made = plan.nodes.placementGroup ? { placementGroup: "train" } : {};
      await create("ec2nodeclasses", ec2NodeClassManifest(plan, made));
      await create("ec2nodeclasses", ec2NodeClassManifest(plan, { ...made, instanceProfile: "train" }));
      const overlay = hugePagesOverlayManifest(plan);
      expect(overlay !== undefined).toBe(args.efa === true);
      if (overlay !== undefined) await create("nodeoverlays", overlay);
      await create("nodepools", karpenterNodePoolManifest(plan));
      await create("nodepools", autoModeNodePoolManifest(plan));
    });

    it.each<[string, object, string]>([
      ["a field that there is not", { nodeRole: "lab-node" }, "unknown field"],
      ["a second way to name the machines' rights", { instanceProfile: "lab" }, "must specify exactly one of"],
      ["an operating system of its own", { amiSelectorTerms: [{ alias: "plan9@latest" }] }, "family is not supported"],
      [
        "EFA without an interface for addresses",
        { networkInterfaces: [{ networkCardIndex: 0, deviceIndex: 0, interfaceType: "efa-only" }] },
        "must include a primary interface",
      ],
    ])("refuses a node class with %s", async (_mistake, mistake, message) => {
      const { spec, ...rest } = ec2NodeClassManifest(planOf({ instanceType: "g5.xlarge", maxNodes: 1 }, "train", eks));
      await expect(create("ec2nodeclasses", { ...rest, spec: { ...spec, ...mistake } } as never)).rejects.toThrow(
        message,
      );
    });

    it("refuses a NodeOverlay that tells of what Karpenter knows itself", async () => {
      const overlay = hugePagesOverlayManifest(planOf({ instanceType: "p5.48xlarge", maxNodes: 1, efa: true }))!;
      const mistaken = { ...overlay, spec: { ...overlay.spec, capacity: { memory: "10256Mi" } } };
      await expect(create("nodeoverlays", mistaken)).rejects.toThrow("invalid resource restricted");
    });

    it("refuses a NodePool with a taint in the spelling of EKS", async () => {
      const plan = planOf({ instanceType: "g5.xlarge", maxNodes: 1 }, "train", eks);
      const taints = [{ key: "nvidia.com/gpu", effect: "NO_SCHEDULE" as TaintEffect }];
      const misspelt = karpenterNodePoolManifest({ ...plan, shape: { ...plan.shape, taints } });
      await expect(create("nodepools", misspelt)).rejects.toThrow("Unsupported value");
    });
  },
);
