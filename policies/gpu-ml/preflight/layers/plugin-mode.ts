import {
  childAt,
  GPU_RESOURCE,
  isTreeObject,
  isUnknown,
  UNKNOWN,
  type Tree,
  type Unknown,
} from "../../../../components/model";
import { fallbackOf } from "../../../../preflight/pools/device-plugins";
import { pluginConfigOf } from "../../../../preflight/pools/plugin-config";
import { pluginSourceOf, type PluginForm, type PluginSource } from "../../../../preflight/pools/plugin-source";
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
  const { subject } = plugin;
  const source = pluginSourceOf(subject.tree, formOf(plugin));
  if (isUnknown(source)) return UNKNOWN;
  const { strategy, strategyPath, chosen } = source;
  const end = endAt(
    subject,
    subject.is("apps/DaemonSet") ? `${plugin.pods?.path ?? ""}.${strategyPath}` : strategyPath,
  );
  const files = filesOf(source, subject, configMaps);
  if (isUnknown(files)) return UNKNOWN;
  if (files === undefined) return modeOf(undefined, strategy, end);
  const { labels } = pool.shape;
  const key: Tree = chosen ?? (isUnknown(labels) ? UNKNOWN : (labels?.[CONFIG_LABEL] ?? defaultOf(files, source)));
  if (isUnknown(key)) return UNKNOWN;
  const config = textOf(key) === "" ? undefined : childAt(files.entries, textOf(key));
  if (isUnknown(config)) return UNKNOWN;
  if (config === undefined) return modeOf(undefined, strategy, end);
  const place = endAt(files.subject, `${files.path}["${textOf(key)}"]`);
  return modeOf(config, strategy, strategy === undefined ? place : `${place} and ${end}`);
}

function formOf({ subject, pods }: DevicePlugin): PluginForm {
  if (subject.is("apps/DaemonSet")) return "daemonSet";
  if (pods !== undefined) return "chart";
  return subject.is("nvidia.com/ClusterPolicy") ? "operatorPolicy" : "operatorChart";
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

/** Configurations by name, with what holds them and where. */
interface Files {
  entries: Tree;
  subject: Subject;
  path: string;
}

function filesOf(source: PluginSource, subject: Subject, configMaps: ObjectIndex): Files | Unknown | undefined {
  const { written, configMap, isConfigured } = source;
  if (!isConfigured) return undefined;
  if (written !== undefined) return { ...written, subject };
  const namespace: Tree = subject.kind === undefined ? childAt(subject.tree, "namespace") : namespaceOf(subject);
  const found = configMap === undefined ? undefined : configMaps.find(namespace, configMap);
  // Somebody else keeps it, so that what it says is not known here.
  if (found === undefined || isUnknown(found)) return UNKNOWN;
  return { entries: childAt(found.tree, "data"), subject: found, path: "data" };
}

function defaultOf({ entries }: Files, { byDefault }: PluginSource): Tree {
  return isTreeObject(entries) ? fallbackOf(entries, byDefault) : byDefault;
}

function modeOf(text: Tree, strategy: Tree, end: string): PluginMode | Unknown {
  const config = pluginConfigOf(text, strategy);
  if (isUnknown(config)) return UNKNOWN;
  const renamed = config.shared.filter(({ resource, offered }) => offered !== resource);
  const names = new Map(renamed.map(({ resource, offered }) => [resource, offered]));
  return { isMixed: config.migStrategy === "mixed", names, end };
}
