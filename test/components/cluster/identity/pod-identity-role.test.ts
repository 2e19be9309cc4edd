import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, it } from "vitest";
import {
  PodIdentityRole,
  type PodIdentityRoleArgs,
  validatePodIdentityRole,
} from "../../../../components/cluster/identity/pod-identity-role";
import { policyOf } from "../../../support/aws-rights";
import { eksFacts as eks } from "../../../support/eks-facts";
import { childList, isKnown, type MockedProgram, problemsOf, startMocks, valueOf } from "../../../support/mocks";

let program: MockedProgram;
beforeEach(async () => {
  program = await startMocks();
});

const args: PodIdentityRoleArgs = {
  eks,
  namespace: "vision",
  serviceAccount: "trainer",
  statements: [{ sid: "Read", actions: ["s3:GetObject"], resources: ["arn:aws:s3:::data/model"] }],
};

describe("PodIdentityRole", () => {
  it("creates a role with its rights, and associates it with the service account", async () => {
    new PodIdentityRole("trainer", { ...args, managedPolicyArns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"] });
    const children = [
      "aws:iam/role:Role trainer-role",
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment trainer-role-policy-0",
      "aws:iam/rolePolicy:RolePolicy trainer-role-rights",
      "aws:eks/podIdentityAssociation:PodIdentityAssociation trainer-association",
    ].map((child) => `${child} < trainer`);
    expect(childList(await program.resources()).sort()).toEqual(
      ["mlstack:index:PodIdentityRole trainer", ...children].sort(),
    );
  });

  it("lets EKS Pod Identity alone assume the role", async () => {
    new PodIdentityRole("trainer", args);
    expect((await policyOf(program, "trainer-role", "assumeRolePolicy")).Statement).toEqual([
      {
        Effect: "Allow",
        Principal: { Service: "pods.eks.amazonaws.com" },
        Action: ["sts:AssumeRole", "sts:TagSession"],
      },
    ]);
  });

  it("says whose role it is, and tags it with the cluster", async () => {
    new PodIdentityRole("trainer", {
      ...args,
      roleName: "lab-trainer",
      permissionsBoundaryArn: "arn:aws:iam::123456789012:policy/boundary",
    });
    expect(await program.inputsOf("trainer-role")).toMatchObject({
      name: "lab-trainer",
      description: "Pods of the cluster lab: trainer",
      permissionsBoundary: "arn:aws:iam::123456789012:policy/boundary",
      tags: { "mlstack:cluster": "lab", Name: "trainer-role" },
    });
    expect(await program.inputsOf("trainer-association")).toEqual({
      clusterName: "lab",
      namespace: "vision",
      serviceAccount: "trainer",
      roleArn: "arn:aws:test:us-east-1:123456789012:trainer-role",
      tags: { "mlstack:cluster": "lab", Name: "trainer-association" },
    });
  });

  it("associates the role once it has its rights, and is known once pods can use it", async () => {
    const role = new PodIdentityRole("trainer", args);
    new aws.ssm.Parameter("user", { type: "String", value: role.roleName });
    expect((await program.resource("trainer-association")).dependsOn).toEqual(["trainer-role", "trainer-role-rights"]);
    expect((await program.resource("user")).dependsOn).toContain("trainer-association");
    expect(await valueOf(role.roleArn)).toBe("arn:aws:test:us-east-1:123456789012:trainer-role");
    expect(await valueOf(role.roleName)).toBe("trainer-role-auto");
  });

  it("uses the provider that it is given for every child", async () => {
    new PodIdentityRole("trainer", args, { providers: [new aws.Provider("account", {})] });
    const children = (await program.resources()).filter(({ parent }) => parent === "trainer");
    expect(new Set(children.map(({ provider }) => provider))).toEqual(new Set(["account"]));
  });

  it("plans the same in a preview, before its ARN is known", async () => {
    program = await startMocks({ preview: true });
    const role = new PodIdentityRole("trainer", args);
    expect(await isKnown(role.roleArn)).toBe(false);
    expect(await program.resources()).toHaveLength(4);
  });

  it("lets two stand side by side", async () => {
    for (const name of ["trainer", "server"]) new PodIdentityRole(name, args);
    const names = (await program.resources()).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe("PodIdentityRole: checks", () => {
  it("registers nothing when there is a problem", async () => {
    const { message } = problemsOf(() => new PodIdentityRole("trainer", { ...args, namespace: "Vision" }));
    expect(message).toBe('PodIdentityRole "trainer": 1 invalid input');
    expect(await program.resources()).toEqual([]);
  });

  it.each<[string, Partial<PodIdentityRoleArgs>]>([
    ["statements alone", {}],
    ["managed policies alone", { statements: [], managedPolicyArns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"] }],
    ["a service account with dots", { serviceAccount: "trainer.vision" }],
    ["names that are not known yet", { namespace: pulumi.output("?"), serviceAccount: pulumi.output("?") }],
  ])("accepts %s", (_given, change) => {
    expect(validatePodIdentityRole("trainer", { ...args, ...change })).toEqual([]);
  });

  it.each<[string, Partial<PodIdentityRoleArgs>, string]>([
    [
      "a role without rights",
      { statements: [] },
      "statements is []; allowed: at least one statement, or an ARN in managedPolicyArns. " +
        "Say what the pods may do, or leave the role out.",
    ],
    [
      "a namespace that is none",
      { namespace: "Vision" },
      'namespace is "Vision"; allowed: at most 63 lower-case letters, digits and inner hyphens. ' +
        "Set namespace to such a name.",
    ],
    [
      "a service account that is none",
      { serviceAccount: "trainer_1" },
      'serviceAccount is "trainer_1"; allowed: lower-case letters, digits, inner hyphens and dots. ' +
        "Give the name of the pods' service account.",
    ],
    [
      "a name that IAM does not take",
      { roleName: "vision/trainer" },
      'roleName is "vision/trainer"; allowed: 1 to 64 letters, digits and any of _+=,.@-. Rename the role.',
    ],
    [
      "a wildcard without a reason",
      { statements: [{ sid: "All", actions: ["s3:*"], resources: ["*"] }] },
      "statements[0].wildcardReason is missing; allowed: a reason. " +
        "Name what s3:*, * stands for, or write down why it must be a wildcard.",
    ],
  ])("refuses %s", (_given, change, reason) => {
    const problems = validatePodIdentityRole("trainer", { ...args, ...change });
    expect(problems.map((problem) => problem.reason)).toEqual([reason]);
  });
});
