import { describe, expect, it } from "vitest";
import { referenceResolution } from "../../../../policies/gpu-ml/stack/reference-resolution";
import { UNKNOWN_STRING, type TestResource } from "../../analyzer";
import {
  clusterQueue,
  container,
  localQueue,
  object,
  pod,
  pyTorchJob,
  queued,
  quota,
  release,
  said,
  undecidedAt,
  variableAt,
} from "./resources";

const CLUSTER = { namespace: undefined };
const SA = object("v1", "ServiceAccount", "trainer");
const secret = object("v1", "Secret", "token");
const config = object("v1", "ConfigMap", "settings");
const claim = object("v1", "PersistentVolumeClaim", "runs", { spec: {} });

function podWith(main: object, spec: object = {}): TestResource {
  return pod(1, { containers: [{ ...container(), ...main }], ...spec });
}

function refusal(title: string, path: string, name: string, kinds: string, namespace = " in namespace ml"): string {
  return (
    `advisory [ML-14] ${title}: ${path} is "${name}", of which the stack declares no ${kinds}; ` +
    `allowed: the name of one that it declares${namespace}. Correct the name, or declare the object.`
  );
}

function workflow(spec: object, kind = "Workflow"): TestResource {
  return object("argoproj.io/v1alpha1", kind, "flow", { spec: { entrypoint: "main", ...spec } });
}

