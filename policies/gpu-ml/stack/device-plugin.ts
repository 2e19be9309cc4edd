import {
  GPU_PRESENT_LABEL,
  GPU_RESOURCE,
  NVIDIA_PCI_LABEL,
  arrayAt,
  childAt,
  isTreeObject,
  isUnknown,
  nodeAt,
  parseAmiType,
  stringAt,
  UNKNOWN,
  type NodeImage,
  type TreeObject,
} from "../../../components/model";
import type { PodGroup } from "../../engine/pods";
import type { Subject } from "../../engine/subject";
import { allOf, isOneOf, not, type Truth } from "../../engine/truth";
import { installs, isRendered } from "../installed-chart";

/** Something in a stack that offers GPUs to pods. */
export interface DevicePlugin {
  subject: Subject;
  /** Whether it is there and switched on. */
  isOn: Truth;
  /** Where it is switched on or off, or else what it is. */
  path: string;
  /** Its pods, or as much of them as the values of its chart tell; undefined for those of the GPU operator. */
  pods: PodGroup | undefined;
}

/** An operand of NVIDIA's GPU operator, as a chart's values and the ClusterPolicy alike spell it. */
export type Operand = "devicePlugin" | "driver" | "toolkit";

/** Labels that machines with GPUs carry, by which plugins find them. */
export const GPU_KEYS = [GPU_PRESENT_LABEL, NVIDIA_PCI_LABEL, "feature.node.kubernetes.io/cpu-model.vendor_id"];

/** DaemonSets of the plugin's chart beside the plugin itself. */
const COMPANIONS = /mps-control-daemon|gpu-feature-discovery/;

/** Every device plugin for NVIDIA GPUs of a stack, and what offers GPUs in another way. */
export function devicePluginsOf(subjects: Subject[]): DevicePlugin[] {
  return subjects.flatMap((subject) => pluginOf(subject) ?? []);
}

/** Where an object switches an operand of the GPU operator; undefined for what installs none. */
export function operandOf(subject: Subject, operand: Operand): Pick<DevicePlugin, "isOn" | "path"> | undefined {
  const isPolicy = subject.is("nvidia.com/ClusterPolicy");
  const isInstalled = isPolicy || installs(subject, "gpu-operator");
  if (isInstalled === false || isRendered(subject)) return undefined;
  const path = `${isPolicy ? "spec" : "values"}.${operand}.enabled`;
  return { path, isOn: allOf([isInstalled, not(isOneOf(nodeAt(subject.tree, path), false))]) };
}

/** The image of a node group's machines; undefined for other resources and images without NVIDIA's drivers. */
export function acceleratedImageOf({ type, tree }: Subject): NodeImage | undefined {
  if (type !== "aws:eks/nodeGroup:NodeGroup") return undefined;
  const image = parseAmiType(stringAt(tree, "amiType") ?? "");
  return image?.accelerator === "nvidia" ? image : undefined;
}

/** Whether the image of a node group is not known yet. */
export function isImageUnknown({ type, tree }: Subject): boolean {
  return type === "aws:eks/nodeGroup:NodeGroup" && isUnknown(childAt(tree, "amiType"));
}

function pluginOf(subject: Subject): DevicePlugin | undefined {
  const operand = operandOf(subject, "devicePlugin");
  if (operand !== undefined) return { subject, ...operand, pods: undefined };
  if (subject.is("apps/DaemonSet")) {
    const name = childAt(childAt(subject.tree, "metadata"), "name");
    const isPlugin = typeof name === "string" && name.includes("nvidia-device-plugin") && !COMPANIONS.test(name);
    const isOn = isUnknown(name) && runsPluginImage(subject) ? UNKNOWN : isPlugin;
    return isOn === false ? undefined : { subject, isOn, path: "metadata.name", pods: subject.pods[0] };
  }
  if (isRendered(subject) || installs(subject, "nvidia-device-plugin") !== true) return undefined;
  return { subject, isOn: true, path: "chart", pods: podsOfChart(subject) };
}

/**
 * Where the pods of the plugin's chart run.
 *
 * @see https://github.com/NVIDIA/k8s-device-plugin/blob/v0.20.0/deployments/helm/nvidia-device-plugin/values.yaml
 */
function podsOfChart({ tree }: Subject): PodGroup {
  const values = childAt(tree, "values");
  const spec: TreeObject = {
    nodeSelector: childAt(values, "nodeSelector"),
    affinity: childAt(values, "affinity") ?? gpuAffinity(),
    tolerations: childAt(values, "tolerations") ?? [{ key: GPU_RESOURCE, operator: "Exists", effect: "NoSchedule" }],
  };
  return { path: "values", count: undefined, minCount: 1, template: { metadata: {}, spec }, spec };
}

function gpuAffinity(): TreeObject {
  const nodeSelectorTerms = GPU_KEYS.map((key) => ({ matchExpressions: [{ key, operator: "Exists" }] }));
  return { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } };
}

function runsPluginImage(subject: Subject): boolean {
  const containers = subject.pods.flatMap(({ spec }) => arrayAt(spec, "containers").filter(isTreeObject));
  return containers.some((container) => /\/k8s-device-plugin[:@]/.test(stringAt(container, "image") ?? ""));
}
