import { describe, expect, it } from "vitest";
import { batchToken } from "../../../../policies/pod-security/practices/batch-token";
import { job, UNKNOWN_STRING } from "../../analyzer";
import { fixesOf, said, waiting, waitsFor, written } from "./said";

const FIELD = "spec.template.spec.automountServiceAccountToken";
const ABSENT = "absent, which mounts the token of the default service account";

function message(observed: string, object = "Job ml/mnist", path = FIELD): string {
  return (
    `advisory [POD-16] ${object}: ${path} is ${observed}; allowed: false for pods that name no service account of ` +
    "their own. Set it to false; where the program calls the Kubernetes API, name a service account for it."
  );
}

const SPARK = `
apiVersion: sparkoperator.k8s.io/v1beta2
kind: SparkApplication
metadata: { name: etl }
spec: { driver: { cores: 1 }, executor: { cores: 1 } }
`;

/** An object of a kind with one pod template at a place. */
function at(apiVersion: string, kind: string, place: string): string {
  const template = `{ spec: { containers: [{ name: main, image: "registry.example/bert:1.4" }] } }`;
  const steps = place.split(".");
  const spec = steps.reduceRight((inner, step) => {
    const [, key, item] = /^(\w+)(\[\])?$/.exec(step)!;
    return `{ ${key}: ${item === undefined ? inner : `[${inner}]`} }`;
  }, template);
  return `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: it }\nspec: ${spec}\n`;
}

