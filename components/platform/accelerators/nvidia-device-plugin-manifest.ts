import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { compact, renderToleration } from "../../internal";
import { GPU_PRESENT_LABEL, GPU_RESOURCE, NVIDIA_PCI_LABEL, POOL_LABEL } from "../../model";
import { IMAGES } from "../../model/images";
import { MigStrategy } from "./device-plugin-config";
import { DeviceListStrategy, type NvidiaDevicePluginArgs } from "./nvidia-device-plugin-args";

/** Name of every object that the device plugin consists of. */
export const DEVICE_PLUGIN_NAME = "nvidia-device-plugin";

/** Node label by which a node selects one of the named configurations. */
export const DEVICE_PLUGIN_CONFIG_LABEL = "nvidia.com/device-plugin.config";

/** Key of the configuration that applies to nodes which select none. */
export const DEFAULT_CONFIG = "default";

const CONFIG_FILE = "/config/config.yaml";
const NAMED_CONFIGS = "/available-configs";

type EnvVars = Record<string, pulumi.Input<string>>;
type Mounts = { name: string; mountPath: string; readOnly?: boolean }[];

/** Names of the objects that the DaemonSet refers to. */
export interface DevicePluginReferences {
  namespace: pulumi.Input<string>;
  serviceAccount: pulumi.Input<string>;
  /** The ConfigMap with the configuration files; absent where flags say it all. */
  configMap?: pulumi.Input<string>;
}

/**
 * The DaemonSet that shows the GPUs of a node to the kubelet.
 *
 * It follows NVIDIA's chart, with the differences that it leaves out Tegra boards, which the chart knows by the vendor of
 * their CPU, that it tolerates the GPU taint whatever its effect and not the deprecated `CriticalAddonsOnly`, asks for the
 * memory it may use, and runs the config manager only where nodes have configurations to choose from.
 *
 * @see https://github.com/NVIDIA/k8s-device-plugin/tree/v0.20.0/deployments/helm/nvidia-device-plugin/templates
 */
export function nvidiaDevicePluginManifest(args: NvidiaDevicePluginArgs, references: DevicePluginReferences) {
  const labels = { "app.kubernetes.io/name": DEVICE_PLUGIN_NAME };
  return {
    apiVersion: "apps/v1" as const,
    kind: "DaemonSet" as const,
    metadata: { name: DEVICE_PLUGIN_NAME, namespace: references.namespace, labels },
    spec: {
      selector: { matchLabels: labels },
      updateStrategy: { type: "RollingUpdate" },
      template: { metadata: { labels }, spec: podSpec(args, references) },
    },
  };
}

/**
 * Whether the plugin's container needs CAP_SYS_ADMIN: to see MIG devices, and to be handed GPUs by a runtime that
 * takes orders only from volume mounts.
 *
 * @see https://github.com/NVIDIA/k8s-device-plugin/blob/v0.20.0/deployments/helm/nvidia-device-plugin/templates/_helpers.tpl
 */
export function needsSysAdmin(args: NvidiaDevicePluginArgs): boolean {
  return usesMig(args) || args.deviceListStrategy === DeviceListStrategy.volumeMounts;
}

function podSpec(args: NvidiaDevicePluginArgs, references: DevicePluginReferences): k8s.types.input.core.v1.PodSpec {
  const managed = hasNamedConfigs(args);
  return compact({
    priorityClassName: args.priorityClassName ?? "system-node-critical",
    runtimeClassName: args.runtimeClassName,
    serviceAccountName: references.serviceAccount,
    securityContext: { seccompProfile: { type: "RuntimeDefault" } },
    automountServiceAccountToken: managed,
    // The config manager tells the plugin by a signal that its configuration has changed.
    shareProcessNamespace: managed || undefined,
    affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: gpuNodes(args.excludedPools) } },
    tolerations: [{ key: GPU_RESOURCE }, ...(args.tolerations ?? [])].map(renderToleration),
    initContainers: managed ? [configManager(args, "nvidia-device-plugin-init", { ONESHOT: "true" })] : undefined,
    containers: [
      plugin(args, references),
      ...(managed ? [configManager(args, "nvidia-device-plugin-sidecar", reloading)] : []),
    ],
    volumes: volumes(args, references),
  });
}

/** A node need meet only one of the terms, and that in full. */
function gpuNodes(excludedPools: string[] = []) {
  const elsewhere = excludedPools.length === 0 ? [] : [{ key: POOL_LABEL, operator: "NotIn", values: excludedPools }];
  return {
    nodeSelectorTerms: [NVIDIA_PCI_LABEL, GPU_PRESENT_LABEL].map((key) => ({
      matchExpressions: [{ key, operator: "In", values: ["true"] }, ...elsewhere],
    })),
  };
}

const reloading = { ONESHOT: "false", SEND_SIGNAL: "true", SIGNAL: "1", PROCESS_TO_SIGNAL: DEVICE_PLUGIN_NAME };

