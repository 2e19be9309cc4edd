import { describe, expect, it } from "vitest";
import { subjectsOf } from "../../../../policies/engine/written-resource";
import { meshSidecar } from "../../../../policies/gpu-ml/ml-jobs/mesh-sidecar";
import { analyzeStack, job, lines, UNKNOWN_STRING, urnOf, type TestResource } from "../../analyzer";

const LABEL = 'spec.template.metadata.labels["sidecar.istio.io/inject"]';
const REMEDY = 'allowed: "false". Set it to "false", so that the pods end with their program.';
const INJECTED = { "istio-injection": "enabled" };
const NO = { "sidecar.istio.io/inject": "false" };

function namespace(labels: unknown, name: unknown = "ml"): TestResource {
  const props = { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } };
  return { type: "kubernetes:core/v1:Namespace", name: "ns", props };
}

function jobWith(metadata: unknown, podSpec: object = {}): TestResource {
  const { props, ...rest } = job({}, podSpec) as { props: { spec: { template: object } }; type: string };
  return { ...rest, props: { ...props, spec: { template: { ...props.spec.template, metadata } } } };
}

function kind(apiVersion: string, name: string, spec: unknown): TestResource {
  const props = { apiVersion, kind: name, metadata: { name: "it", namespace: "ml" }, spec };
  return { type: `kubernetes:${apiVersion}:${name}`, name: "it", props };
}

function judged(...resources: TestResource[]): string[] {
  return lines(analyzeStack([meshSidecar], resources));
}

const POD = { spec: { containers: [{ name: "main", image: "a:1" }] } };

