import { describe, expect, it } from "vitest";
import { containersOf, pathInContainer, pathInPodSet, podSetsOf, type PodSet } from "../../components/model/pod-sets";
import { UNKNOWN } from "../../components/model/unknown";
import type { Tree, TreeObject } from "../../components/model/tree";

function workflow(spec: TreeObject): TreeObject {
  return { apiVersion: "argoproj.io/v1alpha1", kind: "Workflow", spec };
}

/** The one pod set of a workflow of one template. */
function podOf(template: TreeObject, spec: TreeObject = {}): PodSet {
  const sets = podSetsOf(workflow({ entrypoint: "main", templates: [{ name: "main", ...template }], ...spec }));
  expect(sets).toHaveLength(1);
  return sets[0]!;
}

function containerPaths(podSet: PodSet): Tree[][] {
  return containersOf(podSet).map(({ path, container }) => [container.name, path]);
}

describe("pods of a workflow's template", () => {
  it("have the container of the template under the name that Argo gives it", () => {
    const set = podOf({ container: { image: "a:1", name: "given" } });
    expect(set).toMatchObject({ path: "spec.templates[0]", role: "main", count: 1, minCount: 1 });
    expect(set.template.spec).toEqual({ restartPolicy: "Never", containers: [{ name: "main", image: "a:1" }] });
    expect(containerPaths(set)).toEqual([["main", "spec.templates[0].container"]]);
  });

  it("have that of a script, without its source", () => {
    const set = podOf({ script: { image: "python:3", source: "print(1)" } });
    expect(containersOf(set)).toEqual([
      { path: "spec.templates[0].script", container: { name: "main", image: "python:3" } },
    ]);
  });

  it("have all containers of a set, with the mounts of the set", () => {
    const mount = { name: "work", mountPath: "/work" };
    const set = podOf({ containerSet: { volumeMounts: [mount], containers: [{ name: "a" }, { name: "b" }] } });
    expect(containersOf(set)).toEqual(
      ["a", "b"].map((name, index) => ({
        path: `spec.templates[0].containerSet.containers[${index}]`,
        container: { name, volumeMounts: [mount] },
      })),
    );
  });

  it("have init containers and sidecars beside it", () => {
    const set = podOf({ container: {}, initContainers: [{ name: "fetch" }], sidecars: [{ name: "proxy" }] });
    expect(containerPaths(set)).toEqual([
      ["fetch", "spec.templates[0].initContainers[0]"],
      ["main", "spec.templates[0].container"],
      ["proxy", "spec.templates[0].sidecars[0]"],
    ]);
  });

  it.each(["resource", "data"])("have containers of Argo alone in a template of type %s", (type) => {
    const set = podOf({ [type]: {}, tolerations: [{ key: "a" }] });
    expect(set.template.spec).toEqual({ restartPolicy: "Never", tolerations: [{ key: "a" }], containers: [] });
  });

  it.each(["suspend", "http", "plugin"])("are none in a template of type %s", (type) => {
    expect(podSetsOf(workflow({ entrypoint: "a", templates: [{ name: "a", [type]: {} }] }))).toEqual([]);
  });

  it("run where the template says, else where the workflow says", () => {
    const spec = {
      nodeSelector: { pool: "cpu" },
      tolerations: [{ key: "workflow" }],
      serviceAccountName: "runner",
      podPriorityClassName: "low",
      securityContext: { runAsNonRoot: true },
      hostNetwork: true,
    };
    const set = podOf({ container: {}, tolerations: [{ key: "template" }], nodeSelector: {} }, spec);
    expect(set.template.spec).toMatchObject({
      nodeSelector: { pool: "cpu" },
      tolerations: [{ key: "template" }],
      serviceAccountName: "runner",
      priorityClassName: "low",
      securityContext: { runAsNonRoot: true },
      hostNetwork: true,
    });
    const fields = ["nodeSelector", "tolerations[0].key", "priorityClassName", "hostNetwork", "affinity"];
    expect(fields.map((field) => pathInPodSet(set, `spec.${field}`))).toEqual([
      "spec.nodeSelector",
      "spec.templates[0].tolerations[0].key",
      "spec.podPriorityClassName",
      "spec.hostNetwork",
      "spec.templates[0].affinity",
    ]);
  });

  it("run where the steps that lead to them say, in a set for each such place", () => {
    const task = { name: "a", container: {} };
    const steps = (pool: string) => ({ nodeSelector: { pool }, steps: [[{ name: "s", template: "a" }]] });
    const main = { name: "main", steps: [[{ template: "x" }, { template: "y" }, { template: "y" }]] };
    const templates = [main, { name: "x", ...steps("one") }, { name: "y", ...steps("two") }, task];
    const sets = podSetsOf(workflow({ entrypoint: "main", templates, nodeSelector: { pool: "any" } }));
    expect(sets.map(({ path, count, template }) => [path, count, template.spec.nodeSelector])).toEqual([
      ["spec.templates[3]", 1, { pool: "one" }],
      ["spec.templates[3]", 2, { pool: "two" }],
    ]);
    expect(pathInPodSet(sets[1]!, "spec.nodeSelector.pool")).toBe("spec.templates[2].nodeSelector.pool");
  });

  it("have labels and annotations of the workflow and of the template", () => {
    const set = podOf(
      { container: {}, metadata: { labels: { a: "template" }, annotations: { x: "1" } } },
      { podMetadata: { labels: { a: "workflow", b: "2" } } },
    );
    expect(set.template.metadata).toEqual({ labels: { a: "template", b: "2" }, annotations: { x: "1" } });
    expect(pathInPodSet(set, "metadata.labels.a")).toBe("spec.templates[0].metadata.labels.a");
  });

  it("have the volumes of the template, and those of the workflow that they mount", () => {
    const container = { volumeMounts: ["own", "shared", "claim"].map((name) => ({ name, mountPath: `/${name}` })) };
    const set = podOf(
      { container, volumes: [{ name: "own" }] },
      {
        volumes: [{ name: "other" }, { name: "shared", emptyDir: {} }],
        volumeClaimTemplates: [{ metadata: { name: "claim" } }],
      },
    );
    expect(set.template.spec.volumes).toEqual([
      { name: "own" },
      { name: "shared", emptyDir: {} },
      { name: "claim", persistentVolumeClaim: { claimName: UNKNOWN } },
    ]);
    expect([0, 1, 2].map((index) => pathInPodSet(set, `spec.volumes[${index}].name`))).toEqual([
      "spec.templates[0].volumes[0].name",
      "spec.volumes[1].name",
      "spec.volumeClaimTemplates[0].name",
    ]);
  });

  it("have the defaults of the workflow for templates of their type", () => {
    const templateDefaults = {
      container: { image: "base:1", env: [{ name: "A", value: "1" }] },
      script: { image: "never:1" },
      tolerations: [{ key: "default" }],
    };
    const set = podOf({ container: { env: [{ name: "B", value: "2" }] } }, { templateDefaults });
    expect(set.template.spec).toEqual({
      restartPolicy: "Never",
      tolerations: [{ key: "default" }],
      containers: [
        {
          name: "main",
          image: "base:1",
          env: [
            { name: "A", value: "1" },
            { name: "B", value: "2" },
          ],
        },
      ],
    });
  });

  it("are changed by the patches of the workflow and then of the template", () => {
    const set = podOf(
      {
        container: { image: "a:1", resources: { limits: { memory: "1Gi" } } },
        podSpecPatch:
          '{"containers": [{"name": "main", "resources": {"limits": {"nvidia.com/gpu": "{{inputs.parameters.gpus}}"}}}]}',
      },
      { podSpecPatch: "terminationGracePeriodSeconds: 5\ncontainers:\n  - name: main\n    privileged: yes\n" },
    );
    expect(set.template.spec).toMatchObject({
      terminationGracePeriodSeconds: 5,
      containers: [
        {
          name: "main",
          image: "a:1",
          privileged: true,
          resources: { limits: { memory: "1Gi", "nvidia.com/gpu": UNKNOWN } },
        },
      ],
    });
    expect(pathInPodSet(set, "spec.terminationGracePeriodSeconds")).toBe(
      "spec.podSpecPatch#terminationGracePeriodSeconds",
    );
    expect(pathInContainer(containersOf(set)[0]!, "resources.limits")).toBe(
      "spec.templates[0].podSpecPatch#containers[0].resources.limits",
    );
  });

  it.each<Tree>(["{{inputs.parameters.patch}}", "[", "", "- a", UNKNOWN])(
    "are as written where the patch is %j",
    (podSpecPatch) => {
      expect(podOf({ container: { image: "a:1" }, podSpecPatch }).template.spec).toEqual({
        restartPolicy: "Never",
        containers: [{ name: "main", image: "a:1" }],
      });
    },
  );

  it("leave open what a variable of Argo fills in", () => {
    const container = { image: "registry/{{workflow.parameters.image}}:1", command: ["{{x}}", "-v"] };
    expect(containersOf(podOf({ container }))[0]!.container).toEqual({
      name: "main",
      image: UNKNOWN,
      command: [UNKNOWN, "-v"],
    });
  });

  it("are found in templates that stand inside a step or task", () => {
    const inline = { container: { image: "a:1" } };
    const templates = [
      { name: "main", steps: [[{ name: "one", inline }], [{ name: "two", template: "dag" }]] },
      { name: "dag", dag: { tasks: [{ name: "three", inline }] } },
    ];
    const sets = podSetsOf(workflow({ entrypoint: "main", templates }));
    expect(sets.map(({ path, count }) => [path, count])).toEqual([
      ["spec.templates[0].steps[0][0].inline", 1],
      ["spec.templates[1].dag.tasks[0].inline", 1],
    ]);
    expect(containersOf(sets[1]!)[0]!.path).toBe("spec.templates[1].dag.tasks[0].inline.container");
  });

  it.each<[name: string, spec: Tree, path: string]>([
    ["the workflow", UNKNOWN, "spec.templates"],
    ["its templates", { templates: UNKNOWN }, "spec.templates"],
    ["one template", { templates: [UNKNOWN] }, "spec.templates[0]"],
  ])("are kept where %s is not known yet", (_name, spec, path) => {
    expect(podSetsOf({ ...workflow({}), spec })).toMatchObject([{ path, count: undefined, isUnknown: true }]);
  });

  it("include the agent that runs plugins", () => {
    const executorPlugins = [{ spec: { sidecar: { container: { name: "plugin" } } } }];
    const [set] = podSetsOf(workflow({ templates: [], executorPlugins }));
    expect(set).toMatchObject({ role: "agent", count: 1 });
    expect(containerPaths(set!)).toEqual([["plugin", "spec.executorPlugins[0].spec.sidecar.container"]]);
  });
});

