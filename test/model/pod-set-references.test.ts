import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { containersOf, pathInContainer, pathInPodSet, podSetsOf, type PodSet } from "../../components/model/pod-sets";
import { UNKNOWN } from "../../components/model/unknown";
import type { Tree, TreeObject } from "../../components/model/tree";

function argo(kind: string, spec: Tree, metadata: TreeObject = {}): TreeObject {
  return { apiVersion: "argoproj.io/v1alpha1", kind, metadata, spec };
}

function workflow(spec: TreeObject, metadata: TreeObject = { namespace: "ml" }): TreeObject {
  return argo("Workflow", spec, metadata);
}

function library(name: string, spec: TreeObject, namespace = "ml"): TreeObject {
  return argo("WorkflowTemplate", spec, { name, namespace });
}

const pod = (name: string, fields: TreeObject = {}) => ({ name, container: { image: `${name}:1` }, ...fields });
const steps = (name: string, ...tree: TreeObject[]) => ({
  name,
  steps: [tree.map((step, index) => ({ name: `s${index}`, ...step }))],
});
const refer = (name: string, template: Tree = "run"): TreeObject => ({ templateRef: { name, template } });

type Found = [path: string, count: number | undefined];

function found(sets: PodSet[]): Found[] {
  return sets.map(({ path, count }) => [path, count]);
}

