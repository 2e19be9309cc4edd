import {
  childAt,
  GPU_RESOURCE,
  isUnknown,
  nodeAt,
  objectAt,
  UNKNOWN,
  type Tree,
  type TreeObject,
} from "../../../../components/model";
import { onOff } from "../../../engine/parameters";
import { undecided, type Judgement, type StackRule } from "../../../engine/rule";
import type { Subject } from "../../../engine/subject";
import { allOf, anyOf, isOneOf, not, type Truth } from "../../../engine/truth";
import { installs, isRendered } from "../../installed-chart";
import { poolHasGpus } from "../../pools/requirements";
import { describeTaint } from "../../taint";
import { devicePluginsOf, GPU_KEYS, type DevicePlugin } from "../../stack/device-plugin";
import { madePools, poolEnd } from "./layer-end";
import { agentOf, podsWith, reachOf, type NodeAgent, type Reach } from "./node-agent";
import { poolTitles, stackPoolsOf, type StackPool, type StackPools } from "../../stack/node-labels";
import { isSelected } from "../../stack/node-selection";
import { requirementsOf, termsOf, type Requirement } from "../../node-requirement";
import { textOf } from "../../stack/text-of";
import { bringsPlugin, nodeClassesOf } from "./node-class";

const nodeFeatures = onOff("true where another stack or somebody else labels nodes with their devices", false);

/**
 * LAY-01: where a stack has a device plugin, it runs on the nodes of every pool with GPUs whose image has none.
 *
 * Labels that Node Feature Discovery finds count as being there where the stack installs it; plugins that select
 * nodes by other labels of which no pool tells are taken to find them.
 *
 * @see https://github.com/NVIDIA/k8s-device-plugin/blob/v0.20.0/deployments/helm/nvidia-device-plugin/values.yaml
 * "affinity", "tolerations"
 */
export const pluginReach: StackRule<{ nodeFeatures: boolean }> = {
  id: "LAY-01",
  title: "The device plugin runs on the nodes of all pools with GPUs",
  why: "A node that the plugin does not run on offers none of its GPUs, and its autoscaler starts one such node after another.",
  remediation: 'Label the pool with `nvidia.com/gpu.present: "true"`, and let the plugin tolerate its taints.',
  url: "https://github.com/NVIDIA/k8s-device-plugin",
  severity: "high",
  level: "mandatory",
  family: "gpu",
  parameters: { nodeFeatures },
  examples: {
    bad: `
type: aws:eks/nodeGroup:NodeGroup
name: train
properties:
  instanceTypes: [g5.xlarge]
  taints: [{ key: dedicated, value: research, effect: NO_SCHEDULE }]
---
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: nvidia-device-plugin, namespace: gpu }
spec:
  template:
    spec:
      tolerations: [{ key: nvidia.com/gpu, operator: Exists }]
      containers: [{ name: plugin, image: "nvcr.io/nvidia/k8s-device-plugin:v0.20.0" }]
`,
    good: `
type: aws:eks/nodeGroup:NodeGroup
name: train
properties:
  instanceTypes: [g5.xlarge]
  taints: [{ key: dedicated, value: research, effect: NO_SCHEDULE }]
---
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: nvidia-device-plugin, namespace: gpu }
spec:
  template:
    spec:
      tolerations: [{ key: dedicated, operator: Exists }]
      containers: [{ name: plugin, image: "nvcr.io/nvidia/k8s-device-plugin:v0.20.0" }]
`,
  },
  *judgeStack(subjects, parameters) {
    const agents = devicePluginsOf(subjects).map(agentOfPlugin);
    if (agents.length === 0) return;
    const isFound = anyOf([parameters.nodeFeatures, ...subjects.map(findsFeatures)]);
    const stack = withFeatures(stackPoolsOf(subjects), isFound);
    const classes = nodeClassesOf(subjects);
    for (const pool of madePools(stack)) {
      const needs = allOf([poolHasGpus(pool.subject), not(bringsPlugin(pool, classes))]);
      if (needs === false) continue;
      const reaches = agents.map((agent) => perhaps(reachOf(agent, pool, stack), isFound));
      yield* judgePool(pool, needs, reaches, stack);
    }
  },
};

function* judgePool(
  pool: StackPool,
  needs: Truth,
  reaches: Reach[],
  stack: StackPools,
): Iterable<[Subject, Judgement]> {
  const first = reaches.find(({ agent }) => agent.isOn === true) ?? reaches[0];
  const isOn = anyOf(reaches.map(({ agent }) => agent.isOn));
  const isLost = allOf([needs, isOn, not(anyOf(reaches.map((one) => one.reaches)))]);
  if (first === undefined || isLost === false) return;
  const { subject } = first.agent;
  yield [subject, isUnknown(isLost) ? undecided(placeOf(first)) : violation(first, pool, stack)];
}

/** What keeps an agent off: the labels, unless these are right. */
function placeOf({ agent, isSelected }: Reach): string {
  return isSelected === true ? agent.tolerationsPath : agent.selectionPath;
}