describe("other kinds with a workflow", () => {
  const spec = { entrypoint: "main", templates: [{ name: "main", container: { image: "a:1" } }] };

  it.each<[kind: string, body: TreeObject, path: string, count: number]>([
    ["argoproj.io/WorkflowTemplate", spec, "spec.templates[0]", 0],
    ["argoproj.io/ClusterWorkflowTemplate", spec, "spec.templates[0]", 0],
    ["argoproj.io/CronWorkflow", { workflowSpec: spec }, "spec.workflowSpec.templates[0]", 1],
    ["kubeflow.org/ScheduledWorkflow", { workflow: { spec } }, "spec.workflow.spec.templates[0]", 1],
    [
      "kubeflow.org/ScheduledWorkflow",
      { workflow: { spec: JSON.stringify(spec) } },
      "spec.workflow.spec#templates[0]",
      1,
    ],
  ])("%s", (name, body, path, count) => {
    const [group, kind] = name.split("/");
    const sets = podSetsOf({ apiVersion: `${group}/v1`, kind: kind!, spec: body });
    expect(sets).toMatchObject([{ path, count, role: "main" }]);
    expect(containersOf(sets[0]!)[0]!.path).toBe(`${path}.container`);
  });

  it("a recurring run of a pipeline that is stored elsewhere has none in its object", () => {
    const object = { apiVersion: "kubeflow.org/v1beta1", kind: "ScheduledWorkflow", spec: { pipelineId: "a" } };
    expect(podSetsOf(object)).toEqual([]);
  });
});
