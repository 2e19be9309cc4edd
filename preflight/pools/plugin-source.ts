import {
  arrayAt,
  childAt,
  isTreeObject,
  isUnknown,
  nodeAt,
  UNKNOWN,
  type Tree,
  type Unknown,
} from "../../components/model";

/** What brings a device plugin: its own DaemonSet, its chart, or the GPU operator by its policy or its chart. */
export type PluginForm = "daemonSet" | "chart" | "operatorPolicy" | "operatorChart";

/** Where an object says how its device plugin offers GPUs. */
export interface PluginSource {
  /** What a flag says of slices, which outranks configurations; undefined where there is none. */
  strategy: Tree;
  /** Where it does, or would: `values.mig.strategy`. */
  strategyPath: string;
  /** Configurations by name that the object itself holds, and where; undefined where it holds none. */
  written: { entries: Tree; path: string } | undefined;
  /** Name of the ConfigMap that holds them otherwise; undefined where none is named. */
  configMap: Tree;
  /** Name of the configuration of nodes that choose none; undefined where nothing says it. */
  byDefault: Tree;
  /** Name of the one that all nodes have; undefined where they may choose. */
  chosen: Tree;
  /** Whether there are configurations at all, even where it is not known what holds them. */
  isConfigured: boolean;
}

/** Where values and policies have the fields, below `values` or `spec`. */
const FIELDS = {
  chart: { root: "values", strategy: "migStrategy", config: "config", written: "map" },
  operatorPolicy: { root: "spec", strategy: "mig.strategy", config: "devicePlugin.config", written: "data" },
  operatorChart: { root: "values", strategy: "mig.strategy", config: "devicePlugin.config", written: "data" },
} as const;

/**
 * Reads where an object says how its device plugin offers GPUs; unknown where a part of that is not known yet.
 *
 * @see https://github.com/NVIDIA/k8s-device-plugin/blob/v0.20.0/deployments/helm/nvidia-device-plugin/values.yaml
 * @see https://docs.nvidia.com/datacenter/cloud-native/gpu-operator/latest/getting-started.html 26.7
 */
export function pluginSourceOf(object: Tree, form: PluginForm): PluginSource | Unknown {
  if (form === "daemonSet") return ofDaemonSet(nodeAt(object, "spec.template.spec"));
  const fields = FIELDS[form];
  const values = childAt(object, fields.root);
  const config = nodeAt(values, fields.config);
  const strategy = nodeAt(values, fields.strategy);
  if ([values, config, strategy, childAt(object, "valueYamlFiles")].some(isUnknown)) return UNKNOWN;
  const entries = childAt(config, fields.written);
  const isWritten = isUnknown(entries) || (isTreeObject(entries) && Object.keys(entries).length > 0);
  const configMap = named(childAt(config, "name"));
  return {
    // Without a word the operator shows slices as whole GPUs.
    strategy: strategy ?? (form === "chart" ? undefined : "single"),
    strategyPath: `${fields.root}.${fields.strategy}`,
    written: isWritten ? { entries, path: `${fields.root}.${fields.config}.${fields.written}` } : undefined,
    configMap,
    byDefault: named(childAt(config, "default")),
    chosen: undefined,
    isConfigured: isWritten || configMap !== undefined,
  };
}

/** By variables, and by configurations in a volume, of which a helper may choose. */
function ofDaemonSet(spec: Tree): PluginSource | Unknown {
  const containers = [...arrayAt(spec, "initContainers"), ...arrayAt(spec, "containers")];
  const variables = containers.flatMap((container) => arrayAt(container, "env"));
  const valueOf = (name: string): Tree => {
    const variable = variables.find((each) => childAt(each, "name") === name);
    return childAt(variable, "value");
  };
  const volumes = arrayAt(spec, "volumes").filter((volume) => childAt(volume, "configMap") !== undefined);
  const strategy = valueOf("MIG_STRATEGY");
  const file = valueOf("CONFIG_FILE");
  const names = variables.map((variable) => childAt(variable, "name"));
  if ([spec, strategy, file, ...containers, ...names, ...volumes].some(isUnknown)) return UNKNOWN;
  const reference = childAt(volumes[0], "configMap");
  const isConfigured = file !== undefined;
  return {
    strategy,
    strategyPath: "spec.containers[0].env",
    written: undefined,
    configMap: isConfigured ? named(childAt(reference, "name")) : undefined,
    byDefault: named(valueOf("DEFAULT_CONFIG")),
    chosen: childAt(arrayAt(reference, "items")[0], "key"),
    isConfigured,
  };
}

/** Charts write the empty text where nothing is named. */
function named(name: Tree): Tree {
  return name === "" ? undefined : (name ?? undefined);
}
