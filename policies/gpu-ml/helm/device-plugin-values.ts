import { arrayAt, isTreeObject, isUnknown, type Tree } from "../../../components/model";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";
import { anyOf, type Truth } from "../../engine/truth";
import { chartValue, chartNamed, type InstalledChart } from "../installed-chart";

const STRATEGY = "deviceListStrategy";
const FAILS = "failOnInitError";

/**
 * HELM-03, device plugin: GPUs are handed out in a way that nodes can hold pods to, and broken nodes are noticed.
 *
 * By default the chart leaves the strategy to the plugin, which is `envvar`, and fails on errors. A configuration of the
 * plugin's own (`config`) may set the strategy too; that is left to whoever writes it.
 *
 * @see https://github.com/NVIDIA/k8s-device-plugin/blob/v0.20.0/README.md "Configuration Option Details"
 * @see https://github.com/NVIDIA/k8s-device-plugin/blob/v0.20.0/deployments/helm/nvidia-device-plugin/values.yaml
 */
export const devicePluginValues: ResourceRule = {
  id: "HELM-03",
  title: "The device plugin hands GPUs out by mounts or CDI, and fails where it finds none",
  why: "Where a variable is enough to get GPUs, any pod that sets it sees every GPU of its node.",
  remediation:
    "Set `deviceListStrategy` to `cdi-cri` or `volume-mounts`, and leave `failOnInitError` on for GPU nodes.",
  url: "https://github.com/NVIDIA/k8s-device-plugin/blob/v0.20.0/README.md",
  severity: "high",
  level: "advisory",
  family: "platform",
  parameters: {},
  examples: {
    bad: `
type: kubernetes:helm.sh/v4:Chart
name: plugin
properties:
  chart: nvidia-device-plugin
  version: 0.20.0
  values: { deviceListStrategy: envvar }
`,
    good: `
type: kubernetes:helm.sh/v4:Chart
name: plugin
properties:
  chart: nvidia-device-plugin
  version: 0.20.0
  values: { deviceListStrategy: cdi-cri }
`,
  },
  *judge(subject) {
    const chart = chartNamed(subject, "nvidia-device-plugin");
    if (chart === undefined) return;
    if (isUnknown(chart.name)) yield undecided("chart");
    else {
      yield* judgeStrategy(chart);
      yield* judgeFailure(chart);
    }
  },
};

function* judgeStrategy(chart: InstalledChart): Iterable<Judgement> {
  const path = `values.${STRATEGY}`;
  // Absence leaves the choice to the plugin's own configuration, where there is one.
  const configured = anyOf(["config.name", "config.map"].map((place) => isGiven(chartValue(chart, place, null))));
  const strategy = chartValue(chart, STRATEGY, isUnknown(configured) ? configured : configured ? undefined : null);
  if (isUnknown(strategy)) yield undecided(path);
  if (strategy === null || strategy === "" || namesVariable(strategy)) {
    yield {
      path,
      observed: strategy === null || strategy === "" ? "absent, which means envvar" : "envvar, alone or among others",
      allowed: "cdi-cri or volume-mounts",
      remedy: "Set it to cdi-cri, and let the nodes refuse NVIDIA_VISIBLE_DEVICES from pods without privileges.",
    };
  }
}

/** With `false`, a node whose driver is broken is ready and has no GPUs; that suits only nodes that need not have any. */
function* judgeFailure(chart: InstalledChart): Iterable<Judgement> {
  const path = `values.${FAILS}`;
  const fails = chartValue(chart, FAILS, true);
  const places = ["affinity", "nodeSelector"].map((place) => isGiven(chartValue(chart, place, null)));
  const isPlacedElsewhere = anyOf([chart.hasOtherValues, ...places]);
  if (isPlacedElsewhere === true || (fails !== false && !isUnknown(fails))) return;
  if (isUnknown(fails) || isUnknown(isPlacedElsewhere)) yield undecided(path);
  else {
    yield {
      path,
      observed: "false, although the chart keeps the plugin to nodes with GPUs",
      allowed: "true or absent",
      remedy: "Remove it, so that a node whose GPUs cannot be read is noticed.",
    };
  }
}

function isGiven(value: Tree): Truth {
  if (isUnknown(value)) return value;
  return isTreeObject(value) ? Object.keys(value).length > 0 : typeof value === "string" && value !== "";
}

function namesVariable(strategy: Tree): boolean {
  const names = typeof strategy === "string" ? strategy.split(",") : arrayAt({ strategy }, "strategy");
  return names.some((name) => typeof name === "string" && name.trim() === "envvar");
}
