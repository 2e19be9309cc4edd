import {
  arrayAt,
  childAt,
  containersOf,
  isUnknown,
  itemsAt,
  UNKNOWN,
  type Unknown,
} from "../../../../components/model";
import type { PodGroup } from "../../../engine/pods";
import { undecided, type Judgement, type StackRule } from "../../../engine/rule";
import type { Subject } from "../../../engine/subject";
import { allOf, anyOf, not, type Truth } from "../../../engine/truth";
import { gpuAmountsOf, isGpuResource, isNonZero } from "../../gpu-resource";
import { poolHasGpus } from "../../pools/requirements";
import { devicePluginsOf, type DevicePlugin } from "../../stack/device-plugin";
import { flavorsOf, poolsOf, selectsByLabels } from "./flavors";
import { possiblePools, type PossiblePool } from "./layer-end";
import { bringsPlugin, nodeClassesOf } from "./node-class";
import { poolTitles, stackPoolsOf, type StackPool, type StackPools } from "../../stack/node-labels";
import { CLUSTER, objectIndexOf, type ObjectIndex } from "../../stack/object-index";
import { describeOffer, offers, pluginModeOf, type PluginMode } from "./plugin-mode";
import { textOf } from "../../stack/text-of";

/**
 * LAY-03: pods and queues call GPUs as the device plugin does on the nodes that they are about: whole, shared, or
 * slices.
 *
 * Nodes whose image brings the plugin are left alone, and so are simulated ones, which say themselves what they have.
 *
 * @see https://github.com/NVIDIA/k8s-device-plugin/blob/v0.20.0/README.md "Shared Access to GPUs", "migStrategy"
 */
export const resourceName: StackRule = {
  id: "LAY-03",
  title: "Pods and queues ask for GPUs by the name under which the device plugin offers them",
  why: "A resource that the plugin offers under another name is on no node, so that pods which ask for it stay pending.",
  remediation: "Ask for the resource that the plugin offers on these nodes, or change its configuration for them.",
  url: "https://github.com/NVIDIA/k8s-device-plugin#shared-access-to-gpus",
  severity: "high",
  level: "mandatory",
  family: "gpu",
  parameters: {},
  examples: {
    bad: `
type: aws:eks/nodeGroup:NodeGroup
name: serve
properties: { instanceTypes: [p4d.24xlarge] }
---
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: nvidia-device-plugin, namespace: gpu }
spec:
  template:
    spec:
      containers:
        - name: plugin
          image: nvcr.io/nvidia/k8s-device-plugin:v0.20.0
          env: [{ name: MIG_STRATEGY, value: single }]
---
apiVersion: v1
kind: Pod
metadata: { name: chat, namespace: ml }
spec:
  containers:
    - name: main
      image: registry.example/chat:1.4
      resources: { limits: { nvidia.com/mig-1g.5gb: 1 } }
`,
    good: `
type: aws:eks/nodeGroup:NodeGroup
name: serve
properties: { instanceTypes: [p4d.24xlarge] }
---
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: nvidia-device-plugin, namespace: gpu }
spec:
  template:
    spec:
      containers:
        - name: plugin
          image: nvcr.io/nvidia/k8s-device-plugin:v0.20.0
          env: [{ name: MIG_STRATEGY, value: mixed }]
---
apiVersion: v1
kind: Pod
metadata: { name: chat, namespace: ml }
spec:
  containers:
    - name: main
      image: registry.example/chat:1.4
      resources: { limits: { nvidia.com/mig-1g.5gb: 1 } }
`,
  },
  *judgeStack(subjects) {
    const plugins = devicePluginsOf(subjects);
    if (plugins.length === 0) return;
    const stack = stackPoolsOf(subjects);
    if (stack.isOpen) return;
    const context = contextOf(subjects, plugins, stack);
    for (const subject of subjects) {
      const asks = subject.is("kueue.x-k8s.io/ClusterQueue")
        ? asksOfQueue(subject, context)
        : subject.pods.flatMap((pods) => asksOfPods(pods, context));
      for (const ask of asks) {
        for (const judgement of judgeAsk(ask, context)) yield [subject, judgement];
      }
    }
  },
};

