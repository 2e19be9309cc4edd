import { describe, expect, it } from "vitest";
import { UNKNOWN, type Tree, type TreeObject } from "../../../components/model";
import { workloadsOf, type DemandedPodSet } from "../../../preflight/demand";
import type { PlannedResource } from "../../../preflight/planned-resource";
import { stackOf } from "../pools/written-stack";

const MIB = 2 ** 20;
const GIB = 2 ** 30;

const pod = (spec: TreeObject): PlannedResource => ({
  type: "kubernetes:core/v1:Pod",
  name: "p",
  urn: "urn:p",
  properties: { apiVersion: "v1", kind: "Pod", metadata: { name: "p", namespace: "ml" }, spec },
});

const container = (resources?: Tree): TreeObject => ({
  name: "main",
  ...(resources === undefined ? {} : { resources }),
});

const limitRange = (limits: TreeObject[], name = "defaults", namespace = "ml"): PlannedResource => ({
  type: "kubernetes:core/v1:LimitRange",
  name,
  urn: `urn:${name}`,
  properties: { apiVersion: "v1", kind: "LimitRange", metadata: { name, namespace }, spec: { limits } },
});

const demandOf = (...resources: PlannedResource[]): DemandedPodSet => workloadsOf(resources)[0]!.podSets[0]!;
const requestsOf = (...resources: PlannedResource[]) => {
  const { pods, ...rest } = Object.fromEntries(demandOf(...resources).pod.requests);
  expect(pods).toBe(1);
  return rest;
};

/** Keys of the taints that a pod tolerates, without those that every pod does for a while. */
const ownKeys = ({ tolerations }: DemandedPodSet["pod"]) =>
  tolerations.map(({ key }) => key).filter((key) => !key.startsWith("node.kubernetes.io/"));

describe("the LimitRange of a namespace", () => {
  const defaults = [{ type: "Container", default: { memory: "2Gi" }, defaultRequest: { cpu: "500m", memory: "1Gi" } }];

  it("gives containers the requests that they do not name", () => {
    expect(requestsOf(pod({ containers: [container()] }), limitRange(defaults))).toEqual({ cpu: 500, memory: GIB });
    expect(requestsOf(pod({ containers: [container({ requests: { cpu: "2" } })] }), limitRange(defaults))).toEqual({
      cpu: 2000,
      memory: GIB,
    });
  });

  it("gives them to init containers as well", () => {
    const spec = { initContainers: [container()], containers: [container({ requests: { cpu: "1m", memory: "1Mi" } })] };
    expect(requestsOf(pod(spec), limitRange(defaults))).toEqual({ cpu: 500, memory: GIB });
  });

  it("lets limits that are given stand for requests before its own", () => {
    const spec = { containers: [container({ limits: { cpu: "3", memory: "4Gi" } })] };
    expect(requestsOf(pod(spec), limitRange(defaults))).toEqual({ cpu: 3000, memory: 4 * GIB });
  });

  it.each<[string, TreeObject, Record<string, number>]>([
    ["the default limit", { default: { memory: "2Gi" } }, { memory: 2 * GIB }],
    ["the largest limit", { max: { memory: "3Gi" } }, { memory: 3 * GIB }],
    [
      "the default limit before the largest one",
      { max: { memory: "3Gi" }, default: { memory: "2Gi" } },
      { memory: 2 * GIB },
    ],
    ["the smallest request", { min: { cpu: "100m" } }, { cpu: 100 }],
    [
      "the default limit before the smallest request",
      { min: { memory: "1Gi" }, default: { memory: "2Gi" } },
      { memory: 2 * GIB },
    ],
    ["the default request before all", { max: { cpu: "4" }, defaultRequest: { cpu: "1" } }, { cpu: 1000 }],
  ])("asks for %s where it names no request", (_, item, requests) => {
    const range = limitRange([{ type: "Container", ...item }]);
    expect(requestsOf(pod({ containers: [container()] }), range)).toEqual(requests);
  });

  it("says nothing by limits for pods and claims", () => {
    const range = limitRange([{ type: "Pod", default: { cpu: "1" } }, { type: "PersistentVolumeClaim" }]);
    expect(requestsOf(pod({ containers: [container()] }), range)).toEqual({});
  });

  it("leaves what an earlier one has given", () => {
    const [first, second] = [{ cpu: "1" }, { cpu: "2", memory: "1Gi" }].map((defaultRequest, index) =>
      limitRange([{ type: "Container", defaultRequest }], `range-${index}`),
    );
    expect(requestsOf(pod({ containers: [container()] }), first!, second!)).toEqual({ cpu: 1000, memory: GIB });
  });

  it("holds for its own namespace alone", () => {
    expect(requestsOf(pod({ containers: [container()] }), limitRange(defaults, "d", "other"))).toEqual({});
  });

  it.each<Tree>([UNKNOWN, { requests: UNKNOWN }, { limits: UNKNOWN }])(
    "fills nothing into resources that are not known yet: %o",
    (resources) => {
      const { pod: demanded } = demandOf(pod({ containers: [container(resources)] }), limitRange(defaults));
      expect(Object.fromEntries(demanded.requests)).toEqual({ pods: 1 });
      expect(demanded.unknownPaths).not.toEqual([]);
    },
  );

  it("leaves alone what is no container", () => {
    const { pod: demanded } = demandOf(pod({ containers: [UNKNOWN, null, container()] }), limitRange(defaults));
    expect(demanded.requests.get("cpu")).toBe(500);
    expect(requestsOf(pod({ containers: UNKNOWN }), limitRange(defaults))).toEqual({});
  });
});

