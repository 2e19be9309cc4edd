import * as pulumi from "@pulumi/pulumi";
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
import { chartCalls, type ChartCalls, deployment } from "./chart-calls";

let calls: ChartCalls;
let program: MockedProgram;
beforeEach(async () => {
  calls = chartCalls({
    "cluster-autoscaler": ({ release_name, namespace, values }) => {
      const { clusterName } = values["autoDiscovery"] as { clusterName: string };
      return [deployment(release_name, namespace, `asg:tag=owned/${clusterName}`)];
    },
  });
  program = await startMocks({ render: calls.render });
});

describe("ClusterAutoscaler", () => {
  it("creates a role and the autoscaler", async () => {
    const autoscaler = new ClusterAutoscaler("autoscaler", { eks: eksFacts });
    expect(childList(await program.resources()).sort()).toEqual([
      "aws:eks/podIdentityAssociation:PodIdentityAssociation autoscaler-role-association < autoscaler-role",
      "aws:iam/role:Role autoscaler-role-role < autoscaler-role",
      "aws:iam/rolePolicy:RolePolicy autoscaler-role-role-rights < autoscaler-role",
      "kubernetes:apps/v1:Deployment autoscaler-controller-deployment-cluster-autoscaler < autoscaler-controller",
      "mlstack:index:ClusterAutoscaler autoscaler",
      "mlstack:index:PodIdentityRole autoscaler-role < autoscaler",
      "mlstack:internal:RenderedObjects autoscaler-controller < autoscaler",
    ]);
    expect(await valueOf(autoscaler.ready)).toBe(true);
    expect(await valueOf(autoscaler.namespace)).toBe("kube-system");
  });

  it("takes the pinned chart, with the role of the service account that it creates", async () => {
    new ClusterAutoscaler("autoscaler", { eks: eksFacts });
    expect(await program.inputsOf("autoscaler-role-association")).toMatchObject({
      serviceAccount: "cluster-autoscaler",
    });
    expect(calls.asked["cluster-autoscaler"]).toMatchObject({
      chart: "cluster-autoscaler",
      fetch_opts: { repo: "https://kubernetes.github.io/autoscaler" },
      version: "9.59.0",
      release_name: "cluster-autoscaler",
      namespace: "kube-system",
      kube_version: "v1.35.0",
      values: { rbac: { serviceAccount: { name: "cluster-autoscaler" } } },
    });
  });

  it("takes another version of the chart, and the chart from a mirror", async () => {
    new ClusterAutoscaler("autoscaler", { eks: eksFacts, chartVersion: "9.60.0", chartMirror: "oci://mirror.example" });
    await program.resources();
    expect(calls.asked["cluster-autoscaler"]).toMatchObject({
      chart: "oci://mirror.example/cluster-autoscaler",
      version: "9.60.0",
    });
  });

  it("looks for the groups of a cluster whose name is known once the cluster is there", async () => {
    new ClusterAutoscaler("autoscaler", { eks: { ...eksFacts, clusterName: pulumi.output("lab") } });
    expect(await program.inputsOf("autoscaler-controller-deployment-cluster-autoscaler")).toEqual(
      deployment("cluster-autoscaler", "kube-system", "asg:tag=owned/lab"),
    );
  });

  it("starts in a namespace of its own where asked to, once that and the role are there", async () => {
    const autoscaler = new ClusterAutoscaler("autoscaler", { eks: eksFacts, namespace: "autoscaling" });
    expect(await valueOf(autoscaler.namespace)).toBe("autoscaling");
    const { dependsOn } = await program.resource("autoscaler-controller");
    expect(dependsOn).toEqual(expect.arrayContaining(["autoscaler-namespace", "autoscaler-role-association"]));
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