describe("a workflow that names a template for the whole of it", () => {
  const REF = "spec.workflowTemplateRef";
  const base = { entrypoint: "run", templates: [pod("run")] };

  it("has the pods of that template", () => {
    const own = workflow({ workflowTemplateRef: { name: "base" } });
    const [set, ...more] = podSetsOf(own, [library("base", { ...base, nodeSelector: { pool: "gpu" } })]);
    expect(more).toEqual([]);
    expect(set).toMatchObject({ path: `${REF}#spec.templates[0]`, role: "run", count: 1 });
    expect(set!.template.spec).toEqual({
      restartPolicy: "Never",
      nodeSelector: { pool: "gpu" },
      containers: [{ name: "main", image: "run:1" }],
    });
    expect(set!.completedBy).toBeUndefined();
    expect(pathInContainer(containersOf(set!)[0]!, "image")).toBe(`${REF}#spec.templates[0].container.image`);
    expect(pathInPodSet(set!, "spec.nodeSelector.pool")).toBe(`${REF}#spec.nodeSelector.pool`);
  });

  it("takes its own settings before those of the template", () => {
    const own = workflow({
      workflowTemplateRef: { name: "base" },
      entrypoint: "other",
      nodeSelector: { pool: "cpu" },
      tolerations: [{ key: "a", effect: "NoExecute" }],
      schedulerName: null,
      volumes: [{ name: "work" }],
      templates: [
        pod("other", { container: { image: "other:1", volumeMounts: [{ name: "work" }, { name: "data" }] } }),
      ],
    });
    const spec = {
      ...base,
      nodeSelector: { pool: "gpu", zone: "a" },
      tolerations: [{ key: "a", operator: "Exists" }, { key: "b" }],
      schedulerName: "fast",
      volumes: [{ name: "data" }],
    };
    const [set, ...unused] = podSetsOf(own, [library("base", spec)]);
    expect(unused).toEqual([]);
    expect(set).toMatchObject({ path: "spec.templates[0]", count: 1 });
    expect(set!.template.spec).toMatchObject({
      nodeSelector: { pool: "cpu", zone: "a" },
      tolerations: [{ key: "a", operator: "Exists", effect: "NoExecute" }, { key: "b" }],
      schedulerName: "fast",
      volumes: [{ name: "data" }, { name: "work" }],
    });
    const places = [
      ["spec.nodeSelector.pool", "spec.nodeSelector.pool"],
      ["spec.nodeSelector.zone", `${REF}#spec.nodeSelector.zone`],
      ["spec.tolerations[0].effect", "spec.tolerations[0].effect"],
      ["spec.tolerations[0].operator", `${REF}#spec.tolerations[0].operator`],
      ["spec.tolerations[1]", `${REF}#spec.tolerations[1]`],
      ["spec.schedulerName", `${REF}#spec.schedulerName`],
      ["spec.volumes[0]", `${REF}#spec.volumes[0]`],
      ["spec.volumes[1]", "spec.volumes[0]"],
    ];
    expect(places.map(([field]) => pathInPodSet(set!, field!))).toEqual(places.map(([, place]) => place));
  });

  it("changes templates of the same name, and says where each of their fields stands", () => {
    const templates = [pod("run", { nodeSelector: { pool: "cpu" } })];
    const own = workflow({ workflowTemplateRef: { name: "base" }, templates });
    const text = stringify({ containers: [{ name: "main", workingDir: "/work" }] });
    const run = { ...pod("run", { metadata: { labels: { a: "1" } } }), podSpecPatch: text };
    const [set] = podSetsOf(own, [library("base", { ...base, templates: [pod("first"), run] })]);
    expect(set!.path).toBe("spec.templates[0]");
    expect(pathInPodSet(set!, "spec.nodeSelector")).toBe("spec.templates[0].nodeSelector");
    expect(pathInContainer(containersOf(set!)[0]!, "workingDir")).toBe(
      `${REF}#spec.templates[1].podSpecPatch#containers[0].workingDir`,
    );
  });

  it("is found in the namespace of the workflow, or in the whole cluster where that is meant", () => {
    const others = [
      library("base", { ...base, templates: [pod("run", { container: { image: "other:1" } })] }, "other"),
      library("base", base),
      argo(
        "ClusterWorkflowTemplate",
        { ...base, templates: [pod("run", { container: { image: "cluster:1" } })] },
        { name: "base" },
      ),
    ];
    const image = (reference: TreeObject) =>
      podSetsOf(workflow({ workflowTemplateRef: reference }), others).flatMap(containersOf)[0]?.container.image;
    expect(image({ name: "base" })).toBe("run:1");
    expect(image({ name: "base", clusterScope: true })).toBe("cluster:1");
    expect(image({ name: "base", clusterScope: UNKNOWN })).toBeUndefined();
    expect(image({ name: UNKNOWN })).toBeUndefined();
  });

  it.each<[name: string, object: TreeObject, path: string]>([
    [
      "a CronWorkflow",
      argo("CronWorkflow", { workflowSpec: { workflowTemplateRef: { name: "base" } } }),
      "spec.workflowSpec",
    ],
    [
      "a recurring run",
      {
        apiVersion: "kubeflow.org/v1beta1",
        kind: "ScheduledWorkflow",
        metadata: { namespace: "ml" },
        spec: { workflow: { spec: stringify({ workflowTemplateRef: { name: "base" } }) } },
      },
      "spec.workflow.spec#",
    ],
  ])("may be %s", (_name, object, path) => {
    const others = [library("base", { ...base, templates: [pod("other")] }, "other"), library("base", base)];
    const at = path.endsWith("#") ? path : `${path}.`;
    expect(found(podSetsOf(object, others.slice(1)))).toEqual([[`${at}workflowTemplateRef#spec.templates[0]`, 1]]);
  });

  it("leaves open what it has where that template is not at hand", () => {
    const own = workflow({ workflowTemplateRef: { name: "base" }, entrypoint: "mine", templates: [pod("mine")] });
    expect(podSetsOf(own, [library("other", base)])).toMatchObject([
      { path: `${REF}#`, isUnknown: true, count: undefined, completedBy: REF },
      { path: "spec.templates[0]", count: 1 },
    ]);
    expect(podSetsOf(workflow({ workflowTemplateRef: null }))).toEqual([]);
    expect(podSetsOf(argo("Workflow", UNKNOWN))).toMatchObject([{ path: "spec.templates", isUnknown: true }]);
  });

  it("leaves open what variables fill in, wherever they stand", () => {
    const spec = { ...base, nodeSelector: { pool: "{{workflow.parameters.pool}}", zone: "{{x}}" } };
    const own = workflow({ workflowTemplateRef: { name: "base" }, nodeSelector: { pool: "gpu" } });
    const [set] = podSetsOf(own, [library("base", spec)]);
    expect(set!.template.spec.nodeSelector).toEqual({ pool: "gpu", zone: UNKNOWN });
  });

  it("has unknown pods where the templates are", () => {
    const own = workflow({ workflowTemplateRef: { name: "base" } });
    expect(podSetsOf(own, [library("base", { templates: UNKNOWN })])).toMatchObject([
      { path: `${REF}#spec.templates`, isUnknown: true },
    ]);
  });
});