describe("the RuntimeClass of a pod", () => {
  const runtime = stackOf(`
apiVersion: node.k8s.io/v1
kind: RuntimeClass
metadata: { name: kata }
overhead: { podFixed: { cpu: 250m, memory: 120Mi } }
scheduling:
  nodeSelector: { runtime: kata }
  tolerations: [{ key: kata, operator: Exists }]
`);
  const plain = stackOf(`
apiVersion: node.k8s.io/v1
kind: RuntimeClass
metadata: { name: plain }
`);
  const spec = (more: TreeObject = {}) => ({
    runtimeClassName: "kata",
    containers: [container({ requests: { cpu: "1" } })],
    ...more,
  });

  it("adds what it takes itself", () => {
    expect(requestsOf(pod(spec()), ...runtime)).toEqual({ cpu: 1250, memory: 120 * MIB });
  });

  it("keeps the pod to the nodes that have it", () => {
    const own = { nodeSelector: { pool: "a" }, tolerations: [{ key: "a", operator: "Exists" }] };
    const { pod: demanded } = demandOf(pod(spec(own)), ...runtime);
    expect(demanded.nodeSelector).toEqual([
      ["pool", "a"],
      ["runtime", "kata"],
    ]);
    expect(ownKeys(demanded)).toEqual(["a", "kata"]);
  });

  it("leaves what is not known of the pod as it is", () => {
    const { pod: demanded } = demandOf(pod(spec({ nodeSelector: UNKNOWN, tolerations: UNKNOWN })), ...runtime);
    expect(demanded.unknownPaths).toEqual(expect.arrayContaining(["spec.nodeSelector", "spec.tolerations"]));
  });

  it("changes nothing where it has neither, or is not in the stack", () => {
    expect(requestsOf(pod(spec()))).toEqual({ cpu: 1000 });
    const { pod: demanded } = demandOf(pod(spec({ runtimeClassName: "plain" })), ...plain);
    expect(Object.fromEntries(demanded.requests)).toEqual({ pods: 1, cpu: 1000 });
    expect([demanded.nodeSelector, ownKeys(demanded)]).toEqual([[], []]);
  });

  it("is filled up by the LimitRange as well", () => {
    const range = limitRange([{ type: "Container", defaultRequest: { memory: "1Gi" } }]);
    expect(requestsOf(pod(spec()), ...runtime, range)).toEqual({ cpu: 1250, memory: GIB + 120 * MIB });
  });
});

describe("the priority of pods", () => {
  const classes = stackOf(`
apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata: { name: urgent }
value: 1000
---
apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata: { name: usual }
value: 10
globalDefault: true
---
apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata: { name: odd }
value: many
`);
  const priority = (spec: TreeObject, given: PlannedResource[] = []) =>
    demandOf(pod({ containers: [container()], ...spec }), ...given).priority;

  it.each<[TreeObject, number | undefined]>([
    [{ priorityClassName: "urgent" }, 1000],
    [{}, 10],
    [{ priorityClassName: "" }, 10],
    [{ priority: 7, priorityClassName: "urgent" }, 7],
    [{ priorityClassName: "system-node-critical" }, 2_000_001_000],
    [{ priorityClassName: "system-cluster-critical" }, 2_000_000_000],
    [{ priorityClassName: "odd" }, undefined],
    [{ priorityClassName: "elsewhere" }, undefined],
    [{ priorityClassName: UNKNOWN }, undefined],
  ])("of %o is %s", (spec, expected) => {
    expect(priority(spec, classes)).toBe(expected);
  });

  it("is not that of other objects that call themselves the default", () => {
    const other = stackOf(
      "apiVersion: example.com/v1\nkind: PriorityClass\nmetadata: { name: o }\nvalue: 5\nglobalDefault: true",
    );
    expect(priority({}, [...other, ...classes])).toBe(10);
  });

  it("is 0 where no class is the default of all", () => {
    expect(priority({})).toBe(0);
    expect(priority({}, classes.slice(0, 1))).toBe(0);
  });
});