describe("POD-16 tokens of batch pods", () => {
  it.each([
    ["a Job that mounts none", job({}, { automountServiceAccountToken: false })],
    ["a Job with a service account of its own", job({}, { serviceAccountName: "loader" })],
    ["a Job that names it in the old field", job({}, { serviceAccount: "loader" })],
    ["a Job with an old name beside the new one", job({}, { serviceAccountName: "loader", serviceAccount: "default" })],
    ["a Pod", written("{ apiVersion: v1, kind: Pod, metadata: { name: a }, spec: { containers: [{ name: a }] } }")[0]!],
    ["a Deployment", written(at("apps/v1", "Deployment", "template"))[0]!],
    ["a step of a workflow, which reports with its token", workflow()],
    ["the Jobs that a workflow writes as text", workflow("kind: Job")],
    ["a SparkApplication, whose driver creates pods", written(SPARK)[0]!],
    ["the launcher of an MPIJob v1", written(at("kubeflow.org/v1", "MPIJob", "mpiReplicaSpecs.Launcher.template"))[0]!],
  ])("accepts %s", (_case, resource) => {
    expect(said(batchToken, resource)).toEqual([]);
  });

  it.each([
    ["no account", job(), ABSENT],
    ["the default account", job({}, { serviceAccountName: "default" }), ABSENT],
    ["an empty name", job({}, { serviceAccountName: "" }), ABSENT],
    ["a token on purpose", job({}, { automountServiceAccountToken: true }), "not false"],
  ])("refuses a Job with %s, and sets the field to false", (_case, resource, observed) => {
    expect(said(batchToken, resource)).toEqual([message(observed)]);
    expect(fixesOf(batchToken, resource)).toEqual([{ path: FIELD, value: false }]);
  });

  it.each([
    ["batch/v1", "Job", "template"],
    ["batch/v1", "CronJob", "jobTemplate.spec.template"],
    ["jobset.x-k8s.io/v1alpha2", "JobSet", "replicatedJobs[].template.spec.template"],
    ["batch.volcano.sh/v1alpha1", "Job", "tasks[].template"],
    ["keda.sh/v1alpha1", "ScaledJob", "jobTargetRef.template"],
    ["kubeflow.org/v1", "PyTorchJob", "pytorchReplicaSpecs.Worker.template"],
    ["kubeflow.org/v1", "TFJob", "tfReplicaSpecs.Worker.template"],
    ["kubeflow.org/v1", "XGBoostJob", "xgbReplicaSpecs.Worker.template"],
    ["kubeflow.org/v1", "PaddleJob", "paddleReplicaSpecs.Worker.template"],
    ["kubeflow.org/v1", "JAXJob", "jaxReplicaSpecs.Worker.template"],
    ["kubeflow.org/v1", "MXJob", "mxReplicaSpecs.Worker.template"],
    ["kubeflow.org/v1", "MPIJob", "mpiReplicaSpecs.Worker.template"],
    ["kubeflow.org/v2beta1", "MPIJob", "mpiReplicaSpecs.Launcher.template"],
    ["kubeflow.org/v1", "TFJob", "tfReplicaSpecs.Launcher.template"],
    ["trainer.kubeflow.org/v1alpha1", "TrainingRuntime", "template.spec.replicatedJobs[].template.spec.template"],
    [
      "trainer.kubeflow.org/v1alpha1",
      "ClusterTrainingRuntime",
      "template.spec.replicatedJobs[].template.spec.template",
    ],
    ["kubeflow.org/v1beta1", "Experiment", "trialTemplate.trialSpec"],
  ])("reaches the pods of %s %s", (apiVersion, kind, place) => {
    const trial = `{ apiVersion: batch/v1, kind: Job, spec: { template: { spec: { containers: [{ name: main }] } } } }`;
    const object = at(apiVersion, kind, place);
    const whole = kind === "Experiment" ? object.replace(/trialSpec: .* \} \}$/m, `trialSpec: ${trial} } }`) : object;
    const inside = kind === "Experiment" ? `${place}.spec.template` : place.replaceAll("[]", "[0]");

    expect(said(batchToken, whole)).toEqual([
      message(ABSENT, `${kind} it`, `spec.${inside}.spec.automountServiceAccountToken`),
    ]);
  });

  it.each(["apiVersion: v1", "kind: Pod"])("takes what has only %s for no object inside", (field) => {
    const cronJob = at("batch/v1", "CronJob", "jobTemplate.spec.template").replace(
      "jobTemplate: {",
      `jobTemplate: { ${field},`,
    );

    expect(said(batchToken, cronJob)).toHaveLength(1);
  });

  it("waits for the runtime of a TrainJob", () => {
    const trainJob =
      "{ apiVersion: trainer.kubeflow.org/v1alpha1, kind: TrainJob, spec: { runtimeRef: { name: torch } } }";

    expect(waitsFor(batchToken, written(trainJob)[0]!)).toEqual(["spec.trainer.automountServiceAccountToken"]);
  });

  it("looks into a List, at what each of its items is", () => {
    const [list] = written(`
apiVersion: v1
kind: List
items:
  - { apiVersion: v1, kind: Pod, metadata: { name: a }, spec: { containers: [{ name: main }] } }
  - { apiVersion: batch/v1, kind: Job, spec: { template: { spec: { containers: [{ name: main }] } } } }
`);

    expect(said(batchToken, list!)).toEqual([
      message(ABSENT, "List ", "items[1].spec.template.spec.automountServiceAccountToken"),
    ]);
  });

  it.each([
    ["whether it is mounted", job({}, { automountServiceAccountToken: UNKNOWN_STRING }), FIELD],
    ["the account", job({}, { serviceAccountName: UNKNOWN_STRING }), "spec.template.spec.serviceAccountName"],
    ["the account by its old name", job({}, { serviceAccount: UNKNOWN_STRING }), "spec.template.spec.serviceAccount"],
  ])("waits for %s", (_case, resource, path) => {
    expect(said(batchToken, resource)).toEqual([waiting(batchToken, "Job ml/mnist", path)]);
  });

  it("waits for nothing where no token is mounted", () => {
    const resource = job({}, { automountServiceAccountToken: false, serviceAccountName: UNKNOWN_STRING });

    expect(said(batchToken, resource)).toEqual([]);
  });
});

function workflow(manifest?: string) {
  const text = `apiVersion: batch/v1\n${manifest ?? ""}\nspec: { template: { spec: { containers: [{ name: main }] } } }\n`;
  const step =
    manifest === undefined ? { container: { image: "a:1" } } : { resource: { action: "create", manifest: text } };
  return {
    type: "kubernetes:argoproj.io/v1alpha1:Workflow",
    props: {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Workflow",
      metadata: { name: "retrain" },
      spec: { entrypoint: "main", templates: [{ name: "main", ...step }] },
    },
  };
}
