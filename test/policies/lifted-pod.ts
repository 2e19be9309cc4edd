import { stringify } from "yaml";
import { isTreeObject, type Tree, type TreeObject } from "../../components/model";

/** A pod as it is written: what is said of it, and its spec. */
export interface WrittenPod {
  metadata: TreeObject;
  spec: TreeObject;
}

/** A way to write a pod in an object of another kind. */
export interface Lift {
  /** The kind, as group and kind, in which the pod is written. */
  kind: string;
  /** Where in the kind, if there are several places for one. */
  place?: string;
  /** The object, and behind it those that it names. */
  lift: (pod: WrittenPod) => TreeObject[];
  /** Fields of a pod's spec, or `annotations`, that can not be said there. */
  lacks?: string[];
  /** What is absent may come from an object that is not at hand. */
  isCompleted?: true;
}

/** Kinds that make pods of so little that a pod can not be written in them, with what they have instead. */
export const NOT_LIFTED: Readonly<Record<string, string>> = {
  "kubeflow.org/PodDefault": "parts of the pods of others",
  "pipelines.kubeflow.org/PipelineVersion": "an image, its command and what it asks for",
  "serving.kserve.io/ClusterStorageContainer": "one container of the pods of others",
  "serving.kserve.io/InferenceGraph": "where the router runs and what it asks for",
};

/** Fields of a pod's spec that no template of Argo has; a patch says them. */
const NOT_IN_ARGO = ["hostIPC", "hostPID", "hostUsers", "os"];

/** Fields of a pod's spec that the runtimes of KServe 0.20 lack. */
const NOT_IN_RUNTIMES = ["hostNetwork", "hostPID", "hostUsers", "initContainers", "os", "securityContext"];

/** Fields of a runtime of KServe 0.20 that do not come into the pods. */
const NOT_TAKEN_FROM_RUNTIMES = ["hostIPC"];