describe("steps that name templates of other objects", () => {
  const AT = "spec.templates[0].steps[0][0].templateRef";

  function run(...main: TreeObject[]): TreeObject {
    return workflow({ entrypoint: "main", templates: [steps("main", ...main)] });
  }

  it("lead to these, and to no others of the object", () => {
    const others = [library("lib", { templates: [pod("unused"), pod("run"), pod("other")] })];
    expect(found(podSetsOf(run(refer("lib")), others))).toEqual([[`${AT}#spec.templates[1]`, 1]]);
  });

  it("are counted with all the rest of the workflow", () => {
    const others = [
      library("lib", { parallelism: 1, templates: [steps("run", { template: "pod", withItems: [1, 2] }), pod("pod")] }),
    ];
    const own = run({ ...refer("lib"), withItems: [1, 2, 3] }, refer("lib"));
    expect(found(podSetsOf(own, others))).toEqual([[`${AT}#spec.templates[1]`, 8]]);
    const limited = workflow({ ...(own.spec as TreeObject), parallelism: 5 });
    expect(found(podSetsOf(limited, others))).toEqual([[`${AT}#spec.templates[1]`, 5]]);
  });

  it("may be tasks of a DAG, of the whole cluster, inline or at events", () => {
    const templateRef = { name: "lib", template: "run", clusterScope: true };
    const spec = { templates: [pod("run")] };
    const others = [argo("ClusterWorkflowTemplate", spec, { name: "lib" }), library("lib", { templates: [] })];
    const paths = (fields: TreeObject) =>
      podSetsOf(workflow({ entrypoint: "main", ...fields }), others).map(({ path }) => path);
    const dag = { name: "main", dag: { tasks: [{ name: "a", templateRef }] } };
    const inline = steps("main", { inline: steps("", { templateRef }) });
    const hook = steps("main", { template: "none", hooks: { "on.exit": { templateRef } } });
    expect(paths({ templates: [dag] })).toEqual(["spec.templates[0].dag.tasks[0].templateRef#spec.templates[0]"]);
    expect(paths({ templates: [inline] })).toEqual([
      "spec.templates[0].steps[0][0].inline.steps[0][0].templateRef#spec.templates[0]",
    ]);
    expect(paths({ templates: [hook] })).toEqual([
      'spec.templates[0].steps[0][0].hooks["on.exit"].templateRef#spec.templates[0]',
    ]);
    expect(paths({ templates: [pod("main")], hooks: { exit: { templateRef } } })).toEqual([
      "spec.templates[0]",
      "spec.hooks.exit.templateRef#spec.templates[0]",
    ]);
  });

  it("have inline templates before those of others", () => {
    const own = run({ inline: pod("here"), ...refer("lib") });
    expect(found(podSetsOf(own, [library("lib", { templates: [pod("run")] })]))).toEqual([
      ["spec.templates[0].steps[0][0].inline", 1],
    ]);
  });

  it("mean templates of their own object by name, not those of the workflow", () => {
    const others = [
      library("lib", {
        templates: [steps("run", { template: "pod" }, { inline: pod("x") }, refer("deep")), pod("pod")],
      }),
      library("deep", {
        templates: [steps("run", { template: "pod" }), pod("pod", { container: { image: "deep:1" } })],
      }),
    ];
    const own = workflow({ entrypoint: "main", templates: [steps("main", refer("lib")), pod("pod")] });
    const sets = podSetsOf(own, others);
    expect(found(sets)).toEqual([
      ["spec.templates[1]", 0],
      [`${AT}#spec.templates[1]`, 1],
      [`${AT}#spec.templates[0].steps[0][1].inline`, 1],
      [`${AT}#spec.templates[0].steps[0][2].templateRef#spec.templates[1]`, 1],
    ]);
    expect(sets.map((set) => containersOf(set)[0]!.container.image)).toEqual(["pod:1", "pod:1", "x:1", "deep:1"]);
  });

  it("run with the settings of the workflow, and the labels of their object", () => {
    const spec = {
      podMetadata: { labels: { from: "object", object: "1" } },
      nodeSelector: { pool: "not" },
      tolerations: [{ key: "not" }],
      templateDefaults: { tolerations: [{ key: "not" }] },
      templates: [pod("run", { metadata: { labels: { from: "template", template: "1" } } })],
    };
    const own = workflow({
      ...(run(refer("lib")).spec as TreeObject),
      nodeSelector: { pool: "gpu" },
      podMetadata: { labels: { workflow: "1" } },
      templateDefaults: { container: { resources: { limits: { cpu: 1 } } } },
    });
    const [set] = podSetsOf(own, [library("lib", spec)]);
    expect(set!.template).toEqual({
      metadata: { labels: { from: "object", object: "1", template: "1", workflow: "1" } },
      spec: {
        restartPolicy: "Never",
        nodeSelector: { pool: "gpu" },
        containers: [{ name: "main", image: "run:1", resources: { limits: { cpu: 1 } } }],
      },
    });
    expect(pathInPodSet(set!, "spec.nodeSelector")).toBe("spec.nodeSelector");
  });

  it("take over where their pods run from the template that leads to them", () => {
    const others = [
      library("lib", {
        templates: [{ ...steps("run", { template: "pod" }), nodeSelector: { pool: "a" } }, pod("pod")],
      }),
    ];
    const [set] = podSetsOf(run(refer("lib")), others);
    expect(set!.template.spec.nodeSelector).toEqual({ pool: "a" });
    expect(pathInPodSet(set!, "spec.nodeSelector")).toBe(`${AT}#spec.templates[0].nodeSelector`);
  });

  it("create the pods of objects that those templates hold as text", () => {
    const job = { apiVersion: "batch/v1", kind: "Job", spec: { template: { spec: { containers: [{ name: "a" }] } } } };
    const resource = { action: "create", manifest: stringify(job) };
    const sets = podSetsOf(run(refer("lib")), [library("lib", { templates: [{ name: "run", resource }] })]);
    expect(found(sets)).toEqual([
      [`${AT}#spec.templates[0]`, 1],
      [`${AT}#spec.templates[0].resource.manifest#spec.template`, 1],
    ]);
  });

  it.each<[name: string, step: TreeObject, spec: TreeObject]>([
    ["the object is not at hand", refer("other"), {}],
    ["it has no such template", refer("lib", "none"), {}],
    ["the name of the template is not known", refer("lib", UNKNOWN), {}],
    ["the reference is not known", { templateRef: UNKNOWN }, {}],
    ["its templates are not known", refer("lib"), { templates: UNKNOWN }],
  ])("are unknown where %s", (_name, step, spec) => {
    const others = [library("lib", { templates: [pod("run")], ...spec })];
    expect(podSetsOf(run(step), others)).toMatchObject([
      { path: `${AT}#`, isUnknown: true, count: undefined, completedBy: AT },
    ]);
  });

  it("are none where no step leads to them", () => {
    const templates = [pod("main"), steps("unused", refer("lib"), refer("none"))];
    const own = workflow({ entrypoint: "main", templates });
    expect(found(podSetsOf(own, [library("lib", { templates: [pod("run")] })]))).toEqual([["spec.templates[0]", 1]]);
  });

  it("may be any of the object where the name is filled in later", () => {
    const others = [
      library("lib", { templates: [steps("run", { template: "{{inputs.parameters.x}}" }), pod("a"), pod("b")] }),
    ];
    expect(found(podSetsOf(run(refer("lib")), others))).toEqual([
      [`${AT}#spec.templates[1]`, undefined],
      [`${AT}#spec.templates[2]`, undefined],
    ]);
  });

  it("are unknown as a whole where the template is", () => {
    const others = [library("lib", { templates: [steps("run", { template: UNKNOWN }), UNKNOWN] })];
    expect(podSetsOf(run(refer("lib")), others)).toMatchObject([{ path: `${AT}#spec.templates[1]`, isUnknown: true }]);
  });

  it("lead back to where they were without an end", () => {
    const others = [
      library("a", { templates: [steps("run", refer("b"), { template: "pod" }), pod("pod")] }),
      library("b", { templates: [steps("run", refer("a"))] }),
    ];
    expect(found(podSetsOf(run(refer("a")), others))).toEqual([[`${AT}#spec.templates[1]`, undefined]]);
  });

  it("are followed through so many objects, and not further", () => {
    const chain = Array.from({ length: 12 }, (_, index) =>
      library(`l${index}`, { templates: [steps("run", refer(`l${index + 1}`), { template: "pod" }), pod("pod")] }),
    );
    const sets = podSetsOf(run(refer("l0")), chain);
    expect(sets).toHaveLength(11);
    expect(sets.filter(({ isUnknown }) => isUnknown)).toHaveLength(1);
  });

  it("are left to the workflows that run them in templates for workflows", () => {
    const spec = run(refer("lib"), { template: "own" }).spec as TreeObject;
    const object = library("base", { ...spec, templates: [...(spec.templates as Tree[]), pod("own")] });
    const others = [library("lib", { templates: [pod("run")] })];
    expect(found(podSetsOf(object, others))).toEqual([["spec.templates[1]", 0]]);
    expect(found(podSetsOf(object))).toEqual([["spec.templates[1]", 0]]);
  });
});

