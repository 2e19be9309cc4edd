import { describe, expect, it } from "vitest";
import { MpiOperator, mpiOperatorRendering } from "../../../../components/platform/operators";
import { expectGolden } from "../../../support/golden";
import { problemsOf, startMocks, valueOf } from "../../../support/mocks";
import { platformMirror } from "../../../support/platform-mirror";
import { argsOf, find, renderedObjectsOf, renderedWithoutTypes, summaryOf, titlesOf } from "./summary";

describe("MpiOperator", () => {
  it("creates a namespace and the operator in it", async () => {
    const program = await startMocks({ render: renderedWithoutTypes });
    const operator = new MpiOperator("mpi", { platform: { chartMirror: await platformMirror() } });
    expect(await valueOf(operator.namespace)).toBe("mpi-operator");
    const deployment = await program.resource("mpi-objects-deployment-mpi-operator");
    expect(deployment.inputs["metadata"]).toMatchObject({ namespace: "mpi-operator" });
  });

  it("tells every problem at once", () => {
    const args = { gangScheduler: "Volcano", version: "latest", patches: { deployment: {} } };
    expect(problemsOf(() => new MpiOperator("mpi", args)).reasons).toEqual([
      'version is "latest"; allowed: an exact version such as 1.14.1. Name one release.',
      'patches is "deployment"; allowed: keys such as Deployment/argo-server. Name kind and object.',
      'gangScheduler is "Volcano"; allowed: at most 63 lower-case letters, digits and inner hyphens. ' +
        "Set gangScheduler to such a name.",
    ]);
  });
});

describe("the manifests of the MPI operator, as adjusted", () => {
  it("have a pinned image and two unprivileged pods that elect a leader", async () => {
    expectGolden("mpi-operator.yaml", summaryOf(await renderedObjectsOf(mpiOperatorRendering({}))));
  });

  it("run jobs of one namespace, all pods at once, and show metrics", async () => {
    const args = { namespace: "mpi", jobNamespace: "team-a", gangScheduler: "volcano", platform: { prometheus: true } };
    const objects = await renderedObjectsOf(mpiOperatorRendering(args));
    expect(argsOf(objects, "mpi-operator")).toEqual([
      "-alsologtostderr",
      "--lock-namespace=mpi",
      "--namespace=team-a",
      "--gang-scheduling=volcano",
      "--monitoring-port=8081",
    ]);
    expect(titlesOf(objects, "PodMonitor", "PodDisruptionBudget")).toEqual([
      "PodDisruptionBudget mpi/mpi-operator",
      "PodMonitor mpi/mpi-operator",
    ]);
  });

  it("have the fields that a program lays over them", async () => {
    const patches = { "Deployment/mpi-operator": { spec: { template: { spec: { priorityClassName: "platform" } } } } };
    const objects = await renderedObjectsOf(mpiOperatorRendering({ patches }));
    expect(find(objects, "Deployment", "mpi-operator")["spec"]).toMatchObject({
      replicas: 2,
      template: { spec: { priorityClassName: "platform", serviceAccountName: "mpi-operator" } },
    });
  });

  it("refuse fields for an object that is not there, and name those that are", async () => {
    const rendering = mpiOperatorRendering({ patches: { "Deployment/mpi": {} } });
    await expect(renderedObjectsOf(rendering)).rejects.toThrow(
      'patches has "Deployment/mpi"; allowed: ClusterRole/kubeflow-mpijobs-admin, ClusterRole/kubeflow-mpijobs-edit, ' +
        "ClusterRole/kubeflow-mpijobs-view, ClusterRole/mpi-operator, ClusterRoleBinding/mpi-operator, " +
        "CustomResourceDefinition/mpijobs.kubeflow.org, Deployment/mpi-operator, PodDisruptionBudget/mpi-operator, " +
        "ServiceAccount/mpi-operator. Name an object that the part has.",
    );
  });
});
