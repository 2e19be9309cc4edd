import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { containersOf, pathInPodSet, podSetsOf, type PodSet } from "../../components/model/pod-set";
import type { Tree, TreeObject } from "../../components/model/tree";
import { UNKNOWN } from "../../components/model/unknown";

const metadata = { labels: { app: "mnist" } };
const spec = { containers: [{ name: "main" }] };
const template = { metadata, spec };

function cronJob(jobSpec: Tree): TreeObject {
  return { apiVersion: "batch/v1", kind: "CronJob", spec: { jobTemplate: { spec: jobSpec } } };
}

function job(jobSpec: TreeObject): TreeObject {
  return { apiVersion: "batch/v1", kind: "Job", spec: { template, ...jobSpec } };
}

function sizes(object: Tree): Pick<PodSet, "count" | "minCount">[] {
  return podSetsOf(object).map(({ count, minCount }) => ({ count, minCount }));
}

describe("podSetsOf", () => {
  it.each<[apiVersion: string, kind: string, body: TreeObject, path: string, count: number | undefined]>([
    ["v1", "Pod", template, "", 1],
    ["v1", "PodTemplate", { template }, "template", 0],
    ["v1", "ReplicationController", { spec: { replicas: 2, template } }, "spec.template", 2],
    ["apps/v1", "ReplicaSet", { spec: { replicas: 3, template } }, "spec.template", 3],
    ["apps/v1", "Deployment", { spec: { replicas: 4, template } }, "spec.template", 4],
    ["apps/v1", "StatefulSet", { spec: { replicas: 5, template } }, "spec.template", 5],
    ["apps/v1", "DaemonSet", { spec: { template } }, "spec.template", undefined],
    ["batch/v1", "Job", { spec: { parallelism: 6, template } }, "spec.template", 6],
    [
      "batch/v1",
      "CronJob",
      { spec: { jobTemplate: { spec: { parallelism: 7, template } } } },
      "spec.jobTemplate.spec.template",
      7,
    ],
  ])("finds the pods of a %s %s", (apiVersion, kind, body, path, count) => {
    expect(podSetsOf({ apiVersion, kind, ...body })).toEqual([
      { path, count, minCount: 1, template: { metadata, spec } },
    ]);
  });

  it.each<[apiVersion: string, kind: string, count: number]>([
    ["v1", "ReplicationController", 1],
    ["apps/v1", "ReplicaSet", 1],
    ["apps/v1", "Deployment", 1],
    ["apps/v1beta2", "StatefulSet", 1],
    ["batch/v1", "Job", 1],
  ])("counts as Kubernetes defaults where a %s %s says nothing", (apiVersion, kind, count) => {
    expect(sizes({ apiVersion, kind, spec: { template } })).toEqual([{ count, minCount: 1 }]);
    expect(sizes({ apiVersion, kind, spec: { template, replicas: null, parallelism: null } })).toEqual([
      { count, minCount: 1 },
    ]);
  });

  it.each<[name: string, jobSpec: TreeObject, count: number | undefined, minCount: number]>([
    ["one after another", { completions: 5 }, 1, 1],
    ["several at once", { parallelism: 3, completions: 5 }, 3, 1],
    ["no more than are to complete", { parallelism: 5, completions: 3 }, 3, 1],
    ["a work queue", { parallelism: 4 }, 4, 1],
    ["paused by parallelism 0", { parallelism: 0 }, 0, 1],
    ["indexed workers", { completionMode: "Indexed", parallelism: 4, completions: 4 }, 4, 4],
    ["indexed, capped", { completionMode: "Indexed", parallelism: 8, completions: 4 }, 4, 4],
    ["indexed, paused", { completionMode: "Indexed", parallelism: 0, completions: 4 }, 0, 1],
    ["indexed, parallelism unknown", { completionMode: "Indexed", parallelism: UNKNOWN, completions: 4 }, undefined, 1],
    ["not indexed", { completionMode: "NonIndexed", parallelism: 4, completions: 4 }, 4, 1],
    ["mode unknown", { completionMode: UNKNOWN, parallelism: 4, completions: 4 }, 4, 1],
    ["completions unknown", { parallelism: 4, completions: UNKNOWN }, undefined, 1],
  ])("sizes a Job, alone or in a CronJob: %s", (_name, jobSpec, count, minCount) => {
    expect(sizes(job(jobSpec))).toEqual([{ count, minCount }]);
    expect(sizes(cronJob({ template, ...jobSpec }))).toEqual([{ count, minCount }]);
  });

  it.each<[name: string, replicas: Tree]>([
    ["unknown", UNKNOWN],
    ["text", "3"],
    ["negative", -1],
    ["a fraction", 1.5],
    ["an object", {}],
  ])("leaves the count open where replicas are %s", (_name, replicas) => {
    expect(sizes({ apiVersion: "apps/v1", kind: "Deployment", spec: { replicas, template } })).toEqual([
      { count: undefined, minCount: 1 },
    ]);
  });

  it.each<[name: string, object: TreeObject]>([
    ["its template", { apiVersion: "apps/v1", kind: "Deployment", spec: { replicas: UNKNOWN, template: UNKNOWN } }],
    ["its spec", { apiVersion: "apps/v1", kind: "Deployment", spec: UNKNOWN }],
  ])("keeps the pod set of an object of which %s is unknown", (_name, object) => {
    expect(podSetsOf(object)).toEqual([
      { path: "spec.template", count: undefined, minCount: 1, template: { metadata: {}, spec: {} } },
    ]);
  });

  it.each<[name: string, object: Tree]>([
    ["a kind without pods", { apiVersion: "v1", kind: "ConfigMap", data: {} }],
    ["a Job of another group", { apiVersion: "example.com/v1", kind: "Job", spec: { template } }],
    ["a Pod of another group", { apiVersion: "metrics.k8s.io/v1beta1", kind: "Pod", metadata, spec }],
    ["a Deployment of the core group", { apiVersion: "v1", kind: "Deployment", spec: { template } }],
    ["a missing template", { apiVersion: "v1", kind: "ReplicationController", spec: {} }],
    ["a template that is text", { apiVersion: "apps/v1", kind: "Deployment", spec: { template: "x" } }],
    ["a missing apiVersion", { kind: "Job", spec: { template } }],
    ["an unknown kind", { apiVersion: "v1", kind: UNKNOWN, spec }],
    ["an unknown object", UNKNOWN],
    ["no object", null],
  ])("finds none in %s", (_name, object) => {
    expect(podSetsOf(object)).toEqual([]);
  });

  it("searches every item of a List, however nested, and names the item in the path", () => {
    const pod = { apiVersion: "v1", kind: "Pod", spec };
    const deployment = { apiVersion: "apps/v1", kind: "Deployment", spec: { template } };
    const inner = { apiVersion: "v1", kind: "List", items: [deployment] };
    const list: Tree = { apiVersion: "v1", kind: "List", items: [pod, UNKNOWN, deployment, null, inner] };
    expect(podSetsOf(list).map((podSet) => podSet.path)).toEqual([
      "items[0]",
      "items[2].spec.template",
      "items[4].items[0].spec.template",
    ]);
  });

  it("takes the kind of an item that names none from its typed list", () => {
    const list = { apiVersion: "batch/v1", kind: "JobList", items: [{ spec: { parallelism: 2, template } }] };
    expect(podSetsOf(list)).toMatchObject([{ path: "items[0].spec.template", count: 2 }]);
  });
});

