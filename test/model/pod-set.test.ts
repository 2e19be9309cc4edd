import { describe, expect, it } from "vitest";
import { containersOf, pathInContainer, pathInPodSet, podSetsOf, type PodSet } from "../../components/model/pod-sets";
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
      { path: "spec.template", count: undefined, minCount: 1, template: { metadata: {}, spec: {} }, isUnknown: true },
    ]);
  });

  it.each<[name: string, object: Tree]>([
    ["a kind without pods", { apiVersion: "v1", kind: "ConfigMap", data: {} }],
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

describe("places of what is not written as a pod template", () => {
  const places = {
    spec: "spec.driver",
    "spec.nodeSelector": "spec.nodeSelector",
    "spec.containers[0]": "spec.driver",
    "spec.containers[0].resources.limits.memory": "spec.driver.memory",
  };
  const podSet: PodSet = {
    path: "spec.driver",
    count: 1,
    minCount: 1,
    template: { metadata: {}, spec: { containers: [{ name: "spark" }, { name: "proxy" }] } },
    places,
  };

  it.each([
    ["spec.nodeSelector", "spec.nodeSelector"],
    ["spec.nodeSelector.pool", "spec.nodeSelector.pool"],
    ["spec.nodeSelectors", "spec.driver.nodeSelectors"],
    ["spec.tolerations[1].key", "spec.driver.tolerations[1].key"],
    ["metadata.labels", "spec.driver.metadata.labels"],
  ])("are those of the closest field that has one: %s", (field, place) => {
    expect(pathInPodSet(podSet, field)).toBe(place);
  });

  it("go along with the containers that they are in", () => {
    const [spark, proxy] = containersOf(podSet);
    expect(pathInContainer(spark!, "resources.limits.memory")).toBe("spec.driver.memory");
    expect(pathInContainer(spark!, "resources.limits.cpu")).toBe("spec.driver.resources.limits.cpu");
    expect(pathInContainer(spark!, 'env[0]["name"]')).toBe('spec.driver.env[0]["name"]');
    expect(pathInContainer(proxy!, "resources.limits.memory")).toBe(
      "spec.driver.containers[1].resources.limits.memory",
    );
  });
});

describe("kinds that nobody listed", () => {
  const pod = { containers: [{ name: "main", image: "a:1" }] };

  function thing(spec: Tree): TreeObject {
    return { apiVersion: "example.com/v1", kind: "Thing", metadata: { name: "a" }, spec };
  }

  it.each<[name: string, spec: Tree, path: string, tolerations: string]>([
    ["a pod template", { template: { spec: pod } }, "spec.template", "spec.template.spec.tolerations"],
    ["the spec of a pod", { pod }, "spec.pod", "spec.pod.tolerations"],
    ["the spec of a pod as its own", pod, "spec", "spec.tolerations"],
    [
      "one in a list",
      { roles: [{}, { template: { spec: pod } }] },
      "spec.roles[1].template",
      "spec.roles[1].template.spec.tolerations",
    ],
  ])("have guessed pods where they have %s", (_name, spec, path, tolerations) => {
    const sets = podSetsOf(thing(spec));
    expect(sets).toMatchObject([{ path, count: undefined, minCount: 1, isGuess: true, template: { spec: pod } }]);
    expect(pathInPodSet(sets[0]!, "spec.tolerations")).toBe(tolerations);
    expect(containersOf(sets[0]!)).toMatchObject([{ container: { name: "main" } }]);
  });

  it("have the pods of whole objects inside as these are", () => {
    const inner = { apiVersion: "batch/v1", kind: "Job", spec: { parallelism: 3, template: { spec: pod } } };
    expect(podSetsOf(thing({ manifests: [inner] }))).toEqual([
      { path: "spec.manifests[0].spec.template", count: 3, minCount: 1, template: { metadata: {}, spec: pod } },
    ]);
  });

  it.each<[name: string, object: TreeObject]>([
    ["lists of containers without name or image", thing({ containers: [{ size: 3 }] })],
    ["what is reported in their status", { ...thing({}), status: { pod } }],
    ["no containers at all", thing({ template: { spec: { volumes: [] } } })],
    ["a schema of pods", thing({ properties: { containers: { type: "array" } } })],
  ])("have none in %s", (_name, object) => {
    expect(podSetsOf(object)).toEqual([]);
  });

  it("are not looked for in the groups of Kubernetes itself", () => {
    const usage = { apiVersion: "metrics.k8s.io/v1beta1", kind: "PodMetrics", spec: pod };
    expect(podSetsOf(usage)).toEqual([]);
  });
});