function plugin(args: NvidiaDevicePluginArgs, references: DevicePluginReferences): k8s.types.input.core.v1.Container {
  const { cpu = "50m", memory = "256Mi" } = args.resources ?? {};
  const configured = references.configMap !== undefined;
  const env: EnvVars = compact({
    DEVICE_LIST_STRATEGY: args.deviceListStrategy ?? DeviceListStrategy.cdiCri,
    FAIL_ON_INIT_ERROR: String(args.failOnInitError ?? true),
    // Flags outrank the configuration file, which would then have no say in this.
    MIG_STRATEGY: configured ? undefined : (args.migStrategy ?? MigStrategy.none),
    CONFIG_FILE: configured ? CONFIG_FILE : undefined,
    NVIDIA_DRIVER_ROOT: driverRoot(args),
    NVIDIA_VISIBLE_DEVICES: "all",
    NVIDIA_DRIVER_CAPABILITIES: "compute,utility",
    NVIDIA_MIG_MONITOR_DEVICES: usesMig(args) ? "all" : undefined,
  });
  return {
    name: "nvidia-device-plugin-ctr",
    image: imageOf(args),
    command: ["nvidia-device-plugin"],
    env: envList(env),
    resources: { requests: { cpu, memory }, limits: { memory } },
    securityContext: securityContext(args),
    volumeMounts: [
      { name: "kubelet-device-plugins-dir", mountPath: "/var/lib/kubelet/device-plugins" },
      ...(usesCdi(args) ? cdiMounts : []),
      ...(configured ? configMounts(args) : []),
    ],
  };
}

function configManager(args: NvidiaDevicePluginArgs, name: string, env: EnvVars): k8s.types.input.core.v1.Container {
  const nodeName = { name: "NODE_NAME", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } };
  const common = {
    NODE_LABEL: DEVICE_PLUGIN_CONFIG_LABEL,
    CONFIG_FILE_SRCDIR: NAMED_CONFIGS,
    CONFIG_FILE_DST: CONFIG_FILE,
    DEFAULT_CONFIG,
  };
  return {
    name,
    image: imageOf(args),
    command: ["config-manager"],
    env: [nodeName, ...envList({ ...common, ...env })],
    resources: { requests: { cpu: "10m", memory: "64Mi" }, limits: { memory: "64Mi" } },
    securityContext: securityContext(args),
    volumeMounts: configMounts(args),
  };
}

function volumes(
  args: NvidiaDevicePluginArgs,
  { configMap }: DevicePluginReferences,
): k8s.types.input.core.v1.Volume[] {
  const kubelet = { path: "/var/lib/kubelet/device-plugins", type: "Directory" };
  const cdi = [
    { name: "driver-root", hostPath: { path: driverRoot(args) ?? "/", type: "Directory" } },
    { name: "cdi-root", hostPath: { path: "/var/run/cdi", type: "DirectoryOrCreate" } },
  ];
  const files = hasNamedConfigs(args)
    ? [
        { name: "available-configs", configMap: { name: configMap } },
        { name: "config", emptyDir: {} },
      ]
    : [{ name: "config", configMap: { name: configMap, items: [{ key: DEFAULT_CONFIG, path: "config.yaml" }] } }];
  return [
    { name: "kubelet-device-plugins-dir", hostPath: kubelet },
    ...(usesCdi(args) ? cdi : []),
    ...(configMap === undefined ? [] : files),
  ] as k8s.types.input.core.v1.Volume[];
}

const cdiMounts: Mounts = [
  { name: "driver-root", mountPath: "/driver-root", readOnly: true },
  { name: "cdi-root", mountPath: "/var/run/cdi" },
];

function configMounts(args: NvidiaDevicePluginArgs): Mounts {
  if (!hasNamedConfigs(args)) return [{ name: "config", mountPath: "/config", readOnly: true }];
  return [
    { name: "available-configs", mountPath: NAMED_CONFIGS },
    { name: "config", mountPath: "/config" },
  ];
}

function securityContext(args: NvidiaDevicePluginArgs): k8s.types.input.core.v1.SecurityContext {
  // Kubernetes refuses allowPrivilegeEscalation: false beside CAP_SYS_ADMIN.
  if (needsSysAdmin(args) || args.sysAdmin) return { capabilities: { add: ["SYS_ADMIN"] } };
  return { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };
}

function usesMig({ migStrategy, namedConfigs = {} }: NvidiaDevicePluginArgs): boolean {
  const strategies = [migStrategy, ...Object.values(namedConfigs).map((config) => config.migStrategy)];
  return strategies.some((strategy) => (strategy ?? MigStrategy.none) !== MigStrategy.none);
}

function usesCdi({ deviceListStrategy = DeviceListStrategy.cdiCri }: NvidiaDevicePluginArgs): boolean {
  return deviceListStrategy === DeviceListStrategy.cdiCri;
}

/** Whether nodes have configurations to choose from. */
export function hasNamedConfigs({ namedConfigs = {} }: NvidiaDevicePluginArgs): boolean {
  return Object.keys(namedConfigs).length > 0;
}

function driverRoot(args: NvidiaDevicePluginArgs): string | undefined {
  return usesCdi(args) ? (args.driverRoot ?? "/") : args.driverRoot;
}

function imageOf(args: NvidiaDevicePluginArgs): pulumi.Input<string> {
  return args.image ?? IMAGES.nvidiaDevicePlugin;
}

function envList(env: EnvVars) {
  return Object.entries(env).map(([name, value]) => ({ name, value }));
}
