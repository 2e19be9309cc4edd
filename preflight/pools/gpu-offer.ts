import { AmiFamily, GPU_RESOURCE, isUnknown, nodeAt, parseAmiType, stringAt } from "../../components/model";
import type { DevicePlugin } from "./device-plugins";
import { MIG_LABEL, splitsOf, type Split } from "./mig-layout";
import { imageFamilyOf } from "./node-amounts";
import type { PoolUnknown } from "./planned-pool";
import type { SharedDevice } from "./plugin-config";
import type { PoolSource } from "./pool-source";

/** What a device plugin makes of the GPUs of a node. */
export interface GpuOffer {
  /** Devices by resource; undefined where it is not known. */
  devices: ReadonlyMap<string, number> | undefined;
  /** Why it is not known. */
  unknown?: PoolUnknown;
}

const PLUGIN_ABSENT =
  "the device plugin of the stack does not run on all of its nodes, so nothing tells who offers its GPUs";

/** More GPUs than any machine has, to which a number is held before lists are made of it. */
const MOST_GPUS = 1024;

/** Words by which the settings of Bottlerocket share or split GPUs. */
const BOTTLEROCKET_SHARING = /device-sharing-strategy|time-slicing|device-partitioning-strategy|nvidia\.mig|\bmps\b/;

/**
 * Whole GPUs, slices or shares that pods can ask for on a node with so many GPUs.
 *
 * @param plugin the device plugin that runs on such nodes; undefined where the stack has none, and GPUs are taken to be
 * offered whole by somebody else; `absent` where it has some, and none of them runs there.
 */
export function gpuOfferOf(
  source: PoolSource,
  gpus: number,
  labels: Readonly<Record<string, string>>,
  plugin: DevicePlugin | "absent" | undefined,
): GpuOffer {
  const whole = new Map([[GPU_RESOURCE, gpus]]);
  if (sharesByImage(source)) return hidden("its user data says how GPUs are shared, which is not read here");
  if (plugin === undefined) return { devices: whole };
  if (plugin === "absent") {
    return hidden(PLUGIN_ABSENT);
  }
  const config = plugin.configFor(labels);
  if (isUnknown(config)) return hidden("the configuration of its device plugin is not known");
  const layout = labels[MIG_LABEL] ?? plugin.defaultLayout;
  if (config.migStrategy === "none" || layout === undefined) return { devices: shared(whole, config.shared) };
  const splits = splitsOf(layout, source.shape, Math.min(gpus, MOST_GPUS), plugin.layouts);
  const devices = splits === "enabled" ? new Map<string, number>() : slicesOf(splits, config.migStrategy);
  if (devices === undefined) return hidden(`nothing tells into which slices ${layout} splits its GPUs`);
  return { devices: shared(devices, config.shared) };
}

/** Whether what is not known is who offers the GPUs of nodes that no plugin of the stack runs on. */
export function isPluginAbsent({ reason }: PoolUnknown): boolean {
  return reason === PLUGIN_ABSENT;
}

function hidden(reason: string): GpuOffer {
  return { devices: undefined, unknown: { property: "gpuResource", reason } };
}

/**
 * Slices as a strategy shows them: by their profiles, or as GPUs where all are alike.
 *
 * @see https://github.com/NVIDIA/k8s-device-plugin README, v0.20.0
 */
function slicesOf(splits: readonly Split[] | undefined, strategy: string): Map<string, number> | undefined {
  if (splits === undefined) return undefined;
  const devices = new Map<string, number>();
  const profiles = new Set<string>();
  for (const split of splits) {
    if (split.size === 0) {
      profiles.add("");
      add(devices, GPU_RESOURCE, 1);
    }
    for (const [profile, slices] of split) {
      profiles.add(profile);
      add(devices, strategy === "single" ? GPU_RESOURCE : migResource(profile), slices);
    }
  }
  return strategy === "single" && profiles.size > 1 ? undefined : devices;
}

function migResource(profile: string): string {
  return `nvidia.com/mig-${profile.replaceAll("+", ".")}`;
}

/** Each device is offered several times, under its own name or another one. */
function shared(devices: ReadonlyMap<string, number>, sharing: readonly SharedDevice[]): Map<string, number> {
  const offered = new Map<string, number>();
  for (const [resource, count] of devices) {
    const share = sharing.find((each) => each.resource === resource);
    add(offered, share?.offered ?? resource, count * (share?.replicas ?? 1));
  }
  return offered;
}

function add(devices: Map<string, number>, resource: string, count: number): void {
  devices.set(resource, (devices.get(resource) ?? 0) + count);
}

/**
 * Whether the image of the nodes has a device plugin of its own: so it is for Bottlerocket, which EKS Auto Mode uses.
 *
 * @see https://github.com/bottlerocket-os/bottlerocket README, "-nvidia" variants
 */
export function bringsPlugin(source: PoolSource): boolean {
  const nodeClass = nodeAt(source.makers[0]?.properties, "spec.template.spec.nodeClassRef");
  return stringAt(nodeClass, "group") === "eks.amazonaws.com" || imageFamilyOf(source) === AmiFamily.bottlerocket;
}

/** Bottlerocket brings the plugin, and its user data configures it. */
function sharesByImage({ makers: [maker], machines }: PoolSource): boolean {
  const image = parseAmiType(stringAt(maker?.properties, "amiType") ?? "");
  if (image?.family !== AmiFamily.bottlerocket) return false;
  const userData = stringAt(machines?.properties, "userData") ?? "";
  return BOTTLEROCKET_SHARING.test(Buffer.from(userData, "base64").toString());
}
