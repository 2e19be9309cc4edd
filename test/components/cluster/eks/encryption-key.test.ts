import { beforeEach, describe, expect, it } from "vitest";
import { Cluster, ClusterKind } from "../../../../components/cluster/cluster";
import { EksAddOns } from "../../../../components/cluster/eks/eks-add-ons";
import { policyOf } from "../../../support/aws-rights";
import { eksFacts as eks } from "../../../support/eks-facts";
import { type MockedProgram, startMocks } from "../../../support/mocks";
import { allMatches, read, section } from "../../../support/pages";
import { useOfKey } from "../expected-rights";

const BROUGHT = "arn:aws:kms:us-east-1:123456789012:key/brought";

let program: MockedProgram;
beforeEach(async () => {
  program = await startMocks();
});

describe("rights to the cluster's key", () => {
  it("are limited to one service each for the drivers", async () => {
    new EksAddOns("storage", { eks });
    for (const [addOn, service] of [
      ["ebs", "ec2"],
      ["fsx", "fsx"],
    ] as const) {
      const rights = (await policyOf(program, `storage-aws-${addOn}-csi-driver-role-rights`)).Statement;
      const onKey = rights.filter(({ Action }) => (Action as string[]).some((action) => action.startsWith("kms:")));
      expect(onKey).toHaveLength(2);
      for (const { Condition } of onKey) {
        expect(Condition).toMatchObject({ StringEquals: { "kms:ViaService": [`${service}.us-east-1.amazonaws.com`] } });
      }
    }
  });

  it("extend for the driver of EBS to the keys of snapshots", async () => {
    const keys = [eks.kmsKeyArn, "arn:aws:kms:us-east-1:999999999999:key/shared"];
    new EksAddOns("storage", { eks, snapshotKeyArns: keys.slice(1) as string[] });
    const rights = (await policyOf(program, "storage-aws-ebs-csi-driver-role-rights")).Statement;
    expect(rights.map(({ Sid, Resource }) => [Sid, Resource])).toEqual([
      ["UseKey", keys],
      ["LendKeyToAws", keys],
    ]);
  });

  it("belong to the control plane in Auto Mode, where a key is brought", async () => {
    new Cluster("lab", { kind: ClusterKind.eks, eks: { region: "us-east-1", kmsKeyArn: BROUGHT, autoMode: true } });
    const onKey = (await policyOf(program, "lab-role-rights")).Statement.filter(({ Sid }) => /Key/.test(Sid as string));
    const through = { "kms:ViaService": ["ec2.us-east-1.amazonaws.com"] };
    expect(onKey).toMatchObject([
      { Sid: "UseKey", Resource: [BROUGHT], Condition: { StringEquals: through } },
      {
        Sid: "LendKeyToAws",
        Action: ["kms:CreateGrant"],
        Resource: [BROUGHT],
        Condition: { Bool: { "kms:GrantIsForAWSResource": ["true"] }, StringEquals: through },
      },
    ]);
  });

  it("are what the guide says that the policy of a key of one's own must say", async () => {
    new Cluster("lab", { kind: ClusterKind.eks, eks: { region: "us-east-1" } });
    const [written] = allMatches(/```json\n([^]*?)```/g, section(read("docs/aws.md"), "A key of your own"));
    expect(JSON.parse(written!)).toEqual(await policyOf(program, "lab-key"));
  });

  it("belong to the account, and through EC2 to whoever in it starts machines", async () => {
    new Cluster("lab", { kind: ClusterKind.eks, eks: { region: "us-east-1" } });
    expect((await policyOf(program, "lab-key")).Statement).toEqual([
      {
        Sid: "AccountDecides",
        Effect: "Allow",
        Principal: { AWS: ["arn:aws:iam::123456789012:root"] },
        Action: ["kms:*"],
        Resource: ["*"],
      },
      {
        Sid: "VolumesThroughEc2",
        Effect: "Allow",
        Principal: { AWS: ["*"] },
        Action: useOfKey,
        Resource: ["*"],
        Condition: {
          StringEquals: {
            "kms:CallerAccount": ["123456789012"],
            "kms:ViaService": ["ec2.us-east-1.amazonaws.com"],
          },
        },
      },
    ]);
  });
});
