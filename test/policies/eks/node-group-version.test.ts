import { describe, expect, it } from "vitest";
import { nodeGroupVersion } from "../../../policies/eks/node-group-version";
import { analyzeStack, lines, UNKNOWN_STRING, urnOf } from "../analyzer";
import { cluster, nodeGroup, notKnownInStack } from "./resources";

function stack(control: unknown, nodes: unknown, clusterName: unknown = "lab", name: unknown = "lab") {
  return [cluster({ name, version: control }), nodeGroup({ clusterName, version: nodes })];
}

describe("EKS-04 versions of node groups", () => {
  it.each([
    ["the same version", stack("1.35", "1.35")],
    ["nodes three versions behind", stack("1.35", "1.32")],
    ["nodes without a version", stack("1.35", undefined)],
    ["a cluster without a version", stack(undefined, "1.20")],
    ["what is no version", stack("1.35", "newest")],
    ["nodes of another cluster", stack("1.35", "1.20", "other")],
    ["nodes of another cluster with a version not known", stack(UNKNOWN_STRING, "1.20", "other")],
    ["the same version, whatever the cluster is called", stack("1.35", "1.35", UNKNOWN_STRING)],
    ["node groups alone", [nodeGroup({ clusterName: "lab", version: "1.20" })]],
    [
      "other resources",
      [
        cluster({ name: "lab", version: "1.35" }),
        { ...nodeGroup({ clusterName: "lab", version: "1.20" }), type: "aws:eks/addon:Addon" },
      ],
    ],
    [
      "groups of what is no cluster",
      [
        { ...cluster({ name: "lab", version: "1.35" }), type: "eks:index:Cluster" },
        nodeGroup({ clusterName: "lab", version: "1.20" }),
      ],
    ],
  ])("accepts %s", (_case, resources) => {
    expect(analyzeStack([nodeGroupVersion], resources)).toEqual([]);
  });

  it.each([
    ["1.31", "four versions behind"],
    ["1.36", "ahead of the cluster"],
  ])("refuses nodes of %s, %s", (nodes) => {
    expect(lines(analyzeStack([nodeGroupVersion], stack("1.35", nodes)))).toEqual([
      `advisory [EKS-04] NodeGroup system: version is "${nodes}"; allowed: 1.32 to 1.35, as the cluster has 1.35. ` +
        "Set it to the version of the cluster, or leave it out.",
    ]);
  });

  it("files the finding under the node group", () => {
    const [control, nodes] = stack("1.35", "1.30");

    expect(analyzeStack([nodeGroupVersion], [control!, nodes!])).toMatchObject([{ urn: urnOf(nodes!) }]);
  });

  it.each([
    ["the version of the cluster", stack(UNKNOWN_STRING, "1.35"), "version"],
    ["the version of the nodes", stack("1.35", UNKNOWN_STRING), "version"],
    ["the cluster of the nodes", stack("1.35", "1.30", UNKNOWN_STRING), "clusterName"],
    ["the name of the cluster", stack("1.35", "1.30", "lab", UNKNOWN_STRING), "clusterName"],
  ])("leaves it to the update while %s is not known", (_case, resources, path) => {
    expect(lines(analyzeStack([nodeGroupVersion], resources))).toEqual([
      notKnownInStack("NodeGroup system", path, nodeGroupVersion),
    ]);
  });
});
