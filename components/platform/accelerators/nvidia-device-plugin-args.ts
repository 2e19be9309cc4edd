import type * as pulumi from "@pulumi/pulumi";
import {
  checkDnsLabel,
  checkEnum,
  checkOwnNamespace,
  checkTaintSyntax,
  checkWholeNumber,
  type InputProblem,
  inputProblem,
  type Toleration,
} from "../../internal";
import { checkPartResources } from "../part/part-args";
import { type DevicePluginConfig, MigStrategy, type TimeSlicing } from "./device-plugin-config";

/** How the device plugin tells the container runtime which GPUs a container is given. */
export const DeviceListStrategy = {
  /** By a field of the container runtime interface that only the kubelet writes (CDI, Container Device Interface). */
  cdiCri: "cdi-cri",
  /** By volume mounts; the nodes' NVIDIA toolkit must be told to honour them. */
  volumeMounts: "volume-mounts",
  /** By the variable `NVIDIA_VISIBLE_DEVICES`, which any image and any pod may set for itself. */
  envvar: "envvar",
} as const;
/** How the device plugin tells the container runtime which GPUs a container is given. */
export type DeviceListStrategy = (typeof DeviceListStrategy)[keyof typeof DeviceListStrategy];

/** What the device plugin's container asks for. */
export interface DevicePluginResources {
  /** CPU request, a Kubernetes quantity; `50m` by default. */
  cpu?: string;
  /** Memory request and limit, a Kubernetes quantity; `256Mi` by default. */
  memory?: string;
}

/** What an {@link NvidiaDevicePlugin} is made from. Every argument has a default. */
export interface NvidiaDevicePluginArgs {
  /**
   * Namespace to create for the plugin; `nvidia-device-plugin` by default. It is labelled `privileged` for Pod
   * Security, as the plugin mounts directories of the host, so it is for nothing else.
   */
  namespace?: string;
  /**
   * How containers are given their GPUs; `cdi-cri` by default. Under `envvar` the runtime must obey a variable that
   * CUDA images set to `all`, so a pod that asks for no GPU sees every one. `cdi-cri` and `volume-mounts` let the
   * nodes refuse that variable (`accept-nvidia-visible-devices-envvar-when-unprivileged = false` in the NVIDIA
   * toolkit's configuration), and of the two only `cdi-cri` needs neither a change to the nodes nor CAP_SYS_ADMIN.
   * It needs a container engine with CDI on: containerd 2, CRI-O, EKS nodes from Kubernetes 1.32.
   */
  deviceListStrategy?: DeviceListStrategy;
  /** How GPUs that are split by MIG are shown; `none` by default. */
  migStrategy?: MigStrategy;
  /** Lets several pods take turns on one GPU; off by default. */
  timeSlicing?: TimeSlicing;
  /**
   * Further configurations by name. A node selects one with the label `nvidia.com/device-plugin.config`; the others
   * get `migStrategy` and `timeSlicing`.
   */
  namedConfigs?: Record<string, DevicePluginConfig>;
  /**
   * Whether the plugin ends with an error on a node whose GPUs it cannot read; true by default, as a node that is
   * labelled for GPUs and shows none should be noticed.
   */
  failOnInitError?: boolean;
  /** Tolerations beside that of every `nvidia.com/gpu` taint: one for each further taint of the GPU pools. */
  tolerations?: Toleration[];
  /**
   * Names of the pools whose nodes bring a plugin of their own, as those of Bottlerocket and of EKS Auto Mode do; none by
   * default. Two plugins on a node would hand out its GPUs twice.
   */
  excludedPools?: string[];
  /** Priority class; `system-node-critical` by default, as without the plugin a GPU node has no GPU. */
  priorityClassName?: pulumi.Input<string>;
  /** Runtime class, for nodes where NVIDIA's runtime is not the default one; none by default. */
  runtimeClassName?: pulumi.Input<string>;
  /** Where the nodes have the driver installed; `/` by default, `/run/nvidia/driver` where a container brings it. */
  driverRoot?: string;
  /**
   * Whether the plugin runs with CAP_SYS_ADMIN. By default only where MIG or `volume-mounts` demand it; set it where
   * the nodes refuse `NVIDIA_VISIBLE_DEVICES` from containers without it, as the plugin itself needs every GPU.
   */
  sysAdmin?: boolean;
  /** What the plugin's container asks for. */
  resources?: DevicePluginResources;
  /** Image in place of the pinned one. */
  image?: pulumi.Input<string>;
}

/**
 * Checks a device plugin's inputs.
 *
 * @see https://github.com/NVIDIA/k8s-device-plugin/blob/v0.20.0/README.md for what each means
 */
export function validateNvidiaDevicePlugin(_name: string, args: NvidiaDevicePluginArgs): InputProblem[] {
  const namespace = args.namespace ?? "nvidia-device-plugin";
  return [
    ...checkDnsLabel("namespace", namespace),
    ...checkOwnNamespace(namespace),
    ...checkEnum("deviceListStrategy", args.deviceListStrategy, DeviceListStrategy),
    ...checkConfig("", args),
    ...Object.entries(args.namedConfigs ?? {}).flatMap(([key, config]) => checkNamedConfig(key, config)),
    ...checkTaintSyntax("tolerations", args.tolerations),
    ...(args.excludedPools ?? []).flatMap((pool, index) => checkDnsLabel(`excludedPools[${index}]`, pool)),
    ...checkDriverRoot(args.driverRoot),
    ...checkPartResources("resources", args.resources, { cpu: "50m", memory: "256Mi" }),
  ];
}

function checkConfig(path: string, { migStrategy, timeSlicing }: DevicePluginConfig): InputProblem[] {
  return [
    ...checkEnum(`${path}migStrategy`, migStrategy, MigStrategy),
    ...checkWholeNumber(`${path}timeSlicing.replicas`, timeSlicing?.replicas, { min: 2 }),
  ];
}

function checkNamedConfig(key: string, config: DevicePluginConfig): InputProblem[] {
  const path = `namedConfigs["${key}"]`;
  const reserved = inputProblem(path, key, "any name but default", "Use migStrategy and timeSlicing for the default.");
  return [...(key === "default" ? [reserved] : []), ...checkDnsLabel(path, key), ...checkConfig(`${path}.`, config)];
}

function checkDriverRoot(driverRoot: string | undefined): InputProblem[] {
  if (driverRoot === undefined || driverRoot.startsWith("/")) return [];
  return [inputProblem("driverRoot", driverRoot, "an absolute path", "Start it with a slash.")];
}