/** Every way to write a pod in another kind. */
export const LIFTS: readonly Lift[] = [
  ...["/PodTemplate"].map((kind) => ({ kind, lift: atTop(kind, (template) => ({ template: { ...template } })) })),
  ...[
    ...["/ReplicationController", "apps/ReplicaSet", "apps/Deployment", "apps/StatefulSet", "apps/DaemonSet"],
    ...["batch/Job", "serving.knative.dev/Service", "serving.knative.dev/Configuration"],
  ].map((kind) => ({ kind, lift: withTemplate(kind, (template) => ({ template })) })),
  {
    kind: "batch/CronJob",
    lift: withTemplate("batch/CronJob", (template) => ({ jobTemplate: { spec: { template } } })),
  },
  { kind: "serving.knative.dev/Revision", lift: atTop("serving.knative.dev/Revision", (pod) => ({ ...pod })) },

  { kind: "jobset.x-k8s.io/JobSet", lift: withTemplate("jobset.x-k8s.io/JobSet", jobSetSpec) },
  {
    kind: "leaderworkerset.x-k8s.io/LeaderWorkerSet",
    lift: withTemplate("leaderworkerset.x-k8s.io/LeaderWorkerSet", leaderAndWorkers),
  },
  {
    kind: "disaggregatedset.x-k8s.io/DisaggregatedSet",
    lift: withTemplate("disaggregatedset.x-k8s.io/DisaggregatedSet", (template) => ({
      roles: [{ name: "decode", spec: leaderAndWorkers(template) }],
    })),
  },
  {
    kind: "kueue.x-k8s.io/Workload",
    lift: withTemplate("kueue.x-k8s.io/Workload", (template) => ({ podSets: [{ name: "main", template }] })),
  },
  {
    kind: "batch.volcano.sh/Job",
    lift: withTemplate("batch.volcano.sh/Job", (template) => ({ tasks: [{ name: "main", template }] })),
  },
  {
    kind: "keda.sh/ScaledJob",
    lift: withTemplate("keda.sh/ScaledJob", (template) => ({ jobTargetRef: { template } })),
  },
  {
    kind: "workload.codeflare.dev/AppWrapper",
    lift: withTemplate("workload.codeflare.dev/AppWrapper", (template) => ({
      components: [{ template: asPod(template) }],
    })),
  },

  ...[
    { kind: "kubeflow.org/TFJob", map: "tfReplicaSpecs", roles: ["Chief", "Worker"] },
    { kind: "kubeflow.org/PyTorchJob", map: "pytorchReplicaSpecs", roles: ["Master", "Worker"] },
    { kind: "kubeflow.org/XGBoostJob", map: "xgbReplicaSpecs", roles: ["Master", "Worker"] },
    { kind: "kubeflow.org/PaddleJob", map: "paddleReplicaSpecs", roles: ["Worker"] },
    { kind: "kubeflow.org/JAXJob", map: "jaxReplicaSpecs", roles: ["Worker"] },
    { kind: "kubeflow.org/MXJob", map: "mxReplicaSpecs", roles: ["Server", "Worker"] },
    { kind: "kubeflow.org/MPIJob", map: "mpiReplicaSpecs", roles: ["Launcher", "Worker"] },
  ].map(({ kind, map, roles }) => ({
    kind,
    lift: withTemplate(kind, (template) => ({
      [map]: Object.fromEntries(roles.map((role) => [role, { template }])),
    })),
  })),

  ...["trainer.kubeflow.org/TrainingRuntime", "trainer.kubeflow.org/ClusterTrainingRuntime"].map((kind) => ({
    kind,
    lift: withTemplate(kind, runtimeSpec),
  })),
  {
    kind: "trainer.kubeflow.org/TrainJob",
    place: "in the runtime that it names",
    lift: (pod) => [
      objectOf("trainer.kubeflow.org/TrainJob", { spec: { runtimeRef: { name: "lifted" } } }),
      objectOf("trainer.kubeflow.org/ClusterTrainingRuntime", { spec: runtimeSpec(pod) }),
    ],
  },
  {
    kind: "trainer.kubeflow.org/TrainJob",
    place: "as a patch of a runtime that is not at hand",
    isCompleted: true,
    lift: withTemplate("trainer.kubeflow.org/TrainJob", (template) => ({
      runtimeRef: { name: "elsewhere" },
      runtimePatches: [{ trainingRuntimeSpec: { template: { spec: jobSetSpec(template) } } }],
    })),
  },

  {
    kind: "sparkoperator.k8s.io/SparkApplication",
    lift: withTemplate("sparkoperator.k8s.io/SparkApplication", driverAndExecutor),
  },
  {
    kind: "sparkoperator.k8s.io/ScheduledSparkApplication",
    lift: withTemplate("sparkoperator.k8s.io/ScheduledSparkApplication", (template) => ({
      template: driverAndExecutor(template),
    })),
  },
  {
    kind: "sparkoperator.k8s.io/SparkConnect",
    lift: withTemplate("sparkoperator.k8s.io/SparkConnect", (template) => ({
      server: { template },
      executor: { template },
    })),
  },

  ...["argoproj.io/Workflow", "argoproj.io/WorkflowTemplate", "argoproj.io/ClusterWorkflowTemplate"].flatMap((kind) =>
    inWorkflow(kind, (spec) => spec),
  ),
  {
    kind: "argoproj.io/Workflow",
    place: "in the template that it names",
    lift: (pod) => [
      objectOf("argoproj.io/Workflow", { spec: { workflowTemplateRef: { name: "lifted" } } }),
      objectOf("argoproj.io/WorkflowTemplate", { spec: patching(pod) }),
    ],
  },
  {
    kind: "argoproj.io/Workflow",
    place: "in a template that its step names",
    lift: (pod) => {
      const templateRef = { name: "lifted", template: "main", clusterScope: true };
      return [
        objectOf("argoproj.io/Workflow", { spec: workflow({ steps: [[{ name: "step", templateRef }]] }) }),
        objectOf("argoproj.io/ClusterWorkflowTemplate", { spec: patching(pod) }),
      ];
    },
  },
  ...inWorkflow("argoproj.io/CronWorkflow", (workflowSpec) => ({ workflowSpec })),
  ...inWorkflow("kubeflow.org/ScheduledWorkflow", (spec) => ({ workflow: { spec } })),
  {
    kind: "kubeflow.org/ScheduledWorkflow",
    place: "as text",
    lift: withTemplate("kubeflow.org/ScheduledWorkflow", (pod) => ({ workflow: { spec: stringify(patching(pod)) } })),
  },

  {
    kind: "kubeflow.org/Experiment",
    lift: withTemplate("kubeflow.org/Experiment", (template) => ({
      trialTemplate: { trialSpec: objectOf("batch/Job", { spec: { template: { ...template } } }) },
    })),
  },
  {
    kind: "kubeflow.org/Experiment",
    place: "in a ConfigMap",
    lift: (pod) => {
      const configMap = { configMapName: "lifted", configMapNamespace: "ml", templatePath: "trial.yaml" };
      return [
        objectOf("kubeflow.org/Experiment", { spec: { trialTemplate: { configMap } } }),
        objectOf("/ConfigMap", {
          data: { "trial.yaml": stringify(objectOf("batch/Job", { spec: { template: { ...pod } } })) },
        }),
      ];
    },
  },
  {
    kind: "kubeflow.org/Trial",
    lift: withTemplate("kubeflow.org/Trial", (template) => ({
      runSpec: objectOf("kubeflow.org/PyTorchJob", { spec: { pytorchReplicaSpecs: { Worker: { template } } } }),
    })),
  },
  { kind: "kubeflow.org/Notebook", lacks: ["annotations"], lift: withTemplate("kubeflow.org/Notebook", onlySpec) },
  {
    kind: "kubeflow.org/PVCViewer",
    lacks: ["annotations"],
    lift: withTemplate("kubeflow.org/PVCViewer", ({ spec }) => ({ podSpec: spec })),
  },

  {
    kind: "serving.kserve.io/InferenceService",
    lift: withTemplate("serving.kserve.io/InferenceService", (pod) => ({
      predictor: inline(pod),
      transformer: inline(pod),
      explainer: inline(pod),
    })),
  },
  {
    kind: "serving.kserve.io/InferenceService",
    place: "in the runtime of its model",
    lacks: [...NOT_IN_RUNTIMES, ...NOT_TAKEN_FROM_RUNTIMES],
    lift: (pod) => {
      const model = { modelFormat: { name: "onnx" }, runtime: "lifted" };
      const formats = { supportedModelFormats: [{ name: "onnx" }] };
      return [
        objectOf("serving.kserve.io/InferenceService", { spec: { predictor: { model } } }),
        objectOf("serving.kserve.io/ServingRuntime", { spec: { ...inline(serving(pod)), ...formats } }),
      ];
    },
  },
  ...["serving.kserve.io/ServingRuntime", "serving.kserve.io/ClusterServingRuntime"].map((kind) => ({
    kind,
    lacks: NOT_IN_RUNTIMES,
    lift: withTemplate(kind, inline),
  })),
  ...["serving.kserve.io/LLMInferenceService", "serving.kserve.io/LLMInferenceServiceConfig"].map((kind) => ({
    kind,
    isCompleted: true as const,
    lift: withTemplate(kind, (pod) => ({ ...inline({ ...pod, spec: {} }), template: pod.spec, worker: pod.spec })),
  })),

  { kind: "ray.io/RayCluster", lift: withTemplate("ray.io/RayCluster", rayCluster) },
  {
    kind: "ray.io/RayService",
    lift: withTemplate("ray.io/RayService", (template) => ({ rayClusterConfig: rayCluster(template) })),
  },
  {
    kind: "ray.io/RayJob",
    lift: withTemplate("ray.io/RayJob", (template) => ({
      rayClusterSpec: rayCluster(template),
      submitterPodTemplate: template,
    })),
  },
];

