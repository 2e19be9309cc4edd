import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { containersOf, pathInContainer, pathInPodSet, podSetsOf } from "../../components/model/pod-sets";
import { UNKNOWN } from "../../components/model/unknown";
import type { Tree, TreeObject } from "../../components/model/tree";

const containers = [{ name: "main", image: "a:1" }];

function job(spec: TreeObject = {}): TreeObject {
  return { apiVersion: "batch/v1", kind: "Job", spec: { template: { spec: { containers } }, ...spec } };
}

const spark = {
  apiVersion: "sparkoperator.k8s.io/v1beta2",
  kind: "SparkApplication",
  spec: { driver: {}, executor: { instances: 3, tolerations: [] } },
};

/** A workflow whose only step creates an object from text. */
function creating(manifest: Tree, fields: TreeObject = {}, spec: TreeObject = {}): TreeObject {
  const create: TreeObject = { name: "create", resource: { action: "create", manifest, ...fields } };
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Workflow",
    spec: { entrypoint: "create", templates: [create], ...spec },
  };
}

/** Paths and counts of all pods that a workflow's text brings about, without the pod of its own. */
function created(object: TreeObject): [path: string, count: number | undefined][] {
  return podSetsOf(object)
    .slice(1)
    .map(({ path, count }) => [path, count]);
}

const MANIFEST = "spec.templates[0].resource.manifest";

describe("objects that a workflow creates from text", () => {
  it("are searched as what they are, with places behind a #", () => {
    const [own, driver, executor] = podSetsOf(creating(stringify(spark)));
    expect(own).toMatchObject({ path: "spec.templates[0]", count: 1 });
    expect(driver).toMatchObject({ path: `${MANIFEST}#spec.driver`, gang: `${MANIFEST}#spec`, count: 1 });
    expect(executor).toMatchObject({ path: `${MANIFEST}#spec.executor`, gang: `${MANIFEST}#spec`, count: 3 });
    expect(pathInPodSet(executor!, "spec.tolerations")).toBe(`${MANIFEST}#spec.executor.tolerations`);
    expect(pathInContainer(containersOf(executor!)[0]!, "image")).toBe(`${MANIFEST}#spec.executor.image`);
  });

  it("may be JSON, or several documents", () => {
    expect(created(creating(JSON.stringify(job())))).toEqual([[`${MANIFEST}#spec.template`, 1]]);
    const both = `${stringify(job())}---\n${stringify({ apiVersion: "v1", kind: "Pod", spec: { containers } })}`;
    expect(created(creating(both))).toEqual([
      [`${MANIFEST}#[0].spec.template`, 1],
      [`${MANIFEST}#[1]`, 1],
    ]);
  });

  it("are there as often as the step runs at once", () => {
    const steps = [[{ name: "s", template: "create", withItems: [1, 2] }]];
    const object = creating(stringify(job({ parallelism: 4 })));
    const spec = object.spec as { templates: Tree[] };
    const looped = { ...object, spec: { entrypoint: "main", templates: [...spec.templates, { name: "main", steps }] } };
    expect(created(looped)).toEqual([[`${MANIFEST}#spec.template`, 8]]);
  });

  it("leave open what variables of Argo fill in", () => {
    const text = [
      "apiVersion: batch/v1",
      "kind: Job",
      "metadata: {generateName: {{workflow.name}}-}",
      "spec:",
      "  parallelism: {{inputs.parameters.workers}}",
      "  template:",
      "    spec:",
      "      tolerations: {{=toJson(inputs.parameters.tolerations)}}",
      "      containers: [{name: main, image: registry/{{inputs.parameters.image}}:1}]",
    ].join("\n");
    const [, set] = podSetsOf(creating(text));
    expect(set).toMatchObject({ count: undefined, template: { spec: { tolerations: UNKNOWN } } });
    expect(containersOf(set!)[0]!.container).toEqual({ name: "main", image: UNKNOWN });
  });

  it.each<[name: string, manifest: Tree, path: string]>([
    ["is not known yet", UNKNOWN, MANIFEST],
    ["is all a variable", "{{inputs.parameters.manifest}}", `${MANIFEST}#`],
    ["is no YAML before its variables are filled in", "{{a}}: [{{b}}\n{{c}}", `${MANIFEST}#`],
  ])("are unknown where the text %s", (_name, manifest, path) => {
    expect(podSetsOf(creating(manifest))[1]).toMatchObject({ path, count: undefined, isUnknown: true });
  });

  it.each<[name: string, manifest: Tree, fields: TreeObject]>([
    ["has none with pods", stringify({ apiVersion: "v1", kind: "ConfigMap" }), {}],
    ["is empty", " \n", {}],
    ["is of an object that is removed", stringify(job()), { action: "delete" }],
    ["is of an object that is only read", stringify(job()), { action: "get" }],
  ])("are none where the text %s", (_name, manifest, fields) => {
    expect(created(creating(manifest, fields))).toEqual([]);
  });

  it("may themselves create objects from text, within reason", () => {
    const nest = (levels: number): TreeObject => (levels === 0 ? job() : creating(stringify(nest(levels - 1))));
    const three = podSetsOf(nest(3));
    expect(three.map(({ path }) => path).at(-1)).toBe(`${MANIFEST}#${MANIFEST}#${MANIFEST}#spec.template`);
    expect(podSetsOf(nest(12)).filter(({ path }) => path.endsWith("spec.template"))).toEqual([]);
  });

  it("are read however often their text refers to itself", () => {
    const text = "apiVersion: example.com/v1\nkind: Thing\nspec: &a {x: *a, y: *a, z: [*a, *a]}";
    expect(created(creating(text))).toEqual([]);
  });
});