/** Each reference: an object of the kind that is named, what names it, where, what kinds it may be, where these are. */
const REFERENCES: [string, TestResource, TestResource, string, string, string?][] = [
  [
    "the queue of a job",
    localQueue("right", "right"),
    pyTorchJob(1, 1, {}, queued("wrong")),
    'metadata.labels["kueue.x-k8s.io/queue-name"]',
    "LocalQueue",
  ],
  [
    "the target of a queue",
    clusterQueue("right", [], {}),
    localQueue("a", "wrong"),
    "spec.clusterQueue",
    "ClusterQueue",
    "",
  ],
  [
    "the flavor of a queue",
    object("kueue.x-k8s.io/v1beta2", "ResourceFlavor", "right", {}, CLUSTER),
    clusterQueue("a", [quota("cpu", 1)], {}, "wrong"),
    "spec.resourceGroups[0].flavors[0].name",
    "ResourceFlavor",
    "",
  ],
  [
    "the priority in a queue",
    object("kueue.x-k8s.io/v1beta2", "WorkloadPriorityClass", "right", {}, CLUSTER),
    pyTorchJob(1, 1, {}, { labels: { "kueue.x-k8s.io/priority-class": "wrong" } }),
    'metadata.labels["kueue.x-k8s.io/priority-class"]',
    "WorkloadPriorityClass",
    "",
  ],
  [
    "the class of a claim",
    object("storage.k8s.io/v1", "StorageClass", "right", {}, CLUSTER),
    object("v1", "PersistentVolumeClaim", "a", { spec: { storageClassName: "wrong" } }),
    "spec.storageClassName",
    "StorageClass",
    "",
  ],
  [
    "the runtime of a model",
    object("serving.kserve.io/v1alpha1", "ServingRuntime", "right"),
    object("serving.kserve.io/v1beta1", "InferenceService", "a", {
      spec: { predictor: { model: { runtime: "wrong" } } },
    }),
    "spec.predictor.model.runtime",
    "ServingRuntime or ClusterServingRuntime",
  ],
  [
    "the runtime of a model for all namespaces",
    object("serving.kserve.io/v1alpha1", "ClusterServingRuntime", "right", {}, CLUSTER),
    object("serving.kserve.io/v1beta1", "InferenceService", "a", {
      spec: { predictor: { model: { runtime: "wrong" } } },
    }),
    "spec.predictor.model.runtime",
    "ServingRuntime or ClusterServingRuntime",
    "",
  ],
  [
    "the runtime of a TrainJob",
    object("trainer.kubeflow.org/v1alpha1", "ClusterTrainingRuntime", "right", {}, CLUSTER),
    object("trainer.kubeflow.org/v1alpha1", "TrainJob", "a", { spec: { runtimeRef: { name: "wrong" } } }),
    "spec.runtimeRef.name",
    "ClusterTrainingRuntime",
    "",
  ],
  [
    "a runtime of the namespace",
    object("trainer.kubeflow.org/v1alpha1", "TrainingRuntime", "right"),
    object("trainer.kubeflow.org/v1alpha1", "TrainJob", "a", {
      spec: { runtimeRef: { name: "wrong", kind: "TrainingRuntime" } },
    }),
    "spec.runtimeRef.name",
    "TrainingRuntime",
  ],
  [
    "the template of a workflow",
    object("argoproj.io/v1alpha1", "WorkflowTemplate", "right"),
    workflow({ workflowTemplateRef: { name: "wrong" } }),
    "spec.workflowTemplateRef.name",
    "WorkflowTemplate",
  ],
  [
    "a template for all namespaces",
    object("argoproj.io/v1alpha1", "ClusterWorkflowTemplate", "right", {}, CLUSTER),
    workflow({ workflowTemplateRef: { name: "wrong", clusterScope: true } }),
    "spec.workflowTemplateRef.name",
    "ClusterWorkflowTemplate",
    "",
  ],
  [
    "the template of a cron workflow",
    object("argoproj.io/v1alpha1", "WorkflowTemplate", "right"),
    object("argoproj.io/v1alpha1", "CronWorkflow", "a", {
      spec: { workflowSpec: { workflowTemplateRef: { name: "wrong" } } },
    }),
    "spec.workflowSpec.workflowTemplateRef.name",
    "WorkflowTemplate",
  ],
  [
    "the template of a task",
    object("argoproj.io/v1alpha1", "WorkflowTemplate", "right"),
    workflow({ templates: [{ name: "main", dag: { tasks: [{ templateRef: { name: "wrong" } }] } }] }),
    "spec.templates[0].dag.tasks[0].templateRef.name",
    "WorkflowTemplate",
  ],
  [
    "the template of a step",
    object("argoproj.io/v1alpha1", "WorkflowTemplate", "right"),
    workflow(
      { templates: [{ name: "main", steps: [[], [{ templateRef: { name: "wrong" } }]] }] },
      "ClusterWorkflowTemplate",
    ),
    "spec.templates[0].steps[1][0].templateRef.name",
    "WorkflowTemplate",
  ],
  [
    "a service account",
    object("v1", "ServiceAccount", "right"),
    podWith({}, { serviceAccountName: "wrong" }),
    "spec.serviceAccountName",
    "ServiceAccount",
  ],
  [
    "a priority",
    object("scheduling.k8s.io/v1", "PriorityClass", "right", {}, CLUSTER),
    podWith({}, { priorityClassName: "wrong" }),
    "spec.priorityClassName",
    "PriorityClass",
    "",
  ],
  [
    "a secret for images",
    object("v1", "Secret", "right"),
    podWith({}, { imagePullSecrets: [{ name: "wrong" }] }),
    "spec.imagePullSecrets[0].name",
    "Secret",
  ],
  [
    "a claim",
    object("v1", "PersistentVolumeClaim", "right", {}),
    podWith({}, { volumes: [{ persistentVolumeClaim: { claimName: "wrong" } }] }),
    "spec.volumes[0].persistentVolumeClaim.claimName",
    "PersistentVolumeClaim",
  ],
  [
    "a volume of a secret",
    object("v1", "Secret", "right"),
    podWith({}, { volumes: [{ secret: { secretName: "wrong" } }] }),
    "spec.volumes[0].secret.secretName",
    "Secret",
  ],
  [
    "a volume of settings",
    object("v1", "ConfigMap", "right"),
    podWith({}, { volumes: [{ configMap: { name: "wrong" } }] }),
    "spec.volumes[0].configMap.name",
    "ConfigMap",
  ],
  [
    "a variable of a secret",
    object("v1", "Secret", "right"),
    podWith({ env: [{ name: "a", valueFrom: { secretKeyRef: { name: "wrong" } } }] }),
    "spec.containers[0].env[0].valueFrom.secretKeyRef.name",
    "Secret",
  ],
  [
    "a variable of settings",
    object("v1", "ConfigMap", "right"),
    podWith({ env: [{ name: "a", valueFrom: { configMapKeyRef: { name: "wrong" } } }] }),
    "spec.containers[0].env[0].valueFrom.configMapKeyRef.name",
    "ConfigMap",
  ],
  [
    "all variables of a secret",
    object("v1", "Secret", "right"),
    podWith({ envFrom: [{ secretRef: { name: "wrong" } }] }),
    "spec.containers[0].envFrom[0].secretRef.name",
    "Secret",
  ],
  [
    "all variables of settings",
    object("v1", "ConfigMap", "right"),
    podWith({ envFrom: [{ configMapRef: { name: "wrong" } }] }),
    "spec.containers[0].envFrom[0].configMapRef.name",
    "ConfigMap",
  ],
];

