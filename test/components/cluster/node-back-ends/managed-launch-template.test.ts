import { beforeEach, describe, expect, it } from "vitest";
import { AmiFamily, CapacityType, GpuNodePool, type GpuNodePoolArgs } from "../../../../components";
import { eksFacts } from "../../../support/eks-facts";
import { type MockedProgram, startMocks } from "../../../support/mocks";

const onEks: GpuNodePoolArgs = { maxNodes: 3, eks: eksFacts, availabilityZones: ["us-east-1a"] };
const g5: GpuNodePoolArgs = { ...onEks, instanceType: "g5.12xlarge" };
const reservation = { capacityReservationId: "cr-0123456789abcdef0", availabilityZones: ["us-east-1b"] };
const primary = { deviceIndex: 0, networkCardIndex: 0, associatePublicIpAddress: "false" };
const inCluster = { deleteOnTermination: "true", securityGroups: ["sg-cluster"] };
const encrypted = { volumeType: "gp3", encrypted: "true", deleteOnTermination: "true" };
const volume = { ...encrypted, kmsKeyId: "arn:aws:kms:us-east-1:123456789012:key/lab" };

let program: MockedProgram;
beforeEach(async () => {
  program = await startMocks();
});

async function templateOf(args: GpuNodePoolArgs): Promise<Record<string, unknown>> {
  new GpuNodePool("train", args);
  const resources = await program.resources();
  return resources.find(({ type }) => type === "aws:ec2/launchTemplate:LaunchTemplate")!.inputs;
}

async function userDataOf(args: GpuNodePoolArgs): Promise<string> {
  const { userData } = await templateOf(args);
  return Buffer.from(String(userData), "base64").toString();
}

