import { GPU_RESOURCE, AmiFamily, childAt, isUnknown, UNKNOWN } from "../../../components/model";
import { onOff } from "../../engine/parameters";
import { undecided, type Judgement, type StackRule } from "../../engine/rule";
import type { Subject } from "../../engine/subject";
import { anyOf, type Truth } from "../../engine/truth";
import { acceleratedImageOf, devicePluginsOf, isImageUnknown } from "./device-plugin";
import { podDemandOf } from "./gang";
import { textOf } from "./text-of";

const installedElsewhere = onOff("true where another stack or somebody else installs the device plugin", false);

/**
 * GPU-09, not at all: where pods of the stack ask for GPUs of nodes with Amazon Linux 2023, whose image has drivers and no
 * device plugin, the stack installs one. The DRA driver and add-ons of EKS with such a name count as well.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/ml-eks-optimized-ami.html
 */
export const devicePluginMissing: StackRule<{ installedElsewhere: boolean }> = {
  id: "GPU-09",
  title: "GPU nodes without a device plugin in their image get one",
  why: "Without a device plugin a node offers none of its GPUs, and every pod that asks for one stays pending.",
  remediation: "Install NVIDIA's device plugin or its GPU operator, or take Bottlerocket, which brings the plugin.",
  url: "https://docs.aws.amazon.com/eks/latest/userguide/ml-eks-optimized-ami.html",
  severity: "high",
  level: "mandatory",
  family: "gpu",
  parameters: { installedElsewhere },
  examples: {
    bad: `
type: aws:eks/nodeGroup:NodeGroup
name: train
properties: { amiType: AL2023_x86_64_NVIDIA, instanceTypes: [g5.xlarge] }
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
type: aws:eks/nodeGroup:NodeGroup
name: train
properties: { amiType: AL2023_x86_64_NVIDIA, instanceTypes: [g5.xlarge] }
---
type: kubernetes:helm.sh/v3:Release
name: nvidia-device-plugin
properties: { chart: nvidia-device-plugin }
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
    const needy = subjects.filter((subject) => needsPlugin(subject) !== false);
    if (needy.length === 0) return;
    const isInstalled = anyOf([...devicePluginsOf(subjects).map(({ isOn }) => isOn), ...subjects.map(offersOtherwise)]);
    if (isInstalled === true) return;
    const isAsked = anyOf(subjects.flatMap((subject) => subject.pods).map((pods) => asksForGpus(podDemandOf(pods))));
    for (const subject of needy) {
      for (const judgement of judgeNodes(subject, isAsked, isInstalled)) yield [subject, judgement];
    }
  },
};

/** Charts and add-ons that offer GPUs in another way, or under another name. */
const OTHERS = /dra-driver|nvidia-device-plugin|gpu-operator/;

function* judgeNodes(subject: Subject, isAsked: Truth, isInstalled: Truth): Iterable<Judgement> {
  if (isAsked === false) return;
  const path = "amiType";
  if (isUnknown(isAsked) || isUnknown(isInstalled) || isUnknown(needsPlugin(subject))) {
    yield undecided(path);
  } else {
    yield {
      path,
      observed: "an image without a device plugin, and nothing in the stack installs one",
      allowed: "such an image beside NVIDIA's device plugin or GPU operator",
      remedy: "Install the plugin, or take Bottlerocket, which brings it.",
    };
  }
}

function needsPlugin(subject: Subject): Truth {
  if (isImageUnknown(subject)) return UNKNOWN;
  return acceleratedImageOf(subject)?.family === AmiFamily.al2023;
}

function offersOtherwise({ type, tree }: Subject): Truth {
  const isChart = type.startsWith("kubernetes:helm.sh/");
  if (!isChart && type !== "aws:eks/addon:Addon") return false;
  const name = childAt(tree, isChart ? "chart" : "addonName");
  return isUnknown(name) ? UNKNOWN : isChart ? textOf(name).includes("dra-driver") : OTHERS.test(textOf(name));
}

function asksForGpus({ amounts, unknownPath }: ReturnType<typeof podDemandOf>): Truth {
  return amounts.has(GPU_RESOURCE) || (unknownPath === undefined ? false : UNKNOWN);
}
