import {
  childAt,
  isTreeObject,
  isUnknown,
  nodeAt,
  stringAt,
  UNKNOWN,
  type Tree,
  type TreeObject,
  type Unknown,
} from "../../components/model";
import type { PlannedResource } from "../planned-resource";
import { pluginConfigOf, type PluginConfig } from "./plugin-config";
import { pluginSourceOf, type PluginSource } from "./plugin-source";
import { findObject, isObject, objectName, objectNamespace, type StackIndex } from "./stack-index";

/** Something of a stack that offers GPUs to pods. */
export interface DevicePlugin {
  /** The DaemonSet of it, which runs on some nodes only; undefined where it runs wherever there are GPUs. */
  daemonSet?: PlannedResource;
  /** How it shows the GPUs of a node that has these labels; unknown where its configuration is. */
  configFor: (labels: Readonly<Record<string, string>>) => PluginConfig | Unknown;
  /** Layout of slices of nodes whose label names none; undefined where nothing splits GPUs by itself. */
  defaultLayout?: string;
  /**
   * Layouts of slices by name, in the file of what splits the GPUs; undefined where there is none beside the built-in
   * one.
   */
  layouts?: Tree;
}

/** Node label by which a node selects one of several configurations. */
const CONFIG_LABEL = "nvidia.com/device-plugin.config";

/** DaemonSets of the plugin's chart beside the plugin itself. */
const COMPANIONS = /mps-control-daemon|gpu-feature-discovery/;

/**
 * Every device plugin for NVIDIA GPUs of a stack, and every GPU operator, which brings one.
 *
 * @see https://github.com/NVIDIA/k8s-device-plugin/blob/v0.20.0/README.md
 * @see https://docs.nvidia.com/datacenter/cloud-native/gpu-operator/latest/getting-started.html 26.7
 */
export function devicePluginsOf(stack: StackIndex): DevicePlugin[] {
  return stack.resources.flatMap((resource) => {
    if (isObject(resource, "apps", "DaemonSet")) return ofDaemonSet(resource, stack) ?? [];
    const { properties } = resource;
    if (isObject(resource, "nvidia.com", "ClusterPolicy")) return ofOperator(properties, "operatorPolicy", stack);
    if (resource.type !== "kubernetes:helm.sh/v3:Release") return [];
    const chart = stringAt(properties, "chart")?.split("/").at(-1) ?? "";
    if (chart.startsWith("gpu-operator")) return ofOperator(properties, "operatorChart", stack);
    if (!chart.startsWith("nvidia-device-plugin")) return [];
    return [
      { configFor: chooser(pluginSourceOf(properties, "chart"), ({ configMap }) => filesNamed(configMap, stack)) },
    ];
  });
}

function ofDaemonSet(daemonSet: PlannedResource, stack: StackIndex): DevicePlugin | undefined {
  const name = objectName(daemonSet) ?? "";
  if (!name.includes("nvidia-device-plugin") || COMPANIONS.test(name)) return undefined;
  const source = pluginSourceOf(daemonSet.properties, "daemonSet");
  return { daemonSet, configFor: chooser(source, ({ configMap }) => filesOf(configMap, daemonSet, stack)) };
}

/** The operator's values and its ClusterPolicy spell it alike. */
function ofOperator(object: Tree, form: "operatorPolicy" | "operatorChart", stack: StackIndex): DevicePlugin[] {
  const spec = childAt(object, form === "operatorPolicy" ? "spec" : "values");
  if (nodeAt(spec, "devicePlugin.enabled") === false) return [];
  const splits = nodeAt(spec, "migManager.enabled") !== false;
  const layouts = nodeAt(spec, "migManager.config.name") ?? "";
  const isBuiltIn = layouts === "" || layouts === "default-mig-parted-config";
  return [
    {
      configFor: chooser(pluginSourceOf(object, form), ({ configMap }) => filesNamed(configMap, stack)),
      ...(splits ? { defaultLayout: stringAt(nodeAt(spec, "migManager.config"), "default") ?? "all-disabled" } : {}),
      ...(isBuiltIn ? {} : { layouts: layoutFile(filesNamed(layouts, stack)) }),
    },
  ];
}

/** Configurations are read once, however many pools ask for them. */
function chooser(
  source: PluginSource | Unknown,
  filesIn: (source: PluginSource) => TreeObject | Unknown,
): DevicePlugin["configFor"] {
  if (isUnknown(source)) return () => UNKNOWN;
  const { strategy, written, isConfigured, chosen } = source;
  const files = !isConfigured ? {} : written === undefined ? filesIn(source) : written.entries;
  const read = new Map<Tree, PluginConfig | Unknown>();
  return (labels) => {
    if (!isTreeObject(files)) return UNKNOWN;
    const key: Tree = chosen ?? labels[CONFIG_LABEL] ?? fallbackOf(files, source.byDefault);
    const known = read.get(key);
    if (known !== undefined) return known;
    const isThere = typeof key === "string" && Object.hasOwn(files, key);
    const config = isThere || !isConfigured ? pluginConfigOf(isThere ? files[key] : undefined, strategy) : UNKNOWN;
    read.set(key, config);
    return config;
  };
}

/**
 * The configuration of nodes that choose none: the one that is named as such, that is called `default`, or the only
 * one.
 *
 * @see https://github.com/NVIDIA/k8s-device-plugin/blob/v0.20.0/deployments/helm/nvidia-device-plugin/values.yaml
 */
export function fallbackOf(files: TreeObject, byDefault: Tree): Tree {
  if (byDefault !== undefined) return byDefault;
  const keys = Object.keys(files);
  if (keys.includes("default")) return "default";
  return keys.length === 1 ? keys[0] : undefined;
}

/** Data of the ConfigMap that a volume names: by its name, or as the one that the DaemonSet waits for. */
function filesOf(name: Tree, daemonSet: PlannedResource, stack: StackIndex): TreeObject | Unknown {
  const namespace = objectNamespace(daemonSet) ?? "";
  const named = typeof name !== "string" ? undefined : findObject(stack, "", "ConfigMap", namespace, name);
  const awaited = (daemonSet.dependencies ?? [])
    .map((urn) => stack.byUrn.get(urn))
    .find((resource) => resource !== undefined && isObject(resource, "", "ConfigMap"));
  return dataOf(named ?? awaited);
}

/** Data of a ConfigMap of some name in any namespace, as charts do not say in which they are. */
function filesNamed(name: Tree, stack: StackIndex): TreeObject | Unknown {
  if (typeof name !== "string") return UNKNOWN;
  return dataOf(stack.resources.find((each) => isObject(each, "", "ConfigMap") && objectName(each) === name));
}

function dataOf(configMap: PlannedResource | undefined): TreeObject | Unknown {
  const data = childAt(configMap?.properties, "data");
  return isTreeObject(data) ? data : UNKNOWN;
}

function layoutFile(files: TreeObject | Unknown): Tree {
  return isUnknown(files) ? UNKNOWN : (files["config.yaml"] ?? UNKNOWN);
}
