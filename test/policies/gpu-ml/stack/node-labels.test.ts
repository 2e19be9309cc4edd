import { describe, expect, it } from "vitest";
import { UNKNOWN, type ToldPoolShape } from "../../../../components/model";
import {
  gpuModelsOf,
  offerOf,
  poolTitles,
  stackPoolsOf,
  type Offer,
} from "../../../../policies/gpu-ml/stack/node-labels";
import { UNKNOWN_STRING, type TestResource } from "../../analyzer";
import { karpenterPool, node, nodeGroup, subjectOf } from "./resources";

const ZONE = "topology.kubernetes.io/zone";
const FAMILY = "karpenter.k8s.aws/instance-family";
const SIZE = "karpenter.k8s.aws/instance-size";

function stackOf(...resources: TestResource[]) {
  return stackPoolsOf(resources.map(subjectOf));
}

function component(props: object, type = "GpuNodePool"): TestResource {
  return { type: `mlstack:index:${type}`, name: "train", props };
}

function required(key: string, operator: string, values: unknown): object {
  return { key, operator, values };
}

const g5 = required("node.kubernetes.io/instance-type", "In", ["g5.xlarge"]);

/** What the first of some pools offers under a label, beside nodes that have the labels `team` and a zone. */
function offered(pool: TestResource, key: string): Offer {
  const { pools, declaredKeys } = stackOf(pool, node("other", { team: "x", [ZONE]: "a" }));
  const [first] = pools;
  return first === undefined ? "open" : offerOf(first, key, declaredKeys);
}

describe("the pools of a stack", () => {
  it("takes nodes for equal that differ in their host names alone", () => {
    const { pools } = stackOf(
      ...["a", "b", "c"].map((host) => node(host, { team: "x", "kubernetes.io/hostname": host })),
      node("d", { team: "y" }),
    );

    expect(pools.map(({ times }) => times)).toEqual([3, 1]);
  });

  it("tells nodes whose labels are not known yet from those without", () => {
    expect(stackOf(node("a", { team: UNKNOWN_STRING }), node("b", {})).pools).toHaveLength(2);
  });

  it("keeps pools of other kinds apart", () => {
    expect(stackOf(nodeGroup("a", {}), nodeGroup("b", {})).pools.map(({ times }) => times)).toEqual([1, 1]);
  });

  it.each<[string, TestResource, string[]]>([
    ["labels", nodeGroup("a", { labels: { team: "x" } }), ["team"]],
    ["the name that a component gives", component({ shape: { name: "train" } }), ["mlstack.dev/pool"]],
    ["nothing of a pool without labels", nodeGroup("a", {}), []],
    ["nothing where labels are not known yet", component({ shape: { labels: UNKNOWN_STRING } }), []],
  ])("lists the keys that pools declare: %s", (_case, resource, keys) => {
    expect([...stackOf(resource).declaredKeys]).toEqual(keys);
  });

  it.each<[string, TestResource, boolean]>([
    ["a node group", nodeGroup("a", {}), false],
    ["a cluster", { type: "aws:eks/cluster:Cluster", props: {} }, false],
    ["a cluster of which Auto Mode has no pool", autoMode([]), false],
    ["a cluster of which Auto Mode has pools", autoMode(["general-purpose"]), true],
    ["a cluster of which Auto Mode may have pools", autoMode(UNKNOWN_STRING), true],
    ["pools of other resources", { type: "x:index:Y", props: { computeConfig: { nodePools: ["a"] } } }, false],
    ["an auto-scaling group", { type: "aws:autoscaling/group:Group", props: {} }, true],
    ["a tag of such a group", { type: "aws:autoscaling/tag:Tag", props: {} }, false],
    ["a schedule of such a group", { type: "aws:autoscaling/schedule:Schedule", props: {} }, false],
    ["a cluster of the provider eks", eksCluster({}), true],
    ["one that is told to make no nodes", eksCluster({ skipDefaultNodeGroup: true }), false],
    ["one that may be told so", eksCluster({ skipDefaultNodeGroup: UNKNOWN_STRING }), true],
    ["one with Auto Mode", eksCluster({ skipDefaultNodeGroup: true, autoMode: { enabled: true } }), true],
    ["one with Fargate", eksCluster({ skipDefaultNodeGroup: true, fargate: true }), true],
    ["one without either", eksCluster({ skipDefaultNodeGroup: true, autoMode: null, fargate: null }), false],
    ["its node groups", { type: "eks:index:ManagedNodeGroup", props: { skipDefaultNodeGroup: true } }, true],
  ])("knows whether others make nodes: %s", (_case, resource, isOpen) => {
    expect(stackOf(resource).isOpen).toBe(isOpen);
  });
});