describe("containersOf", () => {
  const containers = { initContainers: [{ name: "a" }], containers: [{ name: "b" }, { name: "c" }] };

  it("lists init, main and ephemeral containers with paths from the object's root", () => {
    const podSpec = { ...containers, ephemeralContainers: [{ name: "d" }] };
    const [podSet] = podSetsOf({ apiVersion: "apps/v1", kind: "DaemonSet", spec: { template: { spec: podSpec } } });
    expect(containersOf(podSet!)).toEqual([
      { path: "spec.template.spec.initContainers[0]", container: { name: "a" } },
      { path: "spec.template.spec.containers[0]", container: { name: "b" } },
      { path: "spec.template.spec.containers[1]", container: { name: "c" } },
      { path: "spec.template.spec.ephemeralContainers[0]", container: { name: "d" } },
    ]);
  });

  it.each<[name: string, object: TreeObject, prefix: string]>([
    ["a Pod", { apiVersion: "v1", kind: "Pod", spec: containers }, "spec"],
    ["a CronJob", cronJob({ template: { spec: containers } }), "spec.jobTemplate.spec.template.spec"],
    [
      "a Pod in a List",
      { apiVersion: "v1", kind: "List", items: [{ apiVersion: "v1", kind: "Pod", spec: containers }] },
      "items[0].spec",
    ],
  ])("starts the paths at the root of %s", (_name, object, prefix) => {
    expect(podSetsOf(object).flatMap(containersOf)).toEqual([
      { path: `${prefix}.initContainers[0]`, container: { name: "a" } },
      { path: `${prefix}.containers[0]`, container: { name: "b" } },
      { path: `${prefix}.containers[1]`, container: { name: "c" } },
    ]);
  });

  it("passes over entries that are no objects and keeps the index of the others", () => {
    const mixed: Tree = { containers: [UNKNOWN, null, "x", [], { name: "main" }], initContainers: UNKNOWN };
    const [podSet] = podSetsOf({ apiVersion: "v1", kind: "Pod", spec: mixed });
    expect(containersOf(podSet!)).toEqual([{ path: "spec.containers[4]", container: { name: "main" } }]);
  });
});

