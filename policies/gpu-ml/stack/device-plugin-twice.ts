import { AmiFamily, isUnknown } from "../../../components/model";
import type { PodGroup } from "../../engine/pods";
import { undecided, type Judgement, type StackRule } from "../../engine/rule";
import { allOf, type Truth } from "../../engine/truth";
import { GPU_KEYS, acceleratedImageOf, devicePluginsOf, type DevicePlugin } from "./device-plugin";
import { stackPoolsOf, type StackPool, type StackPools } from "./node-labels";
import { mayRunOn, selectedKeys } from "./node-selection";

/**
 * GPU-09, twice: no node has two device plugins, of which one may be part of its image.
 *
 * Plugins that select different nodes are left alone, and so are those that select by labels of which the stack tells
 * nothing.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/ml-eks-optimized-ami.html Bottlerocket brings the plugin
 * @see https://docs.nvidia.com/datacenter/cloud-native/gpu-operator/latest/getting-started.html "Common chart options", 26.7
 */
export const devicePluginTwice: StackRule = {
  id: "GPU-09",
  title: "Nodes have one device plugin",
  why: "Two plugins register the same GPUs, the later one in place of the other, and pods fail when either restarts.",
  remediation: "Keep one: the plugin of the image, of the GPU operator, or of its own chart.",
  url: "https://docs.aws.amazon.com/eks/latest/userguide/ml-eks-optimized-ami.html",
  severity: "high",
  level: "mandatory",
  family: "gpu",
  parameters: {},
  examples: {
    bad: `
type: kubernetes:helm.sh/v3:Release
name: gpu-operator
properties: { chart: gpu-operator, values: { driver: { enabled: false }, toolkit: { enabled: false } } }
---
type: kubernetes:helm.sh/v3:Release
name: nvidia-device-plugin
properties: { chart: nvidia-device-plugin }
`,
    good: `
type: kubernetes:helm.sh/v3:Release
name: gpu-operator
properties: { chart: gpu-operator, values: { devicePlugin: { enabled: false } } }
---
type: kubernetes:helm.sh/v3:Release
name: nvidia-device-plugin
properties: { chart: nvidia-device-plugin }
`,
  },
  *judgeStack(subjects) {
    const plugins = devicePluginsOf(subjects);
    if (plugins.length === 0) return;
    const stack = stackPoolsOf(subjects);
    const pools = stack.pools.filter(bringsPlugin);
    let earlier: DevicePlugin | undefined;
    for (const plugin of plugins) {
      const others = [
        ...(earlier === undefined ? [] : [besideOther(plugin, earlier)]),
        ...pools.map((pool) => besideImage(plugin, pool, stack)),
      ];
      const worst = others.find(({ isTwice }) => isTwice === true) ?? others.find(({ isTwice }) => isUnknown(isTwice));
      if (worst !== undefined) {
        for (const judgement of judgePlugin(plugin, worst)) yield [plugin.subject, judgement];
      }
      if (runsEverywhere(plugin) && earlier?.isOn !== true && plugin.isOn !== false) earlier = plugin;
    }
  },
};

/** Whether a plugin is on nodes that have another one, and which. */
interface Other {
  isTwice: Truth;
  title: string;
}

function* judgePlugin({ path }: DevicePlugin, { isTwice, title }: Other): Iterable<Judgement> {
  if (isUnknown(isTwice)) yield undecided(path);
  if (isTwice === true) {
    yield {
      path,
      observed: `a second device plugin, beside that of ${title}`,
      allowed: "one on each node",
      remedy: "Switch one of them off, or keep it off the nodes of the other.",
    };
  }
}

/** @param other one that runs everywhere. */
function besideOther(plugin: DevicePlugin, other: DevicePlugin): Other {
  return { isTwice: allOf([plugin.isOn, other.isOn, runsEverywhere(plugin)]), title: other.subject.title };
}

function besideImage(plugin: DevicePlugin, pool: StackPool, stack: StackPools): Other {
  const { pods } = plugin;
  const isThere = pods === undefined || (selectsByKnown(pods, stack) && mayRunOn(pods, pool, stack));
  return { isTwice: allOf([plugin.isOn, isThere]), title: `the image of ${pool.subject.title}` };
}

/** Two that run on all nodes with GPUs meet there; whether one that selects among these meets another is not known. */
function runsEverywhere({ pods }: DevicePlugin): boolean {
  return pods === undefined || selectedKeys(pods).every((key) => GPU_KEYS.includes(key));
}

function selectsByKnown(pods: PodGroup, { declaredKeys }: StackPools): boolean {
  return selectedKeys(pods).every((key) => GPU_KEYS.includes(key) || declaredKeys.has(key));
}

function bringsPlugin({ subject }: StackPool): boolean {
  return acceleratedImageOf(subject)?.family === AmiFamily.bottlerocket;
}
