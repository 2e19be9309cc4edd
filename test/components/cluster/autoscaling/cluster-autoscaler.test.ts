import { beforeEach, describe, expect, it } from "vitest";
import {
  ClusterAutoscaler,
  type ClusterAutoscalerArgs,
  clusterAutoscalerValues,
  Expander,
  validateClusterAutoscaler,
} from "../../../../components/cluster/autoscaling";
import { clusterAutoscalerStatements } from "../../../../components/cluster/autoscaling/cluster-autoscaler-rights";
import { SUPPORTED_KUBERNETES } from "../../../../components/model";
import { rightsOf } from "../../../support/aws-rights";
import { autoFacts, eksFacts } from "../../../support/eks-facts";
import { expectGolden, toYaml } from "../../../support/golden";
import { childList, type MockedProgram, problemsOf, startMocks, valueOf } from "../../../support/mocks";
import { clusterAutoscalerRights } from "../expected-rights";

let program: MockedProgram;
beforeEach(async () => {
  program = await startMocks();
});

describe("ClusterAutoscaler", () => {
  it("creates a role and the autoscaler", async () => {
    const autoscaler = new ClusterAutoscaler("autoscaler", { eks: eksFacts });
    expect(childList(await program.resources()).sort()).toEqual([
      "aws:eks/podIdentityAssociation:PodIdentityAssociation autoscaler-role-association < autoscaler-role",
      "aws:iam/role:Role autoscaler-role-role < autoscaler-role",
      "aws:iam/rolePolicy:RolePolicy autoscaler-role-role-rights < autoscaler-role",
      "kubernetes:helm.sh/v3:Release autoscaler-controller < autoscaler",
      "mlstack:index:ClusterAutoscaler autoscaler",
      "mlstack:index:PodIdentityRole autoscaler-role < autoscaler",
    ]);
    expect(await valueOf(autoscaler.ready)).toBe(true);
    expect(await valueOf(autoscaler.namespace)).toBe("kube-system");
  });

  it("installs the pinned chart with the role of the service account that it creates", async () => {
    new ClusterAutoscaler("autoscaler", { eks: eksFacts });
    expect(await program.inputsOf("autoscaler-controller")).toMatchObject({
      chart: "cluster-autoscaler",
      repositoryOpts: { repo: "https://kubernetes.github.io/autoscaler" },
      version: "9.59.0",
      name: "cluster-autoscaler",
      namespace: "kube-system",
      values: { rbac: { serviceAccount: { name: "cluster-autoscaler" } } },
    });
    expect(await program.inputsOf("autoscaler-role-association")).toMatchObject({
      serviceAccount: "cluster-autoscaler",
    });
  });

  it("may stand on the cluster that Karpenter stands on", () => {
    expect(validateClusterAutoscaler("autoscaler", { eks: autoFacts })).toEqual([]);
  });
});

describe("clusterAutoscalerValues", () => {
  it("cluster-autoscaler-values.yaml", () => {
    expectGolden(
      "cluster-autoscaler-values.yaml",
      toYaml(clusterAutoscalerValues({ eks: eksFacts, systemPool: "system" })),
    );
  });

  it.each(SUPPORTED_KUBERNETES)("takes the image that is made for Kubernetes %s", (kubernetesVersion) => {
    const { image } = clusterAutoscalerValues({ eks: { ...eksFacts, kubernetesVersion } }) as {
      image: { tag: string };
    };
    expect(image.tag).toMatch(new RegExp(`^v${kubernetesVersion.replace(".", "\\.")}\\.\\d+$`));
  });

  it("takes further values and arguments beside its own", () => {
    const args: ClusterAutoscalerArgs = {
      eks: eksFacts,
      replicas: 3,
      expander: Expander.leastNodes,
      scaleDownMinutes: 30,
      values: { extraArgs: { v: 2 }, priorityClassName: "autoscaling" },
    };
    expect(clusterAutoscalerValues(args)).toMatchObject({
      replicaCount: 3,
      priorityClassName: "autoscaling",
      extraArgs: { expander: "least-nodes", "scale-down-unneeded-time": "30m", v: 2 },
    });
  });
});

describe("ClusterAutoscaler: rights", () => {
  it("are these and no others", async () => {
    expect(await rightsOf(clusterAutoscalerStatements(eksFacts))).toEqual(clusterAutoscalerRights);
  });
});

describe("ClusterAutoscaler: checks", () => {
  it("collects every problem, throws once and registers nothing", async () => {
    const args = { eks: eksFacts, replicas: 1.5, systemPool: "" };
    const { message } = problemsOf(() => new ClusterAutoscaler("autoscaler", args));
    expect(message).toBe('ClusterAutoscaler "autoscaler": 2 invalid inputs');
    expect(await program.resources()).toEqual([]);
  });

  it.each<[string, Partial<ClusterAutoscalerArgs>, string]>([
    [
      "an expander that needs what this component does not create",
      { expander: "priority" as Expander },
      'expander is "priority"; allowed: least-waste, most-pods, least-nodes, random. Set expander to one of these.',
    ],
    [
      "no time to be unneeded in",
      { scaleDownMinutes: 0 },
      "scaleDownMinutes is 0; allowed: a whole number from 1. Set scaleDownMinutes within that range.",
    ],
    [
      "a Kubernetes that there is no image for",
      { eks: { ...eksFacts, kubernetesVersion: "1.37" } },
      'eks.kubernetesVersion is "1.37"; allowed: 1.36, 1.35, 1.34, 1.33. ' +
        "The controller must be made for the cluster's version.",
    ],
  ])("refuses %s", (_given, args, reason) => {
    const problems = validateClusterAutoscaler("autoscaler", { eks: eksFacts, ...args });
    expect(problems.map((problem) => problem.reason)).toEqual([reason]);
  });
});
