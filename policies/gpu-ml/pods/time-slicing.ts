import { isTreeObject, isUnknown, nodeAt, stringAt, UNKNOWN, type Unknown } from "../../../components/model";
import { PLAIN_CONFIG, pluginConfigOf } from "../../../preflight/pools/plugin-config";
import type { Subject } from "../../engine/subject";

/** One resource of which a configuration of NVIDIA's device plugin offers several time slices for each GPU. */
export interface Slicing {
  /** Path of the number of slices, from the root of the resource that has the configuration. */
  path: string;
  /** Under which name the slices are offered; unknown where the configuration is. */
  resource: string | Unknown;
  replicas: number;
}

/** Where a resource keeps configurations of the device plugin as text, by their names. */
const TEXTS = [
  { types: ["kubernetes:core/v1:ConfigMap"], path: "data" },
  // The chart of the device plugin, and that of the GPU operator.
  { types: ["kubernetes:helm.sh/v3:Release", "kubernetes:helm.sh/v4:Chart"], path: "values.config.map" },
  { types: ["kubernetes:helm.sh/v3:Release", "kubernetes:helm.sh/v4:Chart"], path: "values.devicePlugin.config.data" },
];

/**
 * The time slicing that a ConfigMap or a Helm release sets up; one of unknown resource where the configuration is not known
 * yet.
 */
export function slicingsOf(subject: Subject): Slicing[] {
  return TEXTS.filter(({ types }) => types.includes(subject.type)).flatMap(({ path }) => {
    const texts = nodeAt(subject.tree, path);
    const hidden: Slicing = { path, resource: UNKNOWN, replicas: 0 };
    if (isUnknown(texts)) return mayConfigure(subject) ? [hidden] : [];
    return Object.entries(isTreeObject(texts) ? texts : {}).flatMap(([name, text]) => {
      const at = /^\w+$/.test(name) ? `${path}.${name}` : `${path}["${name}"]`;
      if (isUnknown(text)) return mayConfigure(subject) ? [{ ...hidden, path: at }] : [];
      return typeof text === "string" ? slicingsIn(text, at) : [];
    });
  });
}

/** Nearly every ConfigMap is about something else, so that what is not known of one counts only where its name fits. */
function mayConfigure({ tree, type }: Subject): boolean {
  const names = ["name", "namespace"].map((field) => stringAt(nodeAt(tree, "metadata"), field) ?? "");
  return type !== "kubernetes:core/v1:ConfigMap" || /nvidia|gpu|device-plugin|time-slic/.test(names.join(" "));
}

function slicingsIn(text: string, path: string): Slicing[] {
  // Nearly every text is about something else, and need not be parsed.
  const config = text.includes(TIME_SLICING) ? pluginConfigOf(text, undefined) : PLAIN_CONFIG;
  const shared = isUnknown(config) ? [] : config.shared;
  return shared
    .filter((device) => device.path.includes(TIME_SLICING))
    .map(({ path: place, offered, replicas }) => ({ path: `${path}#${place}.replicas`, resource: offered, replicas }));
}

const TIME_SLICING = "timeSlicing";
