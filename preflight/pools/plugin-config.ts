import {
  arrayAt,
  childAt,
  GPU_RESOURCE,
  isUnknown,
  nodeAt,
  parseText,
  stringAt,
  UNKNOWN,
  type Tree,
  type Unknown,
} from "../../components/model";

/** A resource of which the device plugin offers several shares for each device. */
export interface SharedDevice {
  resource: string;
  /** Name under which the shares are offered; the same where they take the place of whole devices. */
  offered: string;
  /** Shares of each device, 2 or more. */
  replicas: number;
  /** Where the file says so: `sharing.timeSlicing.resources[0]`. */
  path: string;
}

/** How NVIDIA's device plugin shows the GPUs of a node. */
export interface PluginConfig {
  /** How slices are shown: not at all (`none`), as whole GPUs (`single`) or by their profiles (`mixed`). */
  migStrategy: string;
  shared: SharedDevice[];
}

/** What the plugin does where nobody configures it. */
export const PLAIN_CONFIG: PluginConfig = { migStrategy: "none", shared: [] };

/** Whatever a configuration has in place of a placeholder; there are none in these files. */
const NO_PLACEHOLDER = /(?!)/;

const VENDOR = `${GPU_RESOURCE.split("/")[0]}/`;

/**
 * Reads a configuration file of the device plugin: time slicing and MPS alike share devices.
 *
 * @param strategy what a flag says of slices, which outranks the file.
 * @returns the marker where the file is not known yet, or cannot be read.
 * @see https://github.com/NVIDIA/k8s-device-plugin/blob/v0.20.0/api/config/v1/config.go
 */
export function pluginConfigOf(text: Tree, strategy: Tree): PluginConfig | Unknown {
  if (isUnknown(text) || isUnknown(strategy)) return UNKNOWN;
  const [file] = typeof text === "string" ? parseText(text, NO_PLACEHOLDER) : [];
  const said = strategy ?? nodeAt(file, "flags.migStrategy") ?? PLAIN_CONFIG.migStrategy;
  const sharing = childAt(file, "sharing");
  return {
    migStrategy: typeof said === "string" && said !== "" ? said : PLAIN_CONFIG.migStrategy,
    shared: ["timeSlicing", "mps"].flatMap((way) => sharedBy(childAt(sharing, way), `sharing.${way}`)),
  };
}

function sharedBy(way: Tree, path: string): SharedDevice[] {
  const renames = childAt(way, "renameByDefault") === true;
  return arrayAt(way, "resources").flatMap((each, index) => {
    const [name, replicas] = [stringAt(each, "name"), childAt(each, "replicas")];
    if (name === undefined || typeof replicas !== "number" || replicas < 2) return [];
    const resource = ofVendor(name);
    const rename = stringAt(each, "rename") ?? "";
    const offered = rename !== "" ? ofVendor(rename) : renames ? `${resource}.shared` : resource;
    return [{ resource, offered, replicas: Math.floor(replicas), path: `${path}.resources[${index}]` }];
  });
}

function ofVendor(name: string): string {
  return name.includes("/") ? name : VENDOR + name;
}
