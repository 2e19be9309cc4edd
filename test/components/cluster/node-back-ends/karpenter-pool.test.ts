import * as fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import {
  AmiFamily,
  CapacityType,
  GpuNodePool,
  type GpuNodePoolArgs,
  PoolBackEnd,
  PoolPurpose,
} from "../../../../components";
import { ec2NodeClassManifest } from "../../../../components/cluster/node-back-ends/karpenter/ec2-node-class";
import { hugePagesOverlayManifest } from "../../../../components/cluster/node-back-ends/karpenter/huge-pages-overlay";
import { karpenterNodePoolManifest } from "../../../../components/cluster/node-back-ends/karpenter/karpenter-pool";
import { shortName } from "../../../../components/cluster/node-back-ends/karpenter/object-names";
import { compact } from "../../../../components/internal";
import { efaResources, parseQuantity } from "../../../../components/model";
import { eksFacts } from "../../../support/eks-facts";
import { expectGolden, toYaml } from "../../../support/golden";
import { childList, type MockedProgram, startMocks, valueOf } from "../../../support/mocks";
import { planOf } from "./eks-plans";

const g5: GpuNodePoolArgs = { instanceType: "g5.12xlarge", maxNodes: 3 };
const zone = ["us-east-1b"];
const nightly = { name: "nightly", from: "22:00", to: "04:00", nodes: 2 };

let program: MockedProgram;
beforeEach(async () => {
  program = await startMocks();
});

describe("a GpuNodePool with the back end karpenter", () => {
  it("creates a node class and a NodePool, and no machine", async () => {
    const pool = new GpuNodePool("train", { ...g5, eks: eksFacts, backEnd: PoolBackEnd.karpenter });
    expect(childList(await program.resources())).toEqual([
      "mlstack:index:GpuNodePool train",
      "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass train-node-class < train",
      "kubernetes:karpenter.sh/v1:NodePool train-node-pool < train",
    ]);
    expect(await valueOf(pool.nodeNames)).toEqual([]);
  });

  it("adds a placement group, and for schedules a namespace, a priority class and a CronJob each", async () => {
    const weekly = { ...nightly, name: "weekly", from: "10:00", to: "12:00" };
    new GpuNodePool("train", {
      ...g5,
      eks: eksFacts,
      backEnd: PoolBackEnd.karpenter,
      placementGroup: true,
      availabilityZones: zone,
      schedules: [nightly, weekly],
    });
    expect(childList(await program.resources()).sort()).toEqual([
      "aws:ec2/placementGroup:PlacementGroup train-placement < train",
      "kubernetes:batch/v1:CronJob train-warm-up-nightly < train",
      "kubernetes:batch/v1:CronJob train-warm-up-weekly < train",
      "kubernetes:core/v1:Namespace train-warm-up-namespace < train",
      "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass train-node-class < train",
      "kubernetes:karpenter.sh/v1:NodePool train-node-pool < train",
      "kubernetes:scheduling.k8s.io/v1:PriorityClass train-warm-up-priority < train",
      "mlstack:index:GpuNodePool train",
    ]);
  });

  const p5: GpuNodePoolArgs = { instanceType: "p5.48xlarge", maxNodes: 2, efa: true, availabilityZones: zone };

  it("tells Karpenter of the huge pages of machines with EFA, for as long as the NodePool is there", async () => {
    new GpuNodePool("train", { ...p5, eks: eksFacts, backEnd: PoolBackEnd.karpenter });
    expect(childList(await program.resources())).toContain(
      "kubernetes:karpenter.sh/v1alpha1:NodeOverlay train-huge-pages < train",
    );
    expect((await program.inputsOf("train-huge-pages"))["spec"]).toEqual({
      requirements: [{ key: "karpenter.sh/nodepool", operator: "In", values: ["train"] }],
      capacity: { "hugepages-2Mi": "10256Mi" },
    });
    expect((await program.resource("train-node-pool")).dependsOn).toEqual(["train-huge-pages", "train-node-class"]);
  });

  it.each(Object.values(AmiFamily))("has the huge pages that a pod with EFA asks for, on %s", (amiFamily) => {
    const told = hugePagesOverlayManifest(planOf({ ...p5, amiFamily }))?.spec.capacity["hugepages-2Mi"];
    expect(parseQuantity(told!)).toBeGreaterThan(parseQuantity(efaResources(32)["hugepages-2Mi"]!));
  });

  it("brings the instance profile where Karpenter does not reach IAM", async () => {
    new GpuNodePool("train", { ...g5, eks: { ...eksFacts, isolated: true }, backEnd: PoolBackEnd.karpenter });
    expect(await program.inputsOf("train-instance-profile")).toEqual({
      role: "lab-node",
      tags: { "mlstack:cluster": "lab", "mlstack.dev/pool": "train", Name: "train-instance-profile" },
    });
    const { spec } = await program.inputsOf("train-node-class");
    expect(spec).toMatchObject({ instanceProfile: "train-instance-profile-auto" });
    expect(spec).not.toHaveProperty("role");
  });

  it("lets only pods without privileges into the namespace of its placeholders", async () => {
    new GpuNodePool("train", { ...g5, eks: eksFacts, backEnd: PoolBackEnd.karpenter, schedules: [nightly] });
    expect((await program.inputsOf("train-warm-up-namespace"))["metadata"]).toEqual({
      name: "train-warm-up",
      labels: {
        "pod-security.kubernetes.io/enforce": "restricted",
        "pod-security.kubernetes.io/enforce-version": "v1.35",
      },
    });
  });

  it("tells what it creates in a preview, where no id is known", async () => {
    program = await startMocks({ preview: true });
    new GpuNodePool("train", { ...g5, eks: eksFacts, backEnd: PoolBackEnd.karpenter });
    expect((await program.inputsOf("train-node-pool"))["spec"]).toEqual(karpenterNodePoolManifest(planOf(g5)).spec);
  });
});

