import { isUnknown } from "../../../../components/model";
import { undecided, type Judgement, type StackRule } from "../../../engine/rule";
import { allOf, not, type Truth } from "../../../engine/truth";
import { poolHasGpus } from "../../pools/requirements";
import { devicePluginsOf, GPU_KEYS, type DevicePlugin } from "../../stack/device-plugin";
import { bringsPlugin, classImageOf, imageEndOf, keepsOff, nodeClassesOf } from "./node-class";
import { stackPoolsOf, type StackPool, type StackPools } from "../../stack/node-labels";
import { mayRunOn, selectedKeys } from "../../stack/node-selection";
import type { ObjectIndex } from "../../stack/object-index";

/**
 * GPU-09, of Karpenter and EKS Auto Mode: no plugin runs on nodes whose image has one, which are those of
 * Bottlerocket and all of Auto Mode.
 *
 * Plugins that select nodes by labels of which the stack tells nothing are left alone.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/auto-accelerated.html (read 2026-11)
 * @see https://docs.aws.amazon.com/eks/latest/userguide/ml-eks-optimized-ami.html (read 2026-11)
 */
export const nodeClassPlugin: StackRule = {
  id: "GPU-09",
  title: "Nodes that Karpenter starts have one device plugin",
  why: "Two plugins register the same GPUs, the later one in place of the other, and pods fail when either restarts.",
  remediation: "Keep the plugin off these nodes by an affinity, or choose an image without one.",
  url: "https://docs.aws.amazon.com/eks/latest/userguide/auto-accelerated.html",
  severity: "high",
  level: "mandatory",
  family: "gpu",
  parameters: {},
  examples: {
    bad: `
apiVersion: karpenter.sh/v1
kind: NodePool
metadata: { name: train }
spec:
  template:
    spec:
      nodeClassRef: { group: karpenter.k8s.aws, kind: EC2NodeClass, name: gpu }
      requirements: [{ key: node.kubernetes.io/instance-type, operator: In, values: [g5.xlarge] }]
---
apiVersion: karpenter.k8s.aws/v1
kind: EC2NodeClass
metadata: { name: gpu }
spec: { amiSelectorTerms: [{ alias: bottlerocket@1.50.0 }] }
---
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: nvidia-device-plugin, namespace: gpu }
spec:
  template:
    spec:
      containers: [{ name: plugin, image: "nvcr.io/nvidia/k8s-device-plugin:v0.20.0" }]
`,
    good: `
apiVersion: karpenter.sh/v1
kind: NodePool
metadata: { name: train }
spec:
  template:
    spec:
      nodeClassRef: { group: karpenter.k8s.aws, kind: EC2NodeClass, name: gpu }
      requirements: [{ key: node.kubernetes.io/instance-type, operator: In, values: [g5.xlarge] }]
---
apiVersion: karpenter.k8s.aws/v1
kind: EC2NodeClass
metadata: { name: gpu }
spec: { amiSelectorTerms: [{ alias: al2023@v20260724 }] }
---
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: nvidia-device-plugin, namespace: gpu }
spec:
  template:
    spec:
      containers: [{ name: plugin, image: "nvcr.io/nvidia/k8s-device-plugin:v0.20.0" }]
`,
  },
  *judgeStack(subjects) {
    const plugins = devicePluginsOf(subjects);
    if (plugins.length === 0) return;
    const classes = nodeClassesOf(subjects);
    const stack = stackPoolsOf(subjects);
    const pools = stack.pools.filter((pool) => classImageOf(pool, classes) !== undefined);
    for (const plugin of plugins) {
      for (const judgement of judgePlugin(plugin, pools, classes, stack)) yield [plugin.subject, judgement];
    }
  },
};

function* judgePlugin(
  plugin: DevicePlugin,
  pools: StackPool[],
  classes: ObjectIndex,
  stack: StackPools,
): Iterable<Judgement> {
  const { path } = plugin;
  const meetings = pools.map((pool) => ({ pool, meets: meets(plugin, pool, classes, stack) }));
  const certain = meetings.find((one) => one.meets === true);
  if (certain !== undefined) {
    yield {
      path,
      observed:
        `a second device plugin, beside that which ${imageEndOf(certain.pool, classes)} brings to the nodes ` +
        `of ${certain.pool.subject.title}`,
      allowed: "one on each node",
      remedy: "Keep this one off these nodes.",
    };
  } else if (meetings.some((one) => isUnknown(one.meets))) {
    yield undecided(path);
  }
}

function meets({ isOn, pods }: DevicePlugin, pool: StackPool, classes: ObjectIndex, stack: StackPools): Truth {
  const isThere =
    pods === undefined
      ? not(keepsOff(pool, "nvidia.com/gpu.deploy.device-plugin"))
      : selectedKeys(pods).every((key) => GPU_KEYS.includes(key) || stack.declaredKeys.has(key)) &&
        mayRunOn(pods, pool, stack);
  return allOf([isOn, poolHasGpus(pool.subject), bringsPlugin(pool, classes), isThere]);
}
