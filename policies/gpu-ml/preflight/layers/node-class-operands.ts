import { isUnknown } from "../../../../components/model";
import { undecided, type Judgement, type StackRule } from "../../../engine/rule";
import type { Subject } from "../../../engine/subject";
import { allOf, not, type Truth } from "../../../engine/truth";
import { poolHasGpus } from "../../pools/requirements";
import { operandOf, type Operand } from "../../stack/device-plugin";
import { classImageOf, imageEndOf, keepsOff, nodeClassesOf } from "./node-class";
import { stackPoolsOf, type StackPool } from "../../stack/node-labels";
import type { ObjectIndex } from "../../stack/object-index";

/**
 * GPU-09, of the GPU operator beside Karpenter and EKS Auto Mode: it leaves alone what the images of the nodes bring,
 * the driver and the container toolkit.
 *
 * @see https://docs.nvidia.com/datacenter/cloud-native/gpu-operator/latest/amazon-eks.html 26.7
 * @see https://karpenter.sh/docs/concepts/nodeclasses/ "spec.amiSelectorTerms", v1.14
 */
export const nodeClassOperands: StackRule = {
  id: "GPU-09",
  title: "The GPU operator installs no driver or toolkit on nodes of Karpenter that have them",
  why: "A second driver does not load beside that of the image, and a second toolkit changes the runtime under running pods.",
  remediation: "Switch driver and toolkit off in the operator's values where node classes take images by an alias.",
  url: "https://docs.nvidia.com/datacenter/cloud-native/gpu-operator/latest/amazon-eks.html",
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
spec: { amiSelectorTerms: [{ alias: al2023@v20260724 }] }
---
type: kubernetes:helm.sh/v3:Release
name: gpu-operator
properties: { chart: gpu-operator, values: { driver: { enabled: true } } }
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
type: kubernetes:helm.sh/v3:Release
name: gpu-operator
properties: { chart: gpu-operator, values: { driver: { enabled: false }, toolkit: { enabled: false } } }
`,
  },
  *judgeStack(subjects) {
    const classes = nodeClassesOf(subjects);
    const pools = stackPoolsOf(subjects).pools.filter((pool) => classImageOf(pool, classes) !== undefined);
    if (pools.length === 0) return;
    for (const subject of subjects) {
      for (const [operand, deployLabel] of OPERANDS) {
        for (const judgement of judgeOperand(subject, operand, deployLabel, pools, classes)) yield [subject, judgement];
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
  pools: StackPool[],
  classes: ObjectIndex,
): Iterable<Judgement> {
  const { isOn = false, path = "" } = operandOf(subject, operand) ?? {};
  if (isOn === false) return;
  const exposed = pools.map((pool) => ({ pool, truth: isExposed(pool, deployLabel, classes) }));
  const certain = exposed.find(({ truth }) => truth === true);
  if (certain !== undefined && isOn === true) {
    yield {
      path,
      observed:
        `on, although ${imageEndOf(certain.pool, classes)} brings its own to the nodes of ` +
        certain.pool.subject.title,
      allowed: "false",
      remedy: "Set it to false.",
    };
  } else if (exposed.some(({ truth }) => truth !== false)) {
    yield undecided(path);
  }
}

function isExposed(pool: StackPool, deployLabel: string, classes: ObjectIndex): Truth {
  const image = classImageOf(pool, classes);
  return allOf([isUnknown(image) ? image : true, poolHasGpus(pool.subject), not(keepsOff(pool, deployLabel))]);
}