describe("the launch template of a managed pool", () => {
  it("keeps pods from the machine's metadata, and with it from the rights of its role", async () => {
    expect((await templateOf(g5))["metadataOptions"]).toEqual({
      httpEndpoint: "enabled",
      httpTokens: "required",
      httpPutResponseHopLimit: 1,
      instanceMetadataTags: "disabled",
    });
  });

  it("has an encrypted root volume on Amazon Linux", async () => {
    expect((await templateOf({ ...g5, rootVolumeGib: 200 }))["blockDeviceMappings"]).toEqual([
      { deviceName: "/dev/xvda", ebs: { ...volume, volumeSize: 200 } },
    ]);
  });

  it("has a volume for pods beside that of the system on Bottlerocket, both encrypted", async () => {
    const template = await templateOf({ ...g5, amiFamily: AmiFamily.bottlerocket });
    expect(template["blockDeviceMappings"]).toEqual([
      { deviceName: "/dev/xvdb", ebs: { ...volume, volumeSize: 100 } },
      { deviceName: "/dev/xvda", ebs: volume },
    ]);
  });

  it("encrypts with AWS's own key where the cluster has none", async () => {
    const eks = { ...eksFacts };
    delete eks.kmsKeyArn;
    expect((await templateOf({ ...g5, eks }))["blockDeviceMappings"]).toEqual([
      { deviceName: "/dev/xvda", ebs: { ...encrypted, volumeSize: 100 } },
    ]);
  });

  it("tags machines, volumes and interfaces with what never changes, so that no new tag replaces nodes", async () => {
    const eks = { ...eksFacts, tags: { ...eksFacts.tags, "mlstack:environment": "dev", team: "vision" } };
    const tags = {
      "mlstack:cluster": "lab",
      "mlstack:environment": "dev",
      "mlstack.dev/pool": "a10g",
      Name: "lab-a10g",
    };
    const template = await templateOf({ ...g5, eks, poolName: "a10g" });
    expect(template["tagSpecifications"]).toEqual(
      ["instance", "volume", "network-interface"].map((resourceType) => ({ resourceType, tags })),
    );
    expect(template["tags"]).toMatchObject({ team: "vision" });
  });

  it("gives machines one interface in the cluster's security group and no public address", async () => {
    const template = await templateOf(g5);
    expect(template["networkInterfaces"]).toEqual([{ ...primary, ...inCluster }]);
    expect(template).not.toHaveProperty("vpcSecurityGroupIds");
  });

  it.each<[string, number[]]>([
    ["g5.12xlarge", [0]],
    ["p4d.24xlarge", [0, 1, 2, 3]],
    ["p5en.48xlarge", Array.from({ length: 16 }, (_, card) => card)],
    ["p6-b300.48xlarge", Array.from({ length: 16 }, (_, card) => card + 1)],
  ])(
    "gives %s a fabric adapter on each card that may have one, in the same security group",
    async (instanceType, cards) => {
      const template = await templateOf({ ...g5, instanceType, efa: true });
      expect(template["networkInterfaces"]).toEqual([
        { ...primary, ...inCluster },
        ...cards.map((networkCardIndex) => ({
          networkCardIndex,
          deviceIndex: networkCardIndex === 0 ? 1 : 0,
          interfaceType: "efa-only",
          ...inCluster,
        })),
      ]);
    },
  );

  it("makes one volume of the local disks on Amazon Linux", async () => {
    expect(await userDataOf(g5)).toBe(`MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="mlstack"

--mlstack
Content-Type: application/node.eks.aws

---
apiVersion: node.eks.aws/v1alpha1
kind: NodeConfig
spec:
  instance:
    localStorage:
      strategy: RAID0

--mlstack--
`);
  });

  it("makes one volume of the local disks on Bottlerocket", async () => {
    expect(await userDataOf({ ...g5, amiFamily: AmiFamily.bottlerocket }))
      .toBe(`[settings.bootstrap-commands.local-storage]
commands = [
  ["apiclient", "ephemeral-storage", "init"],
  ["apiclient", "ephemeral-storage", "bind", "--dirs", "/var/lib/containerd", "/var/lib/kubelet", "/var/log/pods"],
]
mode = "always"
essential = true
`);
  });

  it.each([
    ["are not wanted", { ...g5, localStorage: false }],
    ["do not exist", { ...g5, instanceType: "g5g.xlarge" }],
  ])("leaves user data to EKS where local disks %s", async (_why, args) => {
    expect(await templateOf(args)).not.toHaveProperty("userData");
  });

  it("takes machines out of a reservation alone", async () => {
    const template = await templateOf({ ...g5, ...reservation, capacityType: CapacityType.reserved });
    expect(template["capacityReservationSpecification"]).toEqual({
      capacityReservationTarget: { capacityReservationId: "cr-0123456789abcdef0" },
    });
    expect(template).not.toHaveProperty("instanceMarketOptions");
    expect(template).not.toHaveProperty("instanceType");
  });

  it("takes machines of the reserved type out of a capacity block", async () => {
    const args = { ...g5, ...reservation, instanceType: "p5.48xlarge", capacityType: CapacityType.capacityBlock };
    expect(await templateOf(args)).toMatchObject({
      instanceType: "p5.48xlarge",
      instanceMarketOptions: { marketType: "capacity-block" },
      capacityReservationSpecification: {
        capacityReservationTarget: { capacityReservationId: "cr-0123456789abcdef0" },
      },
    });
  });

  it("puts machines into a cluster placement group where they shall stand close to each other", async () => {
    const template = await templateOf({ ...g5, placementGroup: true, availabilityZones: ["us-east-1a"] });
    expect(await program.resource("train-placement")).toMatchObject({
      type: "aws:ec2/placementGroup:PlacementGroup",
      inputs: { strategy: "cluster", tags: { "mlstack:cluster": "lab", Name: "train-placement" } },
    });
    expect(template).toHaveProperty("placement");
  });

  it("says nothing of reservations and placement where none is asked for", async () => {
    const template = await templateOf(g5);
    expect(template).not.toHaveProperty("capacityReservationSpecification");
    expect(template).not.toHaveProperty("placement");
    expect((await program.resources()).map(({ name }) => name)).not.toContain("train-placement");
  });
});
