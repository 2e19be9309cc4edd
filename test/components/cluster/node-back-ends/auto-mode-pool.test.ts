import { beforeEach, describe, expect, it } from "vitest";
import { CapacityType, GpuNodePool, type GpuNodePoolArgs, PoolBackEnd, PoolPurpose } from "../../../../components";
import { autoModeNodeClassManifest } from "../../../../components/cluster/node-back-ends/auto-mode/auto-mode-node-class";
import { autoModeNodePoolManifest } from "../../../../components/cluster/node-back-ends/auto-mode/auto-mode-pool";
import { autoFacts } from "../../../support/eks-facts";
import { expectGolden, toYaml } from "../../../support/golden";
import { childList, type MockedProgram, startMocks } from "../../../support/mocks";
import { planOf } from "./eks-plans";

const g5: GpuNodePoolArgs = { instanceType: "g5.12xlarge", maxNodes: 3, eks: autoFacts, backEnd: PoolBackEnd.auto };

let program: MockedProgram;
beforeEach(async () => {
  program = await startMocks();
});

describe("a GpuNodePool with the back end auto", () => {
  it("creates a node class, a NodePool, and a role that lets its machines join", async () => {
    new GpuNodePool("train", g5);
    expect(childList(await program.resources()).sort()).toEqual([
      "aws:eks/accessEntry:AccessEntry train-node-access < train",
      "aws:eks/accessPolicyAssociation:AccessPolicyAssociation train-node-access-policy < train",
      "aws:iam/role:Role train-node-role < train",
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment train-node-policy-0 < train",
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment train-node-policy-1 < train",
      "kubernetes:eks.amazonaws.com/v1:NodeClass train-node-class < train",
      "kubernetes:karpenter.sh/v1:NodePool train-node-pool < train",
      "mlstack:index:GpuNodePool train",
    ]);
  });

  it("gives machines access to the cluster as Auto Mode's machines have it", async () => {
    new GpuNodePool("train", g5);
    expect(await program.inputsOf("train-node-access")).toMatchObject({ clusterName: "lab", type: "EC2" });
    expect(await program.inputsOf("train-node-access-policy")).toMatchObject({
      policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSAutoNodePolicy",
      accessScope: { type: "cluster" },
    });
    expect((await program.inputsOf("train-node-role"))["tags"]).toEqual({
      "mlstack:cluster": "lab",
      "mlstack.dev/pool": "train",
      Name: "train-node-role",
    });
  });
});

describe("the manifests of an Auto Mode pool", () => {
  it.each<[string, GpuNodePoolArgs]>([
    ["auto-mode-pool.yaml", g5],
    ["auto-mode-pool-serving.yaml", { ...g5, instanceType: "g6e.xlarge", purpose: PoolPurpose.serving }],
    [
      "auto-mode-pool-reserved-efa.yaml",
      {
        ...g5,
        instanceType: "p4d.24xlarge",
        capacityType: CapacityType.reserved,
        capacityReservationId: "cr-0123456789abcdef0",
        availabilityZones: ["us-east-1b"],
        efa: true,
        placementGroup: true,
      },
    ],
  ])("%s", (file, args) => {
    const plan = planOf(args, "train", autoFacts);
    const placementGroup = plan.nodes.placementGroup ? "train-placement" : undefined;
    const nodeClass = autoModeNodeClassManifest(plan, "train-node-role", placementGroup);
    expectGolden(file, toYaml(nodeClass, autoModeNodePoolManifest(plan)));
  });

  it.each([
    ["the volume that is asked for", { rootVolumeGib: 200 }, "200Gi"],
    ["one smaller than the local disks, so that these are used", { rootVolumeGib: 16_000 }, "3538Gi"],
    [
      "the volume that is asked for where local disks are not used",
      { rootVolumeGib: 16_000, localStorage: false },
      "16000Gi",
    ],
  ])("asks for %s", (_volume, args, size) => {
    const { spec } = autoModeNodeClassManifest(planOf({ ...g5, ...args }, "train", autoFacts), "train-node-role");
    expect(spec.ephemeralStorage).toMatchObject({ size });
  });

  it("lets no machine live longer than Auto Mode does, draining included", () => {
    for (const purpose of Object.values(PoolPurpose)) {
      const { spec } = autoModeNodePoolManifest(planOf({ ...g5, purpose }, "train", autoFacts));
      const { expireAfter, terminationGracePeriod } = spec.template.spec;
      expect(parseInt(expireAfter) + parseInt(terminationGracePeriod ?? "")).toBeLessThanOrEqual(21 * 24);
    }
  });
});