/** A pod without what a way to write it lacks. */
export function expressible({ metadata, spec }: WrittenPod, lacks: string[] = []): WrittenPod {
  const kept = (object: TreeObject) =>
    Object.fromEntries(Object.entries(object).filter(([key]) => !lacks.includes(key)));
  return { metadata: kept(metadata), spec: kept(spec) };
}

/** The pod itself. */
export function asPod(pod: WrittenPod): TreeObject {
  return { apiVersion: "v1", kind: "Pod", ...pod };
}

function objectOf(groupAndKind: string, fields: TreeObject): TreeObject {
  const [group = "", kind] = groupAndKind.split("/");
  return { apiVersion: group === "" ? "v1" : `${group}/v1`, kind, metadata: { name: "lifted" }, ...fields };
}

function atTop(kind: string, fields: (pod: WrittenPod) => TreeObject): Lift["lift"] {
  return (pod) => [objectOf(kind, fields(pod))];
}

function withTemplate(kind: string, spec: (template: TreeObject & WrittenPod) => TreeObject): Lift["lift"] {
  return (pod) => [objectOf(kind, { spec: spec({ ...pod }) })];
}

function onlySpec({ spec }: WrittenPod): TreeObject {
  return { template: { spec } };
}

/** The spec with labels and annotations beside its fields, as KServe has it. */
function inline({ metadata: { annotations }, spec }: WrittenPod): TreeObject {
  return annotations === undefined ? spec : { ...spec, annotations };
}

