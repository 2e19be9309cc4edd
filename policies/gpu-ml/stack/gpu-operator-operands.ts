import { isUnknown, objectAt } from "../../../components/model";
import { undecided, type Judgement, type StackRule } from "../../engine/rule";
import type { Subject } from "../../engine/subject";
import { acceleratedImageOf, isImageUnknown, operandOf, type Operand } from "./device-plugin";

/**
 * GPU-09, of the GPU operator: it leaves alone what the images of the nodes bring, the driver and the container toolkit.
 *
 * Node groups that keep an operand off by the operator's own label, `nvidia.com/gpu.deploy.driver: "false"`, are no
 * reason to switch it off.
 *
 * @see https://docs.nvidia.com/datacenter/cloud-native/gpu-operator/latest/amazon-eks.html 26.7
 */
export const gpuOperatorOperands: StackRule = {
  id: "GPU-09",
  title: "The GPU operator installs no driver or toolkit on images that have them",
  why: "A second driver does not load beside that of the image, and a second toolkit changes the runtime under running pods.",
  remediation: "Switch driver and toolkit off in the operator's values where the AMI is accelerated.",
  url: "https://docs.nvidia.com/datacenter/cloud-native/gpu-operator/latest/amazon-eks.html",
  severity: "high",
  level: "mandatory",
  family: "gpu",
  parameters: {},
  examples: {
    bad: `
type: aws:eks/nodeGroup:NodeGroup
name: train
properties: { amiType: AL2023_x86_64_NVIDIA, instanceTypes: [g5.xlarge] }
---
type: kubernetes:helm.sh/v3:Release
name: gpu-operator
properties: { chart: gpu-operator, values: { driver: { enabled: true } } }
`,
    good: `
type: aws:eks/nodeGroup:NodeGroup
name: train
properties: { amiType: AL2023_x86_64_NVIDIA, instanceTypes: [g5.xlarge] }
---
type: kubernetes:helm.sh/v3:Release
name: gpu-operator
properties: { chart: gpu-operator, values: { driver: { enabled: false }, toolkit: { enabled: false } } }
`,
  },
  *judgeStack(subjects) {
    const groups = subjects.filter((subject) => acceleratedImageOf(subject) !== undefined || isImageUnknown(subject));
    if (groups.length === 0) return;
    for (const subject of subjects) {
      for (const [operand, deployLabel] of OPERANDS) {
        for (const judgement of judgeOperand(subject, operand, deployLabel, groups)) yield [subject, judgement];
      }
    }
  },
};

/** What accelerated images bring, with the label by which nodes keep the operator's off. */
const OPERANDS: [operand: Operand, deployLabel: string][] = [
  ["driver", "nvidia.com/gpu.deploy.driver"],
  ["toolkit", "nvidia.com/gpu.deploy.container-toolkit"],
];

function* judgeOperand(
  subject: Subject,
  operand: Operand,
  deployLabel: string,
  groups: Subject[],
): Iterable<Judgement> {
  const { isOn = false, path = "" } = operandOf(subject, operand) ?? {};
  if (isOn === false) return;
  const exposed = groups.filter(({ tree }) => objectAt(tree, "labels")?.[deployLabel] !== "false");
  const [certain] = exposed.filter((group) => acceleratedImageOf(group) !== undefined);
  if (exposed.length === 0) return;
  if (isUnknown(isOn) || certain === undefined) {
    yield undecided(path);
  } else {
    yield {
      path,
      observed: `on, although the image of ${certain.title} has its own`,
      allowed: "false",
      remedy: "Set it to false.",
    };
  }
}