describe("the manifests of a Karpenter pool", () => {
  it.each<[string, GpuNodePoolArgs]>([
    ["karpenter-pool.yaml", g5],
    [
      "karpenter-pool-spot-serving.yaml",
      {
        instanceTypes: ["g6.xlarge", "g5.xlarge"],
        maxNodes: 8,
        capacityType: CapacityType.spot,
        purpose: PoolPurpose.serving,
        localStorage: false,
        rootVolumeGib: 200,
        labels: { team: "vision" },
      },
    ],
    [
      "karpenter-pool-capacity-block.yaml",
      {
        instanceType: "p4d.24xlarge",
        maxNodes: 2,
        capacityType: CapacityType.capacityBlock,
        capacityReservationId: "cr-0123456789abcdef0",
        availabilityZones: zone,
        efa: true,
        placementGroup: true,
        amiFamily: AmiFamily.bottlerocket,
        amiVersion: "1.50.0",
      },
    ],
  ])("%s", (file, args) => {
    const plan = planOf(args);
    const made = plan.nodes.placementGroup ? { placementGroup: "train-placement" } : {};
    const overlay = hugePagesOverlayManifest(plan);
    const manifests = [ec2NodeClassManifest(plan, made), ...(overlay === undefined ? [] : [overlay])];
    expectGolden(file, toYaml(...manifests, karpenterNodePoolManifest(plan)));
  });

  it("uses AWS's own key for volumes where the cluster names none", () => {
    const eks = compact({ ...eksFacts, kmsKeyArn: undefined });
    const [volume] = ec2NodeClassManifest(planOf(g5, "train", eks)).spec.blockDeviceMappings;
    expect(volume?.ebs).toEqual({
      volumeType: "gp3",
      volumeSize: "100Gi",
      encrypted: true,
      deleteOnTermination: true,
    });
  });

  it("bears the pool's name, however the component is called", () => {
    const plan = planOf({ ...g5, poolName: "a10g" });
    expect(ec2NodeClassManifest(plan).metadata.name).toBe("a10g");
    expect(karpenterNodePoolManifest(plan).spec.template.spec.nodeClassRef.name).toBe("a10g");
  });
});

describe("shortName", () => {
  const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
  const labels = fc.stringMatching(label).filter((text) => text.length <= 120);

  it("leaves alone what is short enough", () => {
    fc.assert(fc.property(labels, (text) => shortName(text, text.length) === text || text.length < 10));
  });

  it("makes DNS labels of at most the given length", () => {
    fc.assert(
      fc.property(labels, fc.integer({ min: 10, max: 63 }), (text, longest) => {
        const name = shortName(text, longest);
        expect(name.length).toBeLessThanOrEqual(longest);
        expect(name).toMatch(label);
      }),
    );
  });

  it("keeps apart what differs only after the cut", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(), { minLength: 2, maxLength: 5 }), (numbers) => {
        const names = numbers.map((number) => shortName(`${"pool".repeat(12)}-${number}`, 40));
        expect(new Set(names).size).toBe(numbers.length);
      }),
    );
  });
});