describe("experiments of Katib", () => {
  function experiment(trialSpec: Tree, spec: TreeObject = {}): TreeObject {
    return { apiVersion: "kubeflow.org/v1beta1", kind: "Experiment", spec: { trialTemplate: { trialSpec }, ...spec } };
  }

  const TRIAL = "spec.trialTemplate.trialSpec";

  it.each<[name: string, spec: TreeObject, count: number | undefined]>([
    ["three by default", {}, 3],
    ["as many as it says", { parallelTrialCount: 5 }, 5],
    ["no more than there are", { parallelTrialCount: 5, maxTrialCount: 2 }, 2],
    ["an unknown number", { parallelTrialCount: UNKNOWN }, undefined],
  ])("have the pods of trials at once: %s", (_name, spec, count) => {
    expect(podSetsOf(experiment(job(), spec))).toMatchObject([{ path: `${TRIAL}.spec.template`, count }]);
  });

  it("have those of any kind of trial, of which each needs what it needs", () => {
    const tfReplicaSpecs = { Worker: { replicas: 4, template: { spec: { containers } } } };
    const tfJob = { apiVersion: "kubeflow.org/v1", kind: "TFJob", spec: { tfReplicaSpecs } };
    expect(podSetsOf(experiment(tfJob))).toMatchObject([
      { path: `${TRIAL}.spec.tfReplicaSpecs.Worker.template`, count: 12, minCount: 4, gang: `${TRIAL}.spec` },
    ]);
    const workflow = creating(stringify(job()));
    expect(podSetsOf(experiment(workflow, { parallelTrialCount: 2 })).map(({ path, count }) => [path, count])).toEqual([
      [`${TRIAL}.spec.templates[0]`, 2],
      [`${TRIAL}.${MANIFEST}#spec.template`, 2],
    ]);
  });

  it("leave open what parameters fill in, and not what is the shell's", () => {
    const args = ["--lr=${trialParameters.learningRate}", "--home=${HOME}"];
    const trial = job({
      parallelism: "${trialParameters.workers}",
      template: { spec: { containers: [{ name: "main", args }] } },
    });
    const [set] = podSetsOf(experiment(trial));
    expect(set!.count).toBeUndefined();
    expect(containersOf(set!)[0]!.container.args).toEqual([UNKNOWN, "--home=${HOME}"]);
  });

  it("are unknown where the trial is, and have none where there is none", () => {
    expect(podSetsOf(experiment(UNKNOWN))).toMatchObject([{ path: TRIAL, isUnknown: true }]);
    expect(podSetsOf(experiment(undefined))).toEqual([]);
  });

  it("become trials with pods of their own", () => {
    const trial = { apiVersion: "kubeflow.org/v1beta1", kind: "Trial", spec: { runSpec: job({ parallelism: 2 }) } };
    expect(podSetsOf(trial)).toMatchObject([{ path: "spec.runSpec.spec.template", count: 2 }]);
  });
});

describe("versions of pipelines", () => {
  it("have a pod for each step, which runs with a run only", () => {
    const resources = {
      resourceCpuLimit: "2",
      resourceMemoryRequest: "4G",
      accelerator: { resourceType: "nvidia.com/gpu", resourceCount: "1" },
    };
    const executors = {
      "exec-train": { container: { image: "a:1", command: ["python"], resources } },
      "exec-import": { importer: {} },
    };
    const platform = { "exec-train": { nodeSelector: { labels: { pool: "gpu" } }, tolerations: [{ key: "a" }] } };
    const spec = {
      pipelineSpec: { deploymentSpec: { executors } },
      platformSpec: { platforms: { kubernetes: { deploymentSpec: { executors: platform } } } },
    };
    const sets = podSetsOf({ apiVersion: "pipelines.kubeflow.org/v2beta1", kind: "PipelineVersion", spec });
    expect(sets).toMatchObject([
      {
        path: "spec.pipelineSpec.deploymentSpec.executors.exec-train",
        role: "exec-train",
        count: 0,
        template: { spec: { nodeSelector: { pool: "gpu" }, tolerations: [{ key: "a" }] } },
      },
    ]);
    expect(containersOf(sets[0]!)).toEqual([
      {
        path: "spec.pipelineSpec.deploymentSpec.executors.exec-train.container",
        container: {
          name: "main",
          image: "a:1",
          command: ["python"],
          resources: { requests: { memory: "4G" }, limits: { cpu: "2", "nvidia.com/gpu": "1" } },
        },
      },
    ]);
    expect(pathInPodSet(sets[0]!, "spec.nodeSelector.pool")).toBe(
      "spec.platformSpec.platforms.kubernetes.deploymentSpec.executors.exec-train.nodeSelector.labels.pool",
    );
  });
});