/** The pod with its first container as the one that serves a model. */
function serving({ metadata, spec }: WrittenPod): WrittenPod {
  const [main, ...others] = Array.isArray(spec.containers) ? spec.containers : [];
  const server: TreeObject = { ...(isTreeObject(main) ? main : {}), name: "kserve-container" };
  return { metadata, spec: { ...spec, containers: [server, ...others] } };
}

function jobSetSpec(template: TreeObject | WrittenPod): TreeObject {
  return { replicatedJobs: [{ name: "node", template: { spec: { template: { ...template } } } }] };
}

function runtimeSpec(template: TreeObject | WrittenPod): TreeObject {
  return { template: { spec: jobSetSpec(template) } };
}

function leaderAndWorkers(template: TreeObject): TreeObject {
  return { leaderWorkerTemplate: { size: 2, leaderTemplate: template, workerTemplate: template } };
}

function driverAndExecutor(template: TreeObject): TreeObject {
  return { driver: { template }, executor: { template } };
}

function rayCluster(template: TreeObject): TreeObject {
  return { headGroupSpec: { template }, workerGroupSpecs: [{ groupName: "gpu", template }] };
}

/** The ways to write a pod in a workflow, whose spec is at some place of a kind. */
function inWorkflow(kind: string, placed: (spec: TreeObject) => TreeObject): Lift[] {
  const ways: [place: string, spec: (pod: WrittenPod) => TreeObject, lacks?: string[]][] = [
    [
      "as a container",
      (pod) => templated(pod, ({ main, others }) => ({ container: main, sidecars: others })),
      NOT_IN_ARGO,
    ],
    ["as a script", (pod) => templated(pod, ({ main, others }) => ({ script: main, sidecars: others })), NOT_IN_ARGO],
    [
      "as a set of containers",
      (pod) => templated(pod, ({ main, others }) => ({ containerSet: { containers: [main, ...others] } })),
      NOT_IN_ARGO,
    ],
    ["as a patch", patching],
    ["as a manifest", (pod) => workflow({ resource: { action: "create", manifest: stringify(asPod(pod)) } })],
  ];
  return ways.map(([place, spec, lacks = []]) => ({
    kind,
    place,
    lacks,
    lift: withTemplate(kind, (pod) => placed(spec(pod))),
  }));
}

function workflow(template: TreeObject, fields: TreeObject = {}): TreeObject {
  return { entrypoint: "main", templates: [{ name: "main", ...template }], ...fields };
}

function templated(
  { metadata, spec }: WrittenPod,
  body: (containers: { main: TreeObject; others: Tree[] }) => TreeObject,
): TreeObject {
  const { containers, hostNetwork, ...fields } = spec;
  const [main, ...others] = Array.isArray(containers) ? containers : [];
  const ofWorkflow: TreeObject = hostNetwork === undefined ? {} : { hostNetwork };
  return workflow({ metadata, ...fields, ...body({ main: isTreeObject(main) ? main : {}, others }) }, ofWorkflow);
}

/** The pod as a patch of one that runs a container and says no more. */
function patching({ metadata, spec }: WrittenPod): TreeObject {
  const [main, ...others] = Array.isArray(spec.containers) ? spec.containers : [];
  const containers: Tree[] = [{ ...(isTreeObject(main) ? main : {}), name: "main" }, ...others];
  const podSpecPatch = stringify({ ...spec, containers });
  return workflow({ metadata, container: { image: "registry.example/main:1" }, podSpecPatch });
}