/** What a stack tells of how GPUs are offered. */
interface Context {
  stack: StackPools;
  plugins: DevicePlugin[];
  configMaps: ObjectIndex;
  classes: ObjectIndex;
  flavors: ObjectIndex;
}

/** A resource that something asks for on some pools. */
interface Ask {
  resource: string;
  path: string;
  isAsked: Truth;
  pools: PossiblePool[];
}

function contextOf(subjects: Subject[], plugins: DevicePlugin[], stack: StackPools): Context {
  return {
    stack,
    plugins,
    configMaps: objectIndexOf(
      subjects.filter((subject) => subject.is("/ConfigMap")),
      true,
    ),
    classes: nodeClassesOf(subjects),
    flavors: objectIndexOf(flavorsOf(subjects).filter(selectsByLabels), false),
  };
}

function asksOfPods(pods: PodGroup, { stack }: Context): Ask[] {
  const asks = containersOf(pods).flatMap((at) =>
    gpuAmountsOf(at).map(({ limit, request }) => (limit.amount === undefined ? request : limit)),
  );
  if (asks.length === 0) return [];
  const pools = possiblePools(pods, stack);
  return asks.map(({ resource, path, amount }) => ({ resource, path, isAsked: isNonZero(amount), pools }));
}

function asksOfQueue({ tree }: Subject, { flavors, stack }: Context): Ask[] {
  return itemsAt(childAt(tree, "spec"), "resourceGroups").flatMap((group, at) =>
    itemsAt(group, "flavors").flatMap((flavor, number) => {
      const found = flavors.find(CLUSTER, childAt(flavor, "name"));
      if (found === undefined || isUnknown(found)) return [];
      return arrayAt(flavor, "resources").flatMap((amounts, index): Ask[] => {
        const resource = textOf(childAt(amounts, "name"));
        if (!isGpuResource(resource)) return [];
        const path = `spec.resourceGroups[${at}].flavors[${number}].resources[${index}].nominalQuota`;
        const isAsked = isNonZero(childAt(amounts, "nominalQuota"));
        return [{ resource, path, isAsked, pools: poolsOf(found, stack) }];
      });
    }),
  );
}

function* judgeAsk({ resource, path, isAsked, pools }: Ask, context: Context): Iterable<Judgement> {
  const withGpus = pools.filter(({ pool }) => poolHasGpus(pool.subject) !== false);
  const offered = withGpus.map((one) => ({ ...one, modes: modesOf(one.pool, context) }));
  const isOffered = anyOf(offered.map(({ modes, truth }) => allOf([truth, isIn(modes, resource)])));
  // Pools that may turn out to take the pods may also turn out to offer what they ask for.
  const isLost = allOf([isAsked, not(isOffered), anyOf(offered.map(({ pool }) => poolHasGpus(pool.subject)))]);
  const mode = offered.flatMap(({ modes }) => (modes === "any" ? [] : modes)).find((one) => !isUnknown(one));
  if (isUnknown(isLost)) yield undecided(path);
  if (isLost === true && mode !== undefined && !isUnknown(mode)) {
    yield {
      path,
      observed:
        `an amount of ${resource}, which the device plugin does not offer on ` +
        poolTitles(offered.map(({ pool }) => pool)),
      allowed: `${describeOffer(mode)}, as ${mode.end} has it`,
      remedy: "Ask for what the plugin offers there, or change its configuration.",
    };
  }
}

/** How the plugins of a stack offer the GPUs of a pool; any way where somebody else decides. */
function modesOf(pool: StackPool, { plugins, configMaps, classes }: Context): (PluginMode | Unknown)[] | "any" {
  const isOwn = bringsPlugin(pool, classes);
  if (pool.subject.is("/Node") || isOwn === true) return "any";
  if (isUnknown(isOwn)) return [UNKNOWN];
  return plugins.map((plugin) => (plugin.isOn === true ? pluginModeOf(plugin, pool, configMaps) : UNKNOWN));
}

function isIn(modes: (PluginMode | Unknown)[] | "any", resource: string): Truth {
  if (modes === "any") return true;
  return anyOf(modes.map((mode): Truth => (isUnknown(mode) ? mode : offers(mode, resource))));
}
