import { parse } from "yaml";
import { describe, expect, it } from "vitest";
import {
  checkJobOperators,
  TrainingJobKind,
  TrainingOperator,
  type TrainingOperatorArgs,
  trainingOperatorRendering,
} from "../../../../components/platform/operators";
import { expectGolden } from "../../../support/golden";
import { childList, problemsOf, startMocks, valueOf } from "../../../support/mocks";
import { platformMirror } from "../../../support/platform-mirror";
import { argsOf, find, renderedObjectsOf, renderedWithoutTypes, summaryOf, titlesOf, typesOf } from "./summary";

const reasonsOf = (args: TrainingOperatorArgs) => problemsOf(() => new TrainingOperator("v1", args)).reasons;

describe("TrainingOperator", () => {
  it("creates a restricted namespace, and its certificate's Secret as a secret", async () => {
    const program = await startMocks({ render: renderedWithoutTypes });
    const operator = new TrainingOperator("v1", { platform: { chartMirror: await platformMirror() } });
    expect(await valueOf(operator.namespace)).toBe("kubeflow");
    const resources = await program.resources();
    expect(childList(resources).slice(0, 3)).toEqual([
      "mlstack:index:TrainingOperator v1",
      "kubernetes:core/v1:Namespace v1-namespace < v1",
      "mlstack:internal:RenderedObjects v1-objects < v1",
    ]);
    const secret = resources.find(({ type }) => type === "kubernetes:core/v1:Secret")!;
    expect(Object.keys(secret.inputs).sort()).toEqual(["apiVersion", "kind", "metadata", "type"]);
  });

  it("uses a namespace that another part has made", async () => {
    const program = await startMocks();
    const operator = new TrainingOperator("v1", { createNamespace: false });
    expect(await valueOf(operator.namespace)).toBe("kubeflow");
    const types = (await program.resources()).map(({ type }) => type);
    expect(types).not.toContain("kubernetes:core/v1:Namespace");
  });
});

describe("the manifests of the training operator, as adjusted", () => {
  it("run all kinds but MPIJob, by two unprivileged pods that elect a leader", async () => {
    const objects = await renderedObjectsOf(trainingOperatorRendering({}));
    expectGolden("training-operator.yaml", summaryOf(objects));
    expect(typesOf(objects)).toEqual([
      "jaxjobs.kubeflow.org",
      "paddlejobs.kubeflow.org",
      "pytorchjobs.kubeflow.org",
      "tfjobs.kubeflow.org",
      "xgboostjobs.kubeflow.org",
    ]);
  });

  it("have workers of PyTorchJobs wait for their master in a container that restricted namespaces let in", async () => {
    const objects = await renderedObjectsOf(trainingOperatorRendering({}));
    const text = (objects.find(({ kind }) => kind === "ConfigMap")?.["data"] as Record<string, string>)[
      "initContainer.yaml"
    ];
    // As the operator does it: a template first, then YAML.
    const filled = text?.replaceAll(/\{\{\.\w+\}\}/g, "x") ?? "";
    expect(parse(filled)).toMatchObject([
      {
        name: "init-pytorch",
        image: "x",
        securityContext: { runAsNonRoot: true, allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
      },
    ]);
    const without = await renderedObjectsOf(trainingOperatorRendering({ jobs: ["TFJob"] }));
    expect(without.filter(({ kind }) => kind === "ConfigMap")).toEqual([]);
  });

  it("have types and webhooks of the wanted kinds only, in the wanted namespace", async () => {
    const args = { jobs: [TrainingJobKind.pyTorch], namespace: "training", gangScheduler: "volcano" };
    const objects = await renderedObjectsOf(trainingOperatorRendering(args));
    expect(typesOf(objects)).toEqual(["pytorchjobs.kubeflow.org"]);
    expect(find(objects, "ValidatingWebhookConfiguration", "validator.training-operator.kubeflow.org")).toMatchObject({
      webhooks: [{ clientConfig: { service: { namespace: "training" } }, rules: [{ resources: ["pytorchjobs"] }] }],
    });
    expect(argsOf(objects, "training-operator")).toEqual([
      "--enable-scheme=PyTorchJob",
      "--leader-elect=true",
      "--gang-scheduler-name=volcano",
    ]);
    expect(find(objects, "ClusterRoleBinding", "training-operator")["subjects"]).toEqual([
      { kind: "ServiceAccount", name: "training-operator", namespace: "training" },
    ]);
  });

  it("run MPIJobs of version v1 by an image of the same build, which have no webhook", async () => {
    const objects = await renderedObjectsOf(trainingOperatorRendering({ jobs: [TrainingJobKind.mpi], replicas: 1 }));
    expect(typesOf(objects)).toEqual(["mpijobs.kubeflow.org"]);
    expect(titlesOf(objects, "ValidatingWebhookConfiguration", "PodDisruptionBudget")).toEqual([]);
    expect(argsOf(objects, "training-operator")).toEqual([
      "--enable-scheme=MPIJob",
      "--mpi-kubectl-delivery-image=ghcr.io/kubeflow/training-v1/kubectl-delivery:v1-93c5489",
    ]);
  });

  it("have roles for users of Kubeflow's profiles where they are asked for, and a monitor", async () => {
    const objects = await renderedObjectsOf(
      trainingOperatorRendering({ kubeflowRoles: true, platform: { prometheus: true } }),
    );
    expect(titlesOf(objects, "ClusterRole", "PodMonitor")).toEqual([
      "ClusterRole kubeflow-training-admin",
      "ClusterRole kubeflow-training-edit",
      "ClusterRole kubeflow-training-view",
      "ClusterRole training-operator",
      "PodMonitor kubeflow/training-operator",
    ]);
  });
});

describe("the inputs of a training operator", () => {
  it.each<[string, TrainingOperatorArgs, string[]]>([
    [
      "no kind at all",
      { jobs: [] },
      ["jobs is []; allowed: at least one kind. Leave jobs out for all kinds but MPIJob."],
    ],
    [
      "an unknown kind",
      { jobs: ["MXJob" as TrainingJobKind] },
      [
        'jobs[0] is "MXJob"; allowed: PyTorchJob, TFJob, XGBoostJob, PaddleJob, JAXJob, MPIJob. ' +
          "Set jobs[0] to one of these.",
      ],
    ],
    [
      "an image without a tag",
      { initImage: "alpine" },
      ['initImage is "alpine"; allowed: an image with a tag other than latest, or a digest. Name the release.'],
    ],
  ])("refuse %s", (_, args, reasons) => {
    expect(reasonsOf(args)).toEqual(reasons);
  });
});

describe("operators of one cluster", () => {
  it("do not both have MPIJobs", () => {
    const problems = checkJobOperators({ jobs: [TrainingJobKind.pyTorch, TrainingJobKind.mpi] }, {});
    expect(problems).toEqual([
      {
        propertyPath: "trainingOperator.jobs",
        reason:
          'trainingOperator.jobs is ["PyTorchJob","MPIJob"] beside mpiOperator; ' +
          "allowed: MPIJob of one of the two, as both have the resource type mpijobs.kubeflow.org. " +
          "Leave MPIJob out of trainingOperator.jobs, or leave out mpiOperator.",
      },
    ]);
  });

  it.each([
    ["training operator with its defaults", {}, {}],
    ["training operator by itself", { jobs: [TrainingJobKind.mpi] }, undefined],
    ["MPI operator by itself", undefined, {}],
  ])("go together: %s", (_, trainingOperator, mpiOperator) => {
    expect(checkJobOperators(trainingOperator, mpiOperator)).toEqual([]);
  });
});
