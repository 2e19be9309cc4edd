import { childAt, isUnknown, UNKNOWN, type Tree } from "../../components/model";
import { undecided, type Judgement, type StackRule } from "../engine/rule";
import { allOf, isOneOf, type Truth } from "../engine/truth";
import { minorOf } from "./version";

/** Minor versions that a kubelet may be behind its API server. */
const GREATEST_SKEW = 3;

/**
 * EKS-04, over the stack: the nodes of a group have a version that goes together with that of their cluster.
 *
 * @see https://kubernetes.io/releases/version-skew-policy/ "kubelet", v1.36
 */
export const nodeGroupVersion: StackRule = {
  id: "EKS-04",
  title: "Nodes have a version that goes together with their cluster",
  why: "A kubelet newer than its API server, or more than three minor versions older, works by luck only.",
  remediation: "Upgrade the group to the version of the cluster, or leave `version` out, which means the same.",
  url: "https://kubernetes.io/releases/version-skew-policy/",
  severity: "medium",
  level: "advisory",
  family: "eks",
  parameters: {},
  examples: {
    bad: `
type: aws:eks/cluster:Cluster
name: lab
properties: { name: lab, version: "1.36" }
---
type: aws:eks/nodeGroup:NodeGroup
name: gpu
properties: { clusterName: lab, version: "1.32" }
`,
    good: `
type: aws:eks/cluster:Cluster
name: lab
properties: { name: lab, version: "1.36" }
---
type: aws:eks/nodeGroup:NodeGroup
name: gpu
properties: { clusterName: lab, version: "1.35" }
`,
  },
  *judgeStack(subjects) {
    const clusters = subjects.filter(({ type }) => type === "aws:eks/cluster:Cluster");
    for (const group of subjects.filter(({ type }) => type === "aws:eks/nodeGroup:NodeGroup")) {
      for (const cluster of clusters) {
        for (const judgement of judgePair(group.tree, cluster.tree)) yield [group, judgement];
      }
    }
  },
};

function* judgePair(group: Tree, cluster: Tree): Iterable<Judgement> {
  const belongs = isOneOf(childAt(group, "clusterName"), childAt(cluster, "name"));
  const nodes: Tree = childAt(group, "version");
  const control: Tree = childAt(cluster, "version");
  const isApart = allOf([belongs, isSkewed(nodes, control)]);
  if (isUnknown(isApart)) yield undecided(isUnknown(belongs) ? "clusterName" : "version");
  if (isApart === true) {
    const newest = minorOf(control)!;
    yield {
      path: "version",
      observed: `"1.${String(minorOf(nodes))}"`,
      allowed: `1.${newest - GREATEST_SKEW} to 1.${newest}, as the cluster has 1.${newest}`,
      remedy: "Set it to the version of the cluster, or leave it out.",
    };
  }
}

/** A group or a cluster without a version has whatever goes together with the other. */
function isSkewed(nodes: Tree, control: Tree): Truth {
  if (isUnknown(nodes) || isUnknown(control)) return UNKNOWN;
  const [ofNodes = NaN, ofControl = NaN] = [minorOf(nodes), minorOf(control)];
  return ofNodes > ofControl || ofControl - ofNodes > GREATEST_SKEW;
}
