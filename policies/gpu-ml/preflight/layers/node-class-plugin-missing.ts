import {
  AmiFamily,
  childAt,
  containersOf,
  GPU_RESOURCE,
  isUnknown,
  stringAt,
  UNKNOWN,
} from "../../../../components/model";
import { onOff } from "../../../engine/parameters";
import type { PodGroup } from "../../../engine/pods";
import { undecided, type Judgement, type StackRule } from "../../../engine/rule";
import type { Subject } from "../../../engine/subject";
import { allOf, anyOf, not, type Truth } from "../../../engine/truth";
import { poolHasGpus } from "../../pools/requirements";
import { devicePluginsOf } from "../../stack/device-plugin";
import { podDemandOf } from "../../stack/gang";
import { classImageOf, imageEndOf, nodeClassesOf } from "./node-class";
import { stackPoolsOf, type StackPool } from "../../stack/node-labels";
import { textOf } from "../../stack/text-of";
import type { ObjectIndex } from "../../stack/object-index";

const installedElsewhere = onOff("true where another stack or somebody else installs the device plugin", false);

/**
 * GPU-09, of Karpenter: where pods of the stack ask for GPUs of nodes with Amazon Linux 2023, whose image has drivers
 * and no device plugin, the stack installs one. Add-ons and drivers that offer GPUs in another way count as well.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/ml-eks-optimized-ami.html (read 2026-11)
 */
export const nodeClassPluginMissing: StackRule<{ installedElsewhere: boolean }> = {
  id: "GPU-09",
  title: "Nodes that Karpenter starts without a device plugin in their image get one",
  why: "Without a device plugin a node offers none of its GPUs, and every pod that asks for one stays pending.",
  remediation: "Install NVIDIA's device plugin or its GPU operator, or take Bottlerocket, which brings the plugin.",
  url: "https://docs.aws.amazon.com/eks/latest/userguide/ml-eks-optimized-ami.html",
  severity: "high",
  level: "mandatory",
  family: "gpu",
  parameters: { installedElsewhere },
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
spec: { amiSelectorTerms: [{ alias: al2023@v20260724 }] }
---
apiVersion: v1
kind: Pod
metadata: { name: mnist, namespace: ml }
spec:
  containers:
    - name: main
      image: registry.example/mnist:1.4
      resources: { limits: { nvidia.com/gpu: 1 } }
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
spec: { amiSelectorTerms: [{ alias: bottlerocket@1.50.0 }] }
---
apiVersion: v1
kind: Pod
metadata: { name: mnist, namespace: ml }
spec:
  containers:
    - name: main
      image: registry.example/mnist:1.4
      resources: { limits: { nvidia.com/gpu: 1 } }
`,
  },
  *judgeStack(subjects, parameters) {
    if (parameters.installedElsewhere) return;
    const classes = nodeClassesOf(subjects);
    const needy = stackPoolsOf(subjects)
      .pools.map((pool): Needy => ({ pool, needs: needsPlugin(pool, classes) }))
      .filter(({ needs }) => needs !== false);
    if (needy.length === 0) return;
    const isInstalled = anyOf([...devicePluginsOf(subjects).map(({ isOn }) => isOn), ...subjects.map(offersOtherwise)]);
    if (isInstalled === true) return;
    const isAsked = anyOf(subjects.flatMap(({ pods }) => pods).map(asksForGpus));
    for (const { pool, needs } of needy) {
      const isLost = allOf([needs, isAsked, not(isInstalled)]);
      for (const judgement of judgePool(pool, isLost, classes)) yield [pool.subject, judgement];
    }
  },
};

/** A pool, and whether its image leaves the plugin to the stack. */
interface Needy {
  pool: StackPool;
  needs: Truth;
}

const PATH = "spec.template.spec.nodeClassRef";

function* judgePool(pool: StackPool, isLost: Truth, classes: ObjectIndex): Iterable<Judgement> {
  if (isUnknown(isLost)) yield undecided(PATH);
  if (isLost === true) {
    yield {
      path: PATH,
      observed:
        `a class without a device plugin by ${imageEndOf(pool, classes)}, and nothing in the stack installs ` + `one`,
      allowed: "such a class beside NVIDIA's device plugin or GPU operator",
      remedy: "Install the plugin, or take Bottlerocket, which brings it.",
    };
  }
}

function needsPlugin(pool: StackPool, classes: ObjectIndex): Truth {
  const image = classImageOf(pool, classes);
  const hasNone: Truth = isUnknown(image) ? image : image?.family === AmiFamily.al2023;
  return allOf([hasNone, poolHasGpus(pool.subject)]);
}

/** Names of charts and of add-ons that offer GPUs in another way, by where resources name them. */
const OTHERS: [type: RegExp, field: string, name: RegExp][] = [
  [/^kubernetes:helm\.sh\//, "chart", /dra-driver/],
  [/^aws:eks\/addon:Addon$/, "addonName", /dra-driver|nvidia-device-plugin|gpu-operator/],
];

function offersOtherwise({ type, tree }: Subject): Truth {
  const [, field = "", isMeant] = OTHERS.find(([ofType]) => ofType.test(type)) ?? [];
  const name = childAt(tree, field);
  return isUnknown(name) ? name : isMeant?.test(textOf(name)) === true;
}

/** Placeholders that keep a node ready do without what they ask for. */
const PLACEHOLDER = /\/pause[:@]/;

function asksForGpus(pods: PodGroup): Truth {
  if (containersOf(pods).some(({ container }) => PLACEHOLDER.test(stringAt(container, "image") ?? ""))) return false;
  const { amounts, unknownPath } = podDemandOf(pods);
  return amounts.has(GPU_RESOURCE) || (unknownPath === undefined ? false : UNKNOWN);
}
