import { describe, expect, it } from "vitest";
import { UNKNOWN, type Tree, type TreeObject } from "../../../components/model";
import { workloadsOf } from "../../../preflight/demand";
import type { PlannedResource } from "../../../preflight/planned-resource";
import { proofsOf } from "../../../preflight/placement";
import { pool } from "../placement/stack";

const object = (apiVersion: string, kind: string, name: string, spec: Tree, namespace = "ml"): PlannedResource => ({
  type: `kubernetes:${apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`}:${kind}`,
  name,
  urn: `urn:${kind}:${name}`,
  properties: { apiVersion, kind, metadata: { name, namespace }, spec },
});

const pod = (spec: TreeObject) => object("v1", "Pod", "p", spec);
const range = (item: TreeObject, namespace = "ml", name = "small") =>
  object("v1", "LimitRange", name, { limits: [item] }, namespace);

/** Why no pod of the first workload ever runs; empty where it does. */
const reasonOf = (...resources: PlannedResource[]): string => {
  const [proof] = proofsOf(workloadsOf(resources), [pool({ name: "a", cpus: 100, memoryGib: 100, gpus: 8 })]);
  expect(proof!.verdict).toBe(proof!.reason === "" ? "runs" : "never");
  return proof!.reason;
};

const one = (resources: TreeObject) => pod({ containers: [{ name: "main", resources }] });
const OF = "; LimitRange small of namespace ml allows ";

describe("a LimitRange for containers", () => {
  const container = (sides: TreeObject) => range({ type: "Container", ...sides });

  it.each<[string, TreeObject, TreeObject, string]>([
    ["no more than the most", { requests: { cpu: "4" } }, { max: { cpu: "4" } }, ""],
    ["more than the most", { requests: { cpu: "5" } }, { max: { cpu: "4" } }, "fault"],
    ["more than the most", { limits: { cpu: "4001m" } }, { max: { cpu: "4" } }, `asks for 4.001 CPUs${OF}4 at most`],
    [
      "a limit above the most",
      { requests: { memory: "1Gi" }, limits: { memory: "3Gi" } },
      { max: { memory: "2Gi" } },
      `may use 3 GiB of memory${OF}2 GiB at most`,
    ],
    ["no less than the least", { requests: { cpu: "100m" } }, { min: { cpu: "100m" } }, ""],
    [
      "less than the least",
      { requests: { cpu: "99m" } },
      { min: { cpu: "100m" } },
      `asks for 0.099 CPUs${OF}0.1 at least`,
    ],
    [
      "a limit below the least",
      { requests: { cpu: "0" }, limits: { cpu: "50m" } },
      { min: { cpu: "100m" }, max: { cpu: "1" } },
      `asks for 0 CPUs${OF}0.1 at least`,
    ],
    [
      "GPUs above the most",
      { limits: { "nvidia.com/gpu": 2 } },
      { max: { "nvidia.com/gpu": 1 } },
      `asks for 2 GPUs${OF}1 at most`,
    ],
    [
      "limits of the ratio",
      { requests: { cpu: "1" }, limits: { cpu: "2" } },
      { maxLimitRequestRatio: { cpu: "2" } },
      "",
    ],
    [
      "limits above the ratio",
      { requests: { cpu: "500m" }, limits: { cpu: "2" } },
      { maxLimitRequestRatio: { cpu: "2.5" } },
      `asks for 0.5 CPUs and may use 2 CPUs${OF}limits of 2.5 times what is asked for at most`,
    ],
    [
      "no limit at all, where there is a ratio",
      { requests: { cpu: "500m" } },
      { maxLimitRequestRatio: { cpu: "2" } },
      `asks for 0.5 CPUs and has no limit of CPUs${OF}limits of 2 times what is asked for at most`,
    ],
    [
      "nothing, where there is a ratio",
      {},
      { maxLimitRequestRatio: { cpu: "2" } },
      `asks for no CPUs and has no limit of CPUs${OF}limits of 2 times what is asked for at most`,
    ],
    ["nothing of what has a most, which it gets by default", {}, { max: { cpu: "4" } }, ""],
    ["another resource", { requests: { memory: "5Gi" } }, { max: { cpu: "4" } }, ""],
    ["something not known yet", { requests: { cpu: UNKNOWN } }, { min: { cpu: "1" } }, "unknown"],
    ["a most that is not known yet", { requests: { cpu: "5" } }, { max: { cpu: UNKNOWN } }, ""],
    ["a ratio that is none", { requests: { cpu: "5" } }, { maxLimitRequestRatio: { cpu: "much" } }, ""],
  ])("judges a container that asks for %s", (_, resources, sides, reason) => {
    if (reason === "fault") {
      expect(reasonOf(one(resources), container(sides))).toMatch(/"5" is more than the limit "4"/);
    } else if (reason === "unknown") {
      expect(workloadsOf([one(resources), container(sides)])[0]!.podSets[0]).not.toHaveProperty("refusal");
    } else {
      expect(reasonOf(one(resources), container(sides))).toBe(reason);
    }
  });

  it("names the container where there are several, init containers among them", () => {
    const spec = {
      containers: [{ name: "main" }],
      initContainers: [{ name: "fetch", resources: { limits: { cpu: "5" } } }],
    };
    const reason = `container fetch asks for 5 CPUs${OF}4 at most`;
    expect(reasonOf(pod(spec), container({ max: { cpu: "4" }, default: { cpu: "1" } }))).toBe(reason);
    const nameless = { ...spec, initContainers: [{ resources: { limits: { cpu: "5" } } }] };
    expect(reasonOf(pod(nameless), container({ max: { cpu: "4" }, default: { cpu: "1" } }))).toBe(
      `asks for 5 CPUs${OF}4 at most`,
    );
  });

  it("looks at each container by itself", () => {
    const resources = { limits: { cpu: "3" } };
    const two = pod({
      containers: [
        { name: "a", resources },
        { name: "b", resources },
      ],
    });
    expect(reasonOf(two, container({ max: { cpu: "4" } }))).toBe("");
  });

  it("holds for its namespace alone, each of several", () => {
    const four = { type: "Container", max: { cpu: "4" } };
    expect(reasonOf(one({ limits: { cpu: "5" } }), range(four, "other"))).toBe("");
    const six = range({ type: "Container", max: { cpu: "6" } }, "ml", "large");
    expect(reasonOf(one({ limits: { cpu: "5" } }), six, range(four))).toBe(`asks for 5 CPUs${OF}4 at most`);
  });

  it("without a name is called so", () => {
    const nameless = range({ type: "Container", max: { cpu: "4" } });
    nameless.properties["metadata"] = { namespace: "ml" };
    expect(reasonOf(one({ limits: { cpu: "5" } }), nameless)).toBe(
      "asks for 5 CPUs; LimitRange without a name of namespace ml allows 4 at most",
    );
  });
});

describe("a LimitRange for pods", () => {
  const ofPods = (sides: TreeObject) => range({ type: "Pod", ...sides });
  const main = (resources: TreeObject, more: TreeObject = {}) => ({ name: "main", resources, ...more });

  it("bounds all containers together, and the most that init containers need", () => {
    const three = { limits: { cpu: "3" } };
    const two = pod({ containers: [main(three), { ...main(three), name: "b" }] });
    expect(reasonOf(two, ofPods({ max: { cpu: "6" } }))).toBe("");
    expect(reasonOf(two, ofPods({ max: { cpu: "5" } }))).toBe(`asks for 6 CPUs${OF}5 at most`);
    const starting = pod({ containers: [main({ limits: { cpu: "1" } })], initContainers: [main(three)] });
    expect(reasonOf(starting, ofPods({ max: { cpu: "2" } }))).toBe(`asks for 3 CPUs${OF}2 at most`);
  });

  it("demands limits of what has a most, as nothing fills them in", () => {
    expect(reasonOf(one({ requests: { cpu: "1" } }), ofPods({ max: { cpu: "5" } }))).toBe(
      `has no limit of CPUs${OF}5 at most`,
    );
    expect(reasonOf(one({ requests: { cpu: "1" }, limits: { cpu: "2" } }), ofPods({ max: { cpu: "1" } }))).toBe(
      `may use 2 CPUs${OF}1 at most`,
    );
  });

  it("demands requests of what has a least", () => {
    expect(reasonOf(one({}), ofPods({ min: { memory: "1Gi" } }))).toBe(`asks for no memory${OF}1 GiB at least`);
    expect(reasonOf(one({ limits: { memory: "512Mi" } }), ofPods({ min: { memory: "1Gi" } }))).toBe(
      `asks for 512 MiB of memory${OF}1 GiB at least`,
    );
  });

  it("leaves out the overhead of a runtime", () => {
    const spec = { containers: [main({ limits: { cpu: "3" } })], overhead: { cpu: "2" } };
    expect(reasonOf(pod(spec), ofPods({ max: { cpu: "4" } }))).toBe("");
  });
});

describe("a LimitRange for claims", () => {
  const ofClaims = range({ type: "PersistentVolumeClaim", max: { storage: "1Ti" }, min: { storage: "10Gi" } });
  const claim = (storage: Tree, name = "data") =>
    object("v1", "PersistentVolumeClaim", name, { resources: { requests: { storage } } });
  const mounting = pod({ volumes: [{ persistentVolumeClaim: { claimName: "data" } }], containers: [{ name: "main" }] });

  it.each<[Tree, string]>([
    ["1Ti", ""],
    ["2Ti", `mounts claim data, which asks for 2048 GiB of disk${OF}1024 GiB at most`],
    ["1Gi", `mounts claim data, which asks for 1 GiB of disk${OF}10 GiB at least`],
    [UNKNOWN, ""],
  ])("keeps pods from running whose claim asks for %s", (storage, reason) => {
    expect(reasonOf(mounting, claim(storage), ofClaims)).toBe(reason);
  });

  it("says nothing of claims that pods do not mount, or the stack does not declare", () => {
    expect(reasonOf(mounting, claim("2Ti", "other"), ofClaims)).toBe("");
    expect(reasonOf(mounting, ofClaims)).toBe("");
    expect(reasonOf(mounting, claim("2Ti"), range({ type: "Container", max: { storage: "1Ti" } }))).toBe("");
  });

  it("holds for the claims that a StatefulSet makes", () => {
    const template = { metadata: { name: "disk" }, spec: { resources: { requests: { storage: "2Ti" } } } };
    const spec = {
      replicas: 1,
      volumeClaimTemplates: [template],
      template: { spec: { containers: [{ name: "main" }] } },
    };
    expect(reasonOf(object("apps/v1", "StatefulSet", "db", spec), ofClaims)).toBe(
      `mounts claim disk, which asks for 2048 GiB of disk${OF}1024 GiB at most`,
    );
  });
});