describe("an experiment whose trials are text in a ConfigMap", () => {
  const FIELD = "spec.trialTemplate.configMap";
  const job = {
    apiVersion: "batch/v1",
    kind: "Job",
    spec: { template: { spec: { containers: [{ name: "a", args: ["--lr=${trialParameters.lr}"] }] } } },
  };

  function experiment(reference: TreeObject = {}, template: TreeObject = {}): TreeObject {
    const configMap = {
      configMapName: "trials",
      configMapNamespace: "kubeflow",
      templatePath: "trial.yaml",
      ...reference,
    };
    const spec = { parallelTrialCount: 2, trialTemplate: { configMap, ...template } };
    return { apiVersion: "kubeflow.org/v1beta1", kind: "Experiment", spec };
  }

  function texts(data: Tree, namespace = "kubeflow"): TreeObject {
    return { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "trials", namespace }, data };
  }

  it("has the pods of that text, of which the first document counts", () => {
    const text = `${stringify(job)}---\n${stringify(job)}`;
    const [set, ...more] = podSetsOf(experiment(), [texts({}, "other"), texts({ "trial.yaml": text })]);
    expect(more).toEqual([]);
    expect(set).toMatchObject({ path: `${FIELD}#data["trial.yaml"]#spec.template`, count: 2 });
    expect(set!.completedBy).toBeUndefined();
    expect(containersOf(set!)[0]!.container.args).toEqual([UNKNOWN]);
  });

  it("leads to a plain key without brackets", () => {
    const others = [texts({ trial: stringify(job) })];
    expect(podSetsOf(experiment({ templatePath: "trial" }), others)).toMatchObject([
      { path: `${FIELD}#data.trial#spec.template` },
    ]);
  });

  it.each<[name: string, reference: TreeObject, others: Tree[]]>([
    ["is not at hand", {}, []],
    ["is in another namespace", {}, [texts({ "trial.yaml": stringify(job) }, "other")]],
    ["has no such text", {}, [texts({ other: stringify(job) })]],
    ["is not known yet", {}, [texts(UNKNOWN)]],
    [
      "is named by a value that is not known yet",
      { configMapName: UNKNOWN },
      [texts({ "trial.yaml": stringify(job) })],
    ],
    ["has it under a key that is not known yet", { templatePath: UNKNOWN }, [texts({ "trial.yaml": stringify(job) })]],
  ])("leaves open what it has where that %s", (_name, reference, others) => {
    expect(podSetsOf(experiment(reference), others)).toMatchObject([
      { path: `${FIELD}#`, isUnknown: true, completedBy: FIELD },
    ]);
  });

  it("has unknown pods where the text cannot be read", () => {
    expect(podSetsOf(experiment(), [texts({ "trial.yaml": "]" })])).toMatchObject([
      { path: `${FIELD}#data["trial.yaml"]#`, isUnknown: true },
    ]);
  });

  it("has those of the object where there is one too", () => {
    expect(podSetsOf(experiment({}, { trialSpec: job }), [])).toMatchObject([
      { path: "spec.trialTemplate.trialSpec.spec.template" },
    ]);
    expect(podSetsOf(experiment({}, { trialSpec: null }), [])).toMatchObject([{ path: `${FIELD}#` }]);
  });
});