describe("what nodes of a pool have under a label", () => {
  it.each<[string, TestResource, string, Offer]>([
    ["a label that it declares", nodeGroup("a", { labels: { team: "y" } }), "team", ["y"]],
    ["labels that are not known yet", nodeGroup("a", { labels: UNKNOWN_STRING }), "team", UNKNOWN],
    ["a label that only others declare, of a node group", nodeGroup("a", {}), "team", []],
    ["of a node", node("a", {}), "team", []],
    ["of a NodePool", karpenterPool("a", []), "team", []],
    ["of a component that says its shape", component({ shape: {} }), "team", []],
    ["of a component that does not", component({}), "team", "open"],
    ["a label that nobody declares", nodeGroup("a", {}), "example.com/driver", "open"],
    ["the zones that it is in", component({ shape: { availabilityZones: ["a", "b"] } }), ZONE, ["a", "b"]],
    ["no zone in particular", component({ shape: { availabilityZones: [] } }), ZONE, "open"],
    ["nothing said of zones", nodeGroup("a", {}), ZONE, "open"],
    ["zones that are not known yet", component({ shape: { availabilityZones: UNKNOWN_STRING } }), ZONE, UNKNOWN],
    ["a label of Karpenter on its nodes", karpenterPool("a", [g5]), FAMILY, ["g5"]],
    ["on those of a node group", nodeGroup("a", {}), FAMILY, []],
    ["on a Node, which Karpenter may have made", node("a", {}), FAMILY, "open"],
    ["on those of a component", component({ shape: {} }), FAMILY, "open"],
    ["a label of Karpenter that no type tells", karpenterPool("a", [g5]), SIZE, "open"],
    ["a label that requirements name", karpenterPool("a", [required(SIZE, "In", ["2xlarge"])]), SIZE, ["2xlarge"]],
    ["values that are not known yet", karpenterPool("a", [required(SIZE, "In", UNKNOWN_STRING)]), SIZE, [UNKNOWN]],
    ["values that are no text", karpenterPool("a", [required(SIZE, "In", [1, "x"])]), SIZE, ["x"]],
    [
      "a label that requirements bound in several ways",
      karpenterPool("a", [required(SIZE, "In", ["2xlarge"]), required(SIZE, "NotIn", ["metal"])]),
      SIZE,
      "open",
    ],
    ["requirements that are not known yet", karpenterPool("a", UNKNOWN_STRING), SIZE, UNKNOWN],
  ])("tells %s", (_case, pool, key, offer) => {
    expect(offered(pool, key)).toEqual(offer);
  });
});

describe("the models of a pool's GPUs", () => {
  it.each<[string, ToldPoolShape, ReturnType<typeof gpuModelsOf>]>([
    ["nothing said", {}, undefined],
    ["a model", { gpuModel: "a10g", instanceTypes: ["g4dn.xlarge"] }, ["a10g"]],
    ["types with and without GPUs", { instanceTypes: ["m5.large", "g5.xlarge"] }, ["a10g"]],
    ["types that are not known yet", { instanceTypes: UNKNOWN }, [UNKNOWN]],
    ["a type that is not known yet", { instanceTypes: [UNKNOWN, "g5.xlarge"] }, [UNKNOWN, "a10g"]],
  ])("are told from %s", (_case, shape, models) => {
    expect(gpuModelsOf(shape)).toEqual(models);
  });
});

describe("the names of pools in messages", () => {
  it.each<[number, string]>([
    [1, "pool p0"],
    [5, "pools p0, p1, p2, p3, p4"],
    [7, "pools p0, p1, p2, p3, p4 and 2 more"],
  ])("shows a few of %i", (count, titles) => {
    const groups = Array.from({ length: count }, (_, index) =>
      nodeGroup(`p${index}`, { labels: { "mlstack.dev/pool": `p${index}` } }),
    );

    expect(poolTitles(stackOf(...groups).pools)).toBe(titles);
  });
});

function eksCluster(props: object): TestResource {
  return { type: "eks:index:Cluster", props };
}

function autoMode(nodePools: unknown): TestResource {
  return { type: "aws:eks/cluster:Cluster", props: { computeConfig: { nodePools } } };
}