describe("pathInPodSet", () => {
  it.each([
    ["", "spec.tolerations"],
    ["spec.template", "spec.template.spec.tolerations"],
  ])("puts the template's path %j before the field", (path, whole) => {
    const podSet: PodSet = { path, count: 1, minCount: 1, template: { metadata: {}, spec: {} } };
    expect(pathInPodSet(podSet, "spec.tolerations")).toBe(whole);
  });
});

describe("arbitrary trees", () => {
  const kinds = ["Pod", "PodTemplate", "ReplicationController", "Deployment", "DaemonSet", "Job", "CronJob", "List"];
  const keys = ["spec", "template", "jobTemplate", "metadata", "containers", "replicas", "parallelism", "completions"];
  const { tree } = fc.letrec<{ tree: Tree; leaf: Tree; object: TreeObject }>((tie) => ({
    tree: fc.oneof({ depthSize: "medium", withCrossShrink: true }, tie("leaf"), tie("object"), fc.array(tie("tree"))),
    leaf: fc.constantFrom<Tree[]>(UNKNOWN, null, undefined, "", "Indexed", -1, 0.5, 3, true, NaN, Infinity),
    object: fc.oneof(
      fc.dictionary(fc.oneof(fc.constantFrom(...keys), fc.string()), tie("tree")),
      fc.record<TreeObject>({ spec: tie("tree"), template: tie("tree"), metadata: tie("tree"), items: tie("tree") }),
    ),
  }));
  const objects = fc.record<TreeObject>({
    apiVersion: fc.constantFrom<Tree[]>("v1", "apps/v1", "batch/v1", "/", UNKNOWN),
    kind: fc.constantFrom<Tree[]>(...kinds, "__proto__", UNKNOWN),
    spec: tree,
    template: tree,
    items: fc.array(tree),
  });

  it("are read without a throw, and every count found is a whole number or left open", () => {
    fc.assert(
      fc.property(fc.oneof(tree, objects), (object) => {
        for (const podSet of podSetsOf(object)) {
          expect(podSet.count === undefined || (Number.isInteger(podSet.count) && podSet.count >= 0)).toBe(true);
          expect(podSet.minCount).toBeGreaterThanOrEqual(1);
          for (const { path } of containersOf(podSet)) {
            expect(path).toMatch(/^.*spec\.(initC|c|ephemeralC)ontainers\[\d+\]$/);
          }
        }
      }),
    );
  });
});