function violation(reach: Reach, pool: StackPool, stack: StackPools): Judgement {
  if (reach.isSelected === true) {
    const taint = describeTaint(reach.taint);
    return {
      path: placeOf(reach),
      observed: `without a match for ${taint}, which is in ${poolEnd(pool, "taints")}`,
      allowed: "tolerations for the taints of all nodes with GPUs",
      remedy: "Add a toleration for it.",
    };
  }
  return {
    path: placeOf(reach),
    observed:
      `a choice of nodes by labels that are not in ${poolEnd(pool, "labels")}, so that the GPUs of ` +
      `${poolTitles([pool])} are offered to no pod`,
    allowed: "labels of all nodes with GPUs",
    remedy: missingLabels(reach.agent, pool, stack),
  };
}

/** What makes an agent select the nodes of a pool. */
function missingLabels({ spec }: NodeAgent, pool: StackPool, stack: StackPools): string {
  const isMissing = (selection: TreeObject) => isSelected(podsWith(selection), pool, stack) === false;
  const selected = Object.entries(objectAt(spec, "nodeSelector") ?? {});
  const labels = selected.filter(([key, value]) => isMissing({ nodeSelector: { [key]: value } }));
  // Terms of an affinity are alternatives: the labels of one of them do.
  const terms = isMissing({ affinity: childAt(spec, "affinity") }) ? termsOf(podsWith(spec)) : [];
  const alternatives = (isUnknown(terms) ? [] : terms).map((term) => requirementsOf(term).map(labelOf));
  const [fewest = []] = alternatives.filter((each) => each.every(isLabel)).sort((a, b) => a.length - b.length);
  const all = [...labels.map(([key, value]) => labelText(key, textOf(value))), ...fewest.filter(isLabel)];
  if (all.length === 0) return "Have the plugin select labels that the pool has.";
  return `Label the pool with ${[...new Set(all)].join(" and ")}, or have the plugin select labels that it has.`;
}

/** The label that meets a requirement; undefined where one alone does not tell it. */
function labelOf({ key, operator, values: [value] }: Requirement): string | undefined {
  if (operator === "Exists") return labelText(textOf(key), "true");
  return operator === "In" && typeof value === "string" ? labelText(textOf(key), value) : undefined;
}

function labelText(key: string, value: string): string {
  return `${key}: ${JSON.stringify(value)}`;
}

function isLabel(label: string | undefined): label is string {
  return label !== undefined;
}

/** NVIDIA's own DaemonSets tolerate the taint that is called like the resource. */
const OPERATOR_TOLERATIONS: Tree = [{ key: GPU_RESOURCE, operator: "Exists", effect: "NoSchedule" }];

function agentOfPlugin({ subject, isOn, pods }: DevicePlugin): NodeAgent {
  if (subject.is("apps/DaemonSet")) return agentOf(subject, isOn, pods);
  if (pods !== undefined) {
    const place = { selectionPath: "values.affinity", tolerationsPath: "values.tolerations" };
    return { subject, isOn, spec: pods.spec, ...place };
  }
  const root = subject.is("nvidia.com/ClusterPolicy") ? "spec" : "values";
  const path = `${root}.daemonsets.tolerations`;
  const tolerations = nodeAt(subject.tree, path) ?? OPERATOR_TOLERATIONS;
  return { subject, isOn, spec: { tolerations }, selectionPath: path, tolerationsPath: path };
}

/** Whether a resource brings what labels nodes with the devices that they have. */
function findsFeatures(subject: Subject): Truth {
  if (subject.is("nvidia.com/ClusterPolicy")) return true;
  if (subject.is("apps/DaemonSet", "apps/Deployment")) {
    const name = nodeAt(subject.tree, "metadata.name");
    return isUnknown(name) ? UNKNOWN : /node-feature-discovery|nfd-/.test(textOf(name));
  }
  if (isRendered(subject)) return false;
  const values = childAt(subject.tree, "values");
  const isEnabled = anyOf(["gfd.enabled", "nfd.enabled"].map((path) => isOneOf(nodeAt(values, path), true)));
  return anyOf([
    installs(subject, "node-feature-discovery"),
    installs(subject, "gpu-operator"),
    allOf([installs(subject, "nvidia-device-plugin"), isEnabled]),
  ]);
}

/** Nodes have the labels that plugins look for where their pool says so, or where something finds them. */
function withFeatures(stack: StackPools, isFound: Truth): StackPools {
  const others = [...stack.declaredKeys].filter((key) => !GPU_KEYS.includes(key));
  return { ...stack, declaredKeys: new Set(isFound === true ? others : [...others, ...GPU_KEYS]) };
}

/** Where it is not known whether something labels nodes, it is not known which ones an agent selects. */
function perhaps(reach: Reach, isFound: Truth): Reach {
  if (!isUnknown(isFound) || reach.isSelected !== false) return reach;
  return { ...reach, isSelected: UNKNOWN, reaches: allOf([reach.agent.isOn, UNKNOWN]) };
}
