import {
  arrayAt,
  childAt,
  GPU_RESOURCE,
  isTreeObject,
  isUnknown,
  nodeAt,
  UNKNOWN,
  type Tree,
  type Unknown,
} from "../../../../components/model";
import { pluginConfigOf } from "../../../../preflight/pools/plugin-config";
import type { Subject } from "../../../engine/subject";
import type { DevicePlugin } from "../../stack/device-plugin";
import { endAt } from "./layer-end";
import type { StackPool } from "../../stack/node-labels";
import { namespaceOf, type ObjectIndex } from "../../stack/object-index";
import { textOf } from "../../stack/text-of";

/** Label by which a node chooses one of the plugin's configurations. */
const CONFIG_LABEL = "nvidia.com/device-plugin.config";

/** Any slice of a GPU, as the plugin calls it where it tells sizes apart. */
const SLICE = /^nvidia\.com\/mig-/;

/** How a device plugin offers the GPUs of some nodes. */
export interface PluginMode {
  /** Whether slices of GPUs are offered by their sizes; otherwise they are not at all, or as if they were GPUs. */
  isMixed: boolean;
  /** Other names under which resources are offered, by their own. */
  names: ReadonlyMap<string, string>;
  /** Where that is said, as the end of a contradiction. */
  end: string;
}

/**
 * How a device plugin offers the GPUs of a pool; unknown where a part of that is, or is in an object outside the stack.
 *
 * @see https://github.com/NVIDIA/k8s-device-plugin/blob/v0.20.0/README.md "Configuration Option Details", "Shared
 * Access to GPUs"
 */
export function pluginModeOf(plugin: DevicePlugin, pool: StackPool, configMaps: ObjectIndex): PluginMode | Unknown {
  const source = sourceOf(plugin, configMaps);
  if (isUnknown(source)) return UNKNOWN;
  const { configs, byDefault, strategy, end } = source;
  if (configs === undefined) return modeOf(undefined, strategy, end);
  const { labels } = pool.shape;
  const chosen: Tree = isUnknown(labels) ? UNKNOWN : (labels?.[CONFIG_LABEL] ?? byDefault(configs.entries));
  if (isUnknown(chosen)) return UNKNOWN;
  const config = textOf(chosen) === "" ? undefined : childAt(configs.entries, textOf(chosen));
  if (isUnknown(config)) return UNKNOWN;
  if (config === undefined) return modeOf(undefined, strategy, end);
  const place = endAt(configs.subject, `${configs.path}["${textOf(chosen)}"]`);
  return modeOf(config, strategy, strategy === undefined ? place : `${place} and ${end}`);
}

/** Whether a plugin offers a resource in some mode. */
export function offers({ isMixed, names }: PluginMode, resource: string): boolean {
  const own = [...names].find(([, offered]) => offered === resource)?.[0] ?? (names.has(resource) ? "" : resource);
  return own === GPU_RESOURCE || (isMixed && SLICE.test(own));
}

/** What a plugin offers in some mode, as messages list it. */
export function describeOffer({ isMixed, names }: PluginMode): string {
  const whole = names.get(GPU_RESOURCE) ?? GPU_RESOURCE;
  return isMixed ? `${whole} and slices by their sizes` : whole;
}

/** Where a plugin says how it offers GPUs. */
interface ModeSource {
  /** Configurations by name, with what holds them; undefined where there is none. */
  configs: { entries: Tree; subject: Subject; path: string } | undefined;
  /** The configuration of nodes that choose none. */
  byDefault: (entries: Tree) => Tree;
  /** The strategy for slices that a flag names, which outranks configurations. */
  strategy: Tree;
  end: string;
}