describe("ML-11 sidecars of the mesh", () => {
  it.each<[string, TestResource[]]>([
    ["the label", [namespace(INJECTED), jobWith({ labels: NO })]],
    [
      "the label beside an annotation that says otherwise",
      [namespace(INJECTED), jobWith({ labels: NO, annotations: { "sidecar.istio.io/inject": "true" } })],
    ],
    ["the annotation, which the injector reads still", [namespace(INJECTED), jobWith({ annotations: NO })]],
    ["a native sidecar", [namespace(INJECTED), jobWith({ annotations: { "sidecar.istio.io/nativeSidecar": "true" } })]],
    ["the network of the node", [namespace(INJECTED), job({}, { hostNetwork: true })]],
    ["another namespace", [namespace(INJECTED, "web"), job()]],
    ["a namespace that the stack does not make", [job()]],
    ["a namespace outside the mesh", [namespace({ team: "ml" }), job()]],
    ["a namespace without labels", [namespace(undefined), job()]],
    ["labels that are no object", [namespace(["istio-injection"]), job()]],
    ["a namespace that is left out", [namespace({ "istio-injection": "disabled", "istio.io/rev": "stable" }), job()]],
    [
      "an object of another kind with such labels",
      [{ ...namespace(INJECTED), props: { ...namespace(INJECTED).props, kind: "ConfigMap" } }, job()],
    ],
    ["pods that go on", [namespace(INJECTED), kind("apps/v1", "Deployment", { template: POD })]],
  ])("accepts %s", (_case, resources) => {
    expect(judged(...resources)).toEqual([]);
  });

  it.each<[string, TestResource]>([
    ["that is in the mesh", namespace(INJECTED)],
    ["of a revision", namespace({ "istio.io/rev": "stable" })],
  ])("refuses a job without label in a namespace %s", (_case, resource) => {
    expect(judged(resource, job())).toEqual([
      `advisory [ML-11] Job ml/mnist: ${LABEL} is absent, in a namespace of the mesh; ${REMEDY}`,
    ]);
  });

  it.each<[string, unknown]>([
    ["wants it", { labels: { "sidecar.istio.io/inject": "true" } }],
    ["wants it, whatever the annotation says", { labels: { "sidecar.istio.io/inject": "true" }, annotations: NO }],
  ])("refuses a job that %s", (_case, metadata) => {
    expect(judged(namespace(INJECTED), jobWith(metadata))).toEqual([
      `advisory [ML-11] Job ml/mnist: ${LABEL} is "true"; ${REMEDY}`,
    ]);
  });

  it.each<[string, TestResource, string]>([
    [
      "a CronJob",
      kind("batch/v1", "CronJob", { jobTemplate: { spec: { template: POD } } }),
      "spec.jobTemplate.spec.template.metadata.labels",
    ],
    [
      "a JobSet",
      kind("jobset.x-k8s.io/v1alpha2", "JobSet", { replicatedJobs: [{ template: { spec: { template: POD } } }] }),
      "spec.replicatedJobs[0].template.spec.template.metadata.labels",
    ],
    [
      "a Volcano job",
      kind("batch.volcano.sh/v1alpha1", "Job", { tasks: [{ template: POD }] }),
      "spec.tasks[0].template.metadata.labels",
    ],
    [
      "a ScaledJob",
      kind("keda.sh/v1alpha1", "ScaledJob", { jobTargetRef: { template: POD } }),
      "spec.jobTargetRef.template.metadata.labels",
    ],
    [
      "a PyTorchJob",
      kind("kubeflow.org/v1", "PyTorchJob", { pytorchReplicaSpecs: { Worker: { template: POD } } }),
      "spec.pytorchReplicaSpecs.Worker.template.metadata.labels",
    ],
    [
      "a TFJob",
      kind("kubeflow.org/v1", "TFJob", { tfReplicaSpecs: { Worker: { template: POD } } }),
      "spec.tfReplicaSpecs.Worker.template.metadata.labels",
    ],
    [
      "an MPIJob",
      kind("kubeflow.org/v2beta1", "MPIJob", { mpiReplicaSpecs: { Worker: { template: POD } } }),
      "spec.mpiReplicaSpecs.Worker.template.metadata.labels",
    ],
    [
      "an XGBoostJob",
      kind("kubeflow.org/v1", "XGBoostJob", { xgbReplicaSpecs: { Worker: { template: POD } } }),
      "spec.xgbReplicaSpecs.Worker.template.metadata.labels",
    ],
    [
      "a PaddleJob",
      kind("kubeflow.org/v1", "PaddleJob", { paddleReplicaSpecs: { Worker: { template: POD } } }),
      "spec.paddleReplicaSpecs.Worker.template.metadata.labels",
    ],
    [
      "a JAXJob",
      kind("kubeflow.org/v1", "JAXJob", { jaxReplicaSpecs: { Worker: { template: POD } } }),
      "spec.jaxReplicaSpecs.Worker.template.metadata.labels",
    ],
    [
      "an MXJob",
      kind("kubeflow.org/v1", "MXJob", { mxReplicaSpecs: { Worker: { template: POD } } }),
      "spec.mxReplicaSpecs.Worker.template.metadata.labels",
    ],
    [
      "an experiment",
      kind("kubeflow.org/v1beta1", "Experiment", {
        trialTemplate: { trialSpec: { apiVersion: "batch/v1", kind: "Job", spec: { template: POD } } },
      }),
      "spec.trialTemplate.trialSpec.spec.template.metadata.labels",
    ],
    [
      "a training runtime",
      kind("trainer.kubeflow.org/v1alpha1", "TrainingRuntime", {
        template: { spec: { replicatedJobs: [{ name: "node", template: { spec: { template: POD } } }] } },
      }),
      "spec.template.spec.replicatedJobs[0].template.spec.template.metadata.labels",
    ],
    [
      "a RayJob",
      kind("ray.io/v1", "RayJob", { rayClusterSpec: { headGroupSpec: { template: POD } } }),
      "spec.rayClusterSpec.headGroupSpec.template.metadata.labels",
    ],
    [
      "a workflow",
      kind("argoproj.io/v1alpha1", "Workflow", {
        entrypoint: "a",
        templates: [{ name: "a", container: { image: "a:1" } }],
      }),
      "spec.templates[0].metadata.labels",
    ],
    [
      "a workflow template",
      kind("argoproj.io/v1alpha1", "WorkflowTemplate", {
        entrypoint: "a",
        templates: [{ name: "a", container: { image: "a:1" } }],
      }),
      "spec.templates[0].metadata.labels",
    ],
    [
      "a cron workflow",
      kind("argoproj.io/v1alpha1", "CronWorkflow", {
        workflowSpec: { entrypoint: "a", templates: [{ name: "a", container: { image: "a:1" } }] },
      }),
      "spec.workflowSpec.templates[0].metadata.labels",
    ],
  ])("reaches into %s", (_case, resource, labels) => {
    const [message, ...others] = judged(namespace(INJECTED), resource);

    expect(others).toEqual([]);
    expect(message).toContain(` it: ${labels}["sidecar.istio.io/inject"] is absent`.replace(" it", " ml/it"));
  });

  it.each(["SparkApplication", "ScheduledSparkApplication"])("reaches into the drivers of a %s", (name) => {
    const application = { driver: {}, executor: { labels: NO } };
    const spec = name === "SparkApplication" ? application : { template: application };

    expect(judged(namespace(INJECTED), kind("sparkoperator.k8s.io/v1beta2", name, spec))).toHaveLength(1);
  });

  it("files the finding under the job, once for each group of pods", () => {
    const spec = { pytorchReplicaSpecs: { Master: { template: POD }, Worker: { template: POD } } };
    const resource = kind("kubeflow.org/v1", "PyTorchJob", spec);

    expect(analyzeStack([meshSidecar], [resource, namespace(INJECTED)])).toMatchObject([
      { urn: urnOf(resource) },
      { urn: urnOf(resource) },
    ]);
  });

  it("offers to set the label", () => {
    const resources = [namespace(INJECTED), job()].map(({ type, props }) => ({
      type,
      name: "it",
      properties: props as never,
    }));
    const judgements = [...meshSidecar.judgeStack(subjectsOf(resources), { nativeSidecars: false })];

    expect(judgements.map(([, judgement]) => judgement)).toMatchObject([{ fix: [{ path: LABEL, value: "false" }] }]);
  });

  it("offers no change where the pods are written in another object", () => {
    const trainer = { numNodes: 2 };
    const template = { metadata: { labels: { "sidecar.istio.io/inject": "true" } } };
    const replicatedJobs = [{ name: "node", template: { spec: { template } } }];
    const runtimePatches = [{ trainingRuntimeSpec: { template: { spec: { replicatedJobs } } } }];
    const { type, props } = kind("trainer.kubeflow.org/v1alpha1", "TrainJob", {
      runtimeRef: { name: "torch" },
      trainer,
      runtimePatches,
    });
    const resources = [namespace(INJECTED), { type, props }].map((one) => ({
      ...one,
      name: "it",
      properties: one.props as never,
    }));
    const judgements = [...meshSidecar.judgeStack(subjectsOf(resources), { nativeSidecars: false })].map(
      ([, one]) => one,
    );

    expect(judgements).toHaveLength(2);
    expect(judgements.filter((one) => "fix" in one)).toEqual([]);
  });

  it.each<[string, TestResource[], string]>([
    ["the labels of the namespace", [namespace(UNKNOWN_STRING), job()], "metadata.namespace"],
    ["the name of the namespace", [namespace(INJECTED, UNKNOWN_STRING), job()], "metadata.namespace"],
    ["the value of its label", [namespace({ "istio-injection": UNKNOWN_STRING }), job()], "metadata.namespace"],
    ["its revision", [namespace({ "istio.io/rev": UNKNOWN_STRING }), job()], "metadata.namespace"],
    [
      "the namespace of the job",
      [
        namespace(INJECTED),
        { ...job(), props: { ...job().props, metadata: { name: "mnist", namespace: UNKNOWN_STRING } } },
      ],
      "metadata.namespace",
    ],
    ["the metadata of the pods", [namespace(INJECTED), jobWith(UNKNOWN_STRING)], LABEL],
    [
      "the metadata of pods in a list",
      [
        namespace(INJECTED),
        kind("jobset.x-k8s.io/v1alpha2", "JobSet", {
          replicatedJobs: [{ template: { spec: { template: { metadata: UNKNOWN_STRING, ...POD } } } }],
        }),
      ],
      LABEL.replace("spec.", "spec.replicatedJobs[0].template.spec."),
    ],
    ["the labels of the pods", [namespace(INJECTED), jobWith({ labels: UNKNOWN_STRING })], LABEL],
    ["the label", [namespace(INJECTED), jobWith({ labels: { "sidecar.istio.io/inject": UNKNOWN_STRING } })], LABEL],
    [
      "the annotation",
      [namespace(INJECTED), jobWith({ annotations: { "sidecar.istio.io/inject": UNKNOWN_STRING } })],
      LABEL,
    ],
    [
      "whether the sidecar is native",
      [namespace(INJECTED), jobWith({ annotations: { "sidecar.istio.io/nativeSidecar": UNKNOWN_STRING } })],
      LABEL,
    ],
    [
      "whose network it is",
      [namespace(INJECTED), job({}, { hostNetwork: UNKNOWN_STRING })],
      "spec.template.spec.hostNetwork",
    ],
  ])("cannot decide without knowing %s", (_case, resources, path) => {
    const [message, ...others] = judged(...resources);

    expect(others).toEqual([]);
    expect(message).toContain(
      `: ${path} is not known yet; allowed: a value that keeps "Jobs in namespaces of the mesh get no sidecar". ` +
        "It is judged at the end of the update, when the object is there already.",
    );
  });

  describe("with pods that are written in a runtime", () => {
    const trainJob = kind("trainer.kubeflow.org/v1alpha1", "TrainJob", { runtimeRef: { name: "torch" }, trainer: {} });
    const runtime = (metadata: object) => {
      const replicatedJobs = [{ name: "node", template: { spec: { template: { metadata, ...POD } } } }];
      const made = kind("trainer.kubeflow.org/v1alpha1", "ClusterTrainingRuntime", {
        template: { spec: { replicatedJobs } },
      });
      return { ...made, props: { ...made.props, metadata: { name: "torch" } } };
    };

    it("has nothing to say where the runtime is elsewhere", () => {
      expect(judged(namespace(INJECTED), trainJob)).toEqual([]);
    });

    it("reads the label there", () => {
      expect(judged(namespace(INJECTED), trainJob, runtime({ labels: NO }))).toEqual([]);
      expect(judged(namespace(INJECTED), trainJob, runtime({}))).toHaveLength(1);
    });

    it("offers no change there", () => {
      const resources = [namespace(INJECTED), trainJob, runtime({})].map(({ type, props }) => ({
        type,
        name: "it",
        properties: props as never,
      }));
      const judgements = [...meshSidecar.judgeStack(subjectsOf(resources), { nativeSidecars: false })];

      expect(judgements.map(([{ kind: of }, judgement]) => [of, "fix" in judgement])).toEqual([["TrainJob", false]]);
    });
  });

  it("has nothing to say where all sidecars are native", () => {
    const config = { stack: { rules: { "ML-11": { nativeSidecars: true } } } };

    expect(analyzeStack([meshSidecar], [namespace(INJECTED), job()], config)).toEqual([]);
    expect(meshSidecar.parameters.nativeSidecars.accepts("yes")).toBe(false);
  });
});