describe("objects beside one that names them", () => {
  const base = library("base", { entrypoint: "run", templates: [pod("run")] });
  const own = workflow({ workflowTemplateRef: { name: "base" } });

  it("are seen when more come to the same list", () => {
    const others: Tree[] = [];
    expect(podSetsOf(own, others)[0]!.isUnknown).toBe(true);
    others.push(base);
    expect(podSetsOf(own, others)[0]!.isUnknown).toBeUndefined();
  });

  it("may be anything", () => {
    const others: Tree[] = [
      null,
      UNKNOWN,
      "text",
      [base],
      {},
      { kind: "WorkflowTemplate" },
      { ...base, metadata: UNKNOWN },
    ];
    expect(podSetsOf(own, others)[0]!.isUnknown).toBe(true);
    expect(podSetsOf(own, [...others, base])[0]!.isUnknown).toBeUndefined();
  });

  it("are the first of their name where nobody says in which namespace", () => {
    const anywhere = workflow({ workflowTemplateRef: { name: "base" } }, {});
    const other = library(
      "base",
      { entrypoint: "run", templates: [pod("run", { container: { image: "other:1" } })] },
      "other",
    );
    const image = (others: Tree[]) => podSetsOf(anywhere, others).flatMap(containersOf)[0]!.container.image;
    expect([image([base, other]), image([other, base])]).toEqual(["run:1", "other:1"]);
    const doubled: TreeObject = { ...base, spec: other.spec };
    expect([image([base, doubled]), image([doubled, base])]).toEqual(["run:1", "other:1"]);
  });

  it("are found among many", () => {
    const many = Array.from({ length: 1000 }, (_, index) => library(`base-${index}`, base.spec as TreeObject));
    const own = many.map((_, index) => workflow({ workflowTemplateRef: { name: `base-${index}` } }));
    expect(own.flatMap((object) => podSetsOf(object, many)).filter(({ isUnknown }) => isUnknown)).toEqual([]);
  });
});