function sourceOf({ subject, pods }: DevicePlugin, configMaps: ObjectIndex): ModeSource | Unknown {
  if (subject.is("apps/DaemonSet")) return sourceOfDaemonSet(subject, pods?.path ?? "", configMaps);
  const isOfOperator = pods === undefined;
  const root = subject.is("nvidia.com/ClusterPolicy") ? "spec" : "values";
  const values = childAt(subject.tree, root);
  const strategyPath = isOfOperator ? "mig.strategy" : "migStrategy";
  const config = nodeAt(values, isOfOperator ? "devicePlugin.config" : "config");
  const strategy = nodeAt(values, strategyPath);
  if ([values, config, strategy, childAt(subject.tree, "valueYamlFiles")].some(isUnknown)) return UNKNOWN;
  const path = isOfOperator ? "devicePlugin.config.data" : "config.map";
  const own = nodeAt(values, path);
  const name = childAt(config, "name");
  const found: ModeSource["configs"] | Unknown = isFilled(own)
    ? { entries: own, subject, path: `${root}.${path}` }
    : namedBy(subject, name, configMaps);
  if (isUnknown(found)) return UNKNOWN;
  return {
    configs: found,
    byDefault: (entries) => childAt(config, "default") ?? onlyKeyOf(entries),
    // The operator always sets the flag.
    strategy: strategy ?? (isOfOperator ? "single" : undefined),
    end: endAt(subject, `${root}.${strategyPath}`),
  };
}

/** The chart's own DaemonSet: by variables, and by configurations in a volume, of which a helper may choose. */
function sourceOfDaemonSet(subject: Subject, path: string, configMaps: ObjectIndex): ModeSource | Unknown {
  const spec = nodeAt(subject.tree, "spec.template.spec");
  const containers = [...arrayAt(spec, "initContainers"), ...arrayAt(spec, "containers")];
  const variables = containers.flatMap((container) => arrayAt(container, "env"));
  const valueOf = (name: string) =>
    childAt(
      variables.find((each) => childAt(each, "name") === name),
      "value",
    );
  const volumes = arrayAt(spec, "volumes").filter((volume) => childAt(volume, "configMap") !== undefined);
  const strategy = valueOf("MIG_STRATEGY");
  const file = valueOf("CONFIG_FILE");
  const place = endAt(subject, `${path}.spec.containers[0].env`);
  const names = variables.map((variable): Tree => childAt(variable, "name"));
  if ([spec, strategy, file, ...containers, ...names, ...volumes].some(isUnknown)) return UNKNOWN;
  const end = place;
  if (file === undefined) return { configs: undefined, byDefault: () => undefined, strategy, end };
  const [volume] = volumes;
  const found = namedBy(subject, nodeAt(volume, "configMap.name"), configMaps);
  if (isUnknown(found)) return UNKNOWN;
  const [item] = arrayAt(childAt(volume, "configMap"), "items");
  const byDefault = (entries: Tree) => childAt(item, "key") ?? valueOf("DEFAULT_CONFIG") ?? onlyKeyOf(entries);
  return { configs: found, byDefault, strategy, end };
}

function namedBy(subject: Subject, name: Tree, configMaps: ObjectIndex): ModeSource["configs"] | Unknown {
  if (name === undefined || name === null || name === "") return undefined;
  const namespace: Tree = subject.kind === undefined ? childAt(subject.tree, "namespace") : namespaceOf(subject);
  const found = configMaps.find(namespace, name);
  // Somebody else keeps it, so that what it says is not known here.
  if (found === undefined || isUnknown(found)) return UNKNOWN;
  return { entries: childAt(found.tree, "data"), subject: found, path: "data" };
}

function modeOf(text: Tree, strategy: Tree, end: string): PluginMode | Unknown {
  const config = pluginConfigOf(text, strategy);
  if (isUnknown(config)) return UNKNOWN;
  const renamed = config.shared.filter(({ resource, offered }) => offered !== resource);
  const names = new Map(renamed.map(({ resource, offered }) => [resource, offered]));
  return { isMixed: config.migStrategy === "mixed", names, end };
}

function onlyKeyOf(entries: Tree): Tree {
  const keys = isTreeObject(entries) ? Object.keys(entries) : [];
  return keys.length === 1 ? keys[0] : undefined;
}

function isFilled(node: Tree): boolean {
  return isTreeObject(node) && Object.keys(node).length > 0;
}
