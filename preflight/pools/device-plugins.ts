import {
  arrayAt,
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
    if (isObject(resource, "nvidia.com", "ClusterPolicy"))
      return ofOperator(childAt(resource.properties, "spec"), stack) ?? [];
    if (resource.type !== "kubernetes:helm.sh/v3:Release") return [];
    const chart = stringAt(resource.properties, "chart")?.split("/").at(-1) ?? "";
    const values = childAt(resource.properties, "values");
    if (chart.startsWith("gpu-operator")) return ofOperator(values, stack) ?? [];
    return chart.startsWith("nvidia-device-plugin") ? [ofChart(values, stack)] : [];
  });
}

function ofDaemonSet(daemonSet: PlannedResource, stack: StackIndex): DevicePlugin | undefined {
  const name = objectName(daemonSet) ?? "";
  if (!name.includes("nvidia-device-plugin") || COMPANIONS.test(name)) return undefined;
  const spec = nodeAt(daemonSet.properties, "spec.template.spec");
  const containers = [...arrayAt(spec, "initContainers"), ...arrayAt(spec, "containers")];
  const env = (key: string): Tree => {
    const found = containers.flatMap((each) => arrayAt(each, "env")).find((each) => stringAt(each, "name") === key);
    return childAt(found, "value");
  };
  const strategy = env("MIG_STRATEGY");
  if (env("CONFIG_FILE") === undefined) return { daemonSet, configFor: () => pluginConfigOf(undefined, strategy) };
  const volume = arrayAt(spec, "volumes").find((each) => childAt(each, "configMap") !== undefined);
  const files = filesOf(childAt(volume, "configMap"), daemonSet, stack);
  const [single] = arrayAt(childAt(volume, "configMap"), "items");
  const chosen = stringAt(single, "key");
  return { daemonSet, configFor: chooser(files, { strategy, byDefault: env("DEFAULT_CONFIG"), chosen }) };
}

/** The operator's values and its ClusterPolicy spell it alike; without a word it shows slices as whole GPUs. */
function ofOperator(spec: Tree, stack: StackIndex): DevicePlugin | undefined {
  if (nodeAt(spec, "devicePlugin.enabled") === false) return undefined;
  const config = nodeAt(spec, "devicePlugin.config");
  const written = childAt(config, "data");
  const name = childAt(config, "name");
  const files = isTreeObject(written) ? written : isEmpty(name) ? {} : filesNamed(name, stack);
  const splits = nodeAt(spec, "migManager.enabled") !== false;
  const layouts = nodeAt(spec, "migManager.config.name");
  const isBuiltIn = isEmpty(layouts) || layouts === "default-mig-parted-config";
  return {
    configFor: chooser(files, {
      strategy: nodeAt(spec, "mig.strategy") ?? "single",
      byDefault: childAt(config, "default"),
      chosen: undefined,
    }),
    ...(splits ? { defaultLayout: stringAt(nodeAt(spec, "migManager.config"), "default") ?? "all-disabled" } : {}),
    ...(isBuiltIn ? {} : { layouts: layoutFile(filesNamed(layouts, stack)) }),
  };
}

function ofChart(values: Tree, stack: StackIndex): DevicePlugin {
  const map = nodeAt(values, "config.map");
  const name = nodeAt(values, "config.name");
  const named = isEmpty(name) ? {} : filesNamed(name, stack);
  const files = isTreeObject(map) || isUnknown(map) ? map : named;
  const strategy = childAt(values, "migStrategy") ?? undefined;
  return { configFor: chooser(files, { strategy, byDefault: nodeAt(values, "config.default"), chosen: undefined }) };
}

interface Choice {
  /** What a flag says of slices. */
  strategy: Tree;
  /** Key of the configuration of nodes that choose none. */
  byDefault: Tree;
  /** Key of the one that all nodes have; undefined where they may choose. */
  chosen: string | undefined;
}

/** Configurations are read once, however many pools ask for them. */
function chooser(files: TreeObject | Unknown, { strategy, byDefault, chosen }: Choice): DevicePlugin["configFor"] {
  const read = new Map<Tree, PluginConfig | Unknown>();
  return (labels) => {
    if (isUnknown(files)) return UNKNOWN;
    const key: Tree = chosen ?? labels[CONFIG_LABEL] ?? fallbackOf(files, byDefault);
    const known = read.get(key);
    if (known !== undefined) return known;
    const isThere = typeof key === "string" && Object.hasOwn(files, key);
    const isPlain = Object.keys(files).length === 0;
    const config = isThere || isPlain ? pluginConfigOf(isThere ? files[key] : undefined, strategy) : UNKNOWN;
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
function fallbackOf(files: TreeObject, byDefault: Tree): Tree {
  if (!isEmpty(byDefault)) return byDefault;
  const keys = Object.keys(files);
  if (keys.includes("default")) return "default";
  return keys.length === 1 ? keys[0] : undefined;
}

/** Data of the ConfigMap that a volume names: by its name, or as the one that the DaemonSet waits for. */
function filesOf(reference: Tree, daemonSet: PlannedResource, stack: StackIndex): TreeObject | Unknown {
  const name = stringAt(reference, "name");
  const namespace = objectNamespace(daemonSet) ?? "";
  const named = name === undefined ? undefined : findObject(stack, "", "ConfigMap", namespace, name);
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

/** Charts write the empty text where nothing is named. */
function isEmpty(name: Tree): boolean {
  return name === undefined || name === null || name === "";
}

function layoutFile(files: TreeObject | Unknown): Tree {
  return isUnknown(files) ? UNKNOWN : (files["config.yaml"] ?? UNKNOWN);
}