/** The same resource with every text `wrong` replaced. */
function naming(resource: TestResource, name: string): TestResource {
  return {
    ...resource,
    props: JSON.parse(JSON.stringify(resource.props).replaceAll('"wrong"', JSON.stringify(name))) as object,
  };
}

describe("ML-14 references", () => {
  describe.each(REFERENCES)("%s", (_case, target, user, path, kinds, namespace) => {
    const { metadata, kind } = user.props as { metadata: { name: string }; kind: string };
    const title = `${kind} ml/${metadata.name}`;

    it("is missed where another object of the kind is declared", () => {
      expect(said(referenceResolution, [target, user])).toEqual([refusal(title, path, "wrong", kinds, namespace)]);
    });

    it("is there by its name", () => {
      expect(said(referenceResolution, [target, naming(user, "right")])).toEqual([]);
    });

    it("may be anything where no such object is declared", () => {
      expect(said(referenceResolution, [user])).toEqual([]);
    });

    it("cannot be found before its name is known", () => {
      expect(said(referenceResolution, [target, naming(user, UNKNOWN_STRING)])).toEqual([
        undecidedAt(referenceResolution, title, path),
      ]);
      const unnamed = { ...target, props: { ...target.props, metadata: { namespace: "ml" } } };
      expect(said(referenceResolution, [unnamed, user])).toEqual([undecidedAt(referenceResolution, title, path)]);
    });
  });

  it.each<[string, TestResource[]]>([
    [
      "an object of another namespace only",
      [object("v1", "Secret", "a", {}, { namespace: "other" }), podWith({ envFrom: [{ secretRef: { name: "b" } }] })],
    ],
    [
      "a namespace that a Helm release fills",
      [secret, release("any", {}, { namespace: "ml" }), podWith({ envFrom: [{ secretRef: { name: "b" } }] })],
    ],
    [
      "an optional secret",
      [
        secret,
        podWith(
          { envFrom: [{ secretRef: { name: "b", optional: true } }] },
          { volumes: [{ secret: { secretName: "b", optional: true } }] },
        ),
      ],
    ],
    [
      "the secret of a certificate",
      [
        secret,
        object("cert-manager.io/v1", "Certificate", "b", { spec: { secretName: "tls" } }),
        podWith({ envFrom: [{ secretRef: { name: "tls" } }] }),
      ],
    ],
    [
      "the secret of an external one",
      [
        secret,
        object("external-secrets.io/v1", "ExternalSecret", "b", { spec: {} }),
        podWith({ envFrom: [{ secretRef: { name: "b" } }] }),
      ],
    ],
    [
      "a sealed secret",
      [
        secret,
        object("bitnami.com/v1alpha1", "SealedSecret", "b", {}),
        podWith({ envFrom: [{ secretRef: { name: "b" } }] }),
      ],
    ],
    [
      "what a bucket claim makes",
      [
        secret,
        config,
        object("objectbucket.io/v1alpha1", "ObjectBucketClaim", "b", {}),
        podWith({ envFrom: [{ secretRef: { name: "b" } }, { configMapRef: { name: "b" } }] }),
      ],
    ],
    ["an empty name", [secret, podWith({ envFrom: [{ secretRef: { name: "" } }] })]],
    ["a name that is none", [secret, podWith({ envFrom: [{ secretRef: { name: 4 } }] })]],
    [
      "the runtime of either kind",
      [
        object("serving.kserve.io/v1alpha1", "ServingRuntime", "a"),
        object("serving.kserve.io/v1alpha1", "ClusterServingRuntime", "b", {}, CLUSTER),
        object("serving.kserve.io/v1beta1", "InferenceService", "a", {
          spec: { predictor: { model: { runtime: "b" } } },
        }),
      ],
    ],
    [
      "the service account that a runtime gives",
      [SA, object("trainer.kubeflow.org/v1alpha1", "TrainJob", "a", { spec: { runtimeRef: { name: "x" } } })],
    ],
    ["a claim that stands for none", [claim, podWith({}, { volumes: [{ emptyDir: {} }] })]],
    [
      "the default namespace, where none is named",
      [
        object("v1", "Secret", "a", {}, CLUSTER),
        {
          ...podWith({ envFrom: [{ secretRef: { name: "a" } }] }),
          props: object(
            "v1",
            "Pod",
            "chat",
            { spec: { containers: [{ envFrom: [{ secretRef: { name: "a" } }] }] } },
            { namespace: "default" },
          ).props,
        },
      ],
    ],
  ])("accepts %s", (_case, resources) => {
    expect(said(referenceResolution, resources)).toEqual([]);
  });

  it.each(["default", "default-editor", "default-viewer"])("knows the service account %s", (serviceAccountName) => {
    expect(said(referenceResolution, [SA, podWith({}, { serviceAccountName })])).toEqual([]);
  });

  it.each(["system-cluster-critical", "system-node-critical"])("knows the priority %s", (priorityClassName) => {
    expect(
      said(referenceResolution, [
        object("scheduling.k8s.io/v1", "PriorityClass", "a", {}, CLUSTER),
        podWith({}, { priorityClassName }),
      ]),
    ).toEqual([]);
  });

  it.each(["kube-root-ca.crt", "openshift-service-ca.crt", "istio-ca-root-cert"])("knows the settings %s", (name) => {
    expect(said(referenceResolution, [config, podWith({ envFrom: [{ configMapRef: { name } }] })])).toEqual([]);
  });

  it.each(["gp2", "gp3", "standard", "auto-ebs-sc"])("knows the storage class %s", (storageClassName) => {
    const user = object("v1", "PersistentVolumeClaim", "a", { spec: { storageClassName } });
    expect(said(referenceResolution, [object("storage.k8s.io/v1", "StorageClass", "a", {}, CLUSTER), user])).toEqual(
      [],
    );
  });

  it("reads the templates of a template", () => {
    expect(said(referenceResolution, [workflow({ workflowTemplateRef: { name: "b" } }, "WorkflowTemplate")])).toEqual([
      refusal("WorkflowTemplate ml/flow", "spec.workflowTemplateRef.name", "b", "WorkflowTemplate"),
    ]);
  });

  it("is told what exists outside the stack", () => {
    const outside = { stack: { rules: { "ML-14": { outside: ["Secret/b"] } } } };
    const user = podWith({ envFrom: [{ secretRef: { name: "b" } }, { configMapRef: { name: "b" } }] });

    expect(said(referenceResolution, [secret, config, user], outside)).toEqual([
      refusal("Pod ml/chat", "spec.containers[0].envFrom[1].configMapRef.name", "b", "ConfigMap"),
    ]);
  });

  it("is told of an object that may be of either kind", () => {
    const trainJob = object("trainer.kubeflow.org/v1alpha1", "TrainJob", "a", {
      spec: { runtimeRef: { name: "b", kind: UNKNOWN_STRING } },
    });
    const runtime = object("trainer.kubeflow.org/v1alpha1", "TrainingRuntime", "c");
    const outside = { stack: { rules: { "ML-14": { outside: ["ClusterTrainingRuntime/b"] } } } };

    expect(said(referenceResolution, [runtime, trainJob], outside)).toEqual([]);
  });

  it("says once what many templates of a workflow take from it", () => {
    const templates = ["a", "b"].map((name) => ({ name, container: { image: "registry.example/a:1" } }));

    expect(said(referenceResolution, [SA, workflow({ serviceAccountName: "b", templates })])).toEqual([
      refusal("Workflow ml/flow", "spec.serviceAccountName", "b", "ServiceAccount"),
    ]);
  });

  it("misses objects beside a release into another namespace", () => {
    expect(
      said(referenceResolution, [secret, release("any"), podWith({ envFrom: [{ secretRef: { name: "b" } }] })]),
    ).toHaveLength(1);
  });

  it.each<[string, TestResource[], string, string]>([
    [
      "the scope of a template",
      [
        object("argoproj.io/v1alpha1", "WorkflowTemplate", "a"),
        object("argoproj.io/v1alpha1", "ClusterWorkflowTemplate", "b", {}, { ...CLUSTER, name: UNKNOWN_STRING }),
        workflow({ workflowTemplateRef: { name: "c", clusterScope: UNKNOWN_STRING } }),
      ],
      "Workflow ml/flow",
      "spec.workflowTemplateRef.name",
    ],
    [
      "the namespace of what is named",
      [
        object("v1", "Secret", "b", {}, { namespace: UNKNOWN_STRING }),
        podWith({ envFrom: [{ secretRef: { name: "b" } }] }),
      ],
      "Pod ml/chat",
      "spec.containers[0].envFrom[0].secretRef.name",
    ],
    [
      "the namespace of what names",
      [
        object("v1", "Secret", "b"),
        object(
          "v1",
          "Pod",
          "chat",
          { spec: { containers: [{ envFrom: [{ secretRef: { name: "b" } }] }] } },
          { namespace: UNKNOWN_STRING },
        ),
      ],
      "Pod chat",
      "spec.containers[0].envFrom[0].secretRef.name",
    ],
  ])("cannot decide without knowing %s", (_case, resources, title, path) => {
    expect(said(referenceResolution, resources)).toEqual([undecidedAt(referenceResolution, title, path)]);
  });

  it("tells what no policy will ever see", () => {
    const template = object("argoproj.io/v1alpha1", "WorkflowTemplate", "a");
    const flow = workflow({ workflowTemplateRef: { name: "{{workflow.parameters.a}}" } });

    expect(said(referenceResolution, [template, flow])).toEqual([
      variableAt(referenceResolution, "Workflow ml/flow", "spec.workflowTemplateRef.name"),
    ]);
  });

  it("finds both kinds of a runtime whose kind is not known yet", () => {
    const trainJob = object("trainer.kubeflow.org/v1alpha1", "TrainJob", "a", {
      spec: { runtimeRef: { name: "b", kind: UNKNOWN_STRING } },
    });

    expect(
      said(referenceResolution, [object("trainer.kubeflow.org/v1alpha1", "TrainingRuntime", "b"), trainJob]),
    ).toEqual([]);
    expect(
      said(referenceResolution, [object("trainer.kubeflow.org/v1alpha1", "TrainingRuntime", "c"), trainJob]),
    ).toEqual([refusal("TrainJob ml/a", "spec.runtimeRef.name", "b", "TrainingRuntime or ClusterTrainingRuntime")]);
  });
});
