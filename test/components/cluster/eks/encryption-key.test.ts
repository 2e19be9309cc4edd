import { beforeEach, describe, expect, it } from "vitest";
import { Cluster, ClusterKind } from "../../../../components/cluster/cluster";
import { EksAddOns } from "../../../../components/cluster/eks/eks-add-ons";
import { policyOf } from "../../../support/aws-rights";
import { eksFacts as eks } from "../../../support/eks-facts";
import { type MockedProgram, startMocks } from "../../../support/mocks";
import { useOfKey } from "../expected-rights";

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
