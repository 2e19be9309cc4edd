import { isUnknown, nodeImageProblem, UNKNOWN, type Told } from "../../../../components/model";
import { undecided, type Judgement, type StackRule } from "../../../engine/rule";
import { mayRequireMore } from "../../pools/requirements";
import { poolPath } from "./layer-end";
import { classImageOf, imageEndOf, nodeClassesOf } from "./node-class";
import { stackPoolsOf, type StackPool } from "../../stack/node-labels";
import type { ObjectIndex } from "../../stack/object-index";

/**
 * GPU-08, of Karpenter: images that an alias stands for have drivers for all machines of the NodePool.
 *
 * @see https://karpenter.sh/docs/concepts/nodeclasses/ "spec.amiSelectorTerms", v1.14
 * @see https://docs.aws.amazon.com/eks/latest/userguide/ml-eks-optimized-ami.html (read 2026-11)
 */
export const nodeClassImage: StackRule = {
  id: "GPU-08",
  title: "Node classes have the image that suits the machines of their pools",
  why: "On an image without drivers for its GPUs a machine joins the cluster without them, and costs as much as with them.",
  remediation:
    "Choose machines that the images of EKS have drivers for, or name an image of your own in the node class.",
  url: "https://karpenter.sh/docs/concepts/nodeclasses/",
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
      requirements: [{ key: node.kubernetes.io/instance-type, operator: In, values: [g7.2xlarge] }]
---
apiVersion: karpenter.k8s.aws/v1
kind: EC2NodeClass
metadata: { name: gpu }
spec: { amiSelectorTerms: [{ alias: al2023@v20260724 }] }
`,
    good: `
apiVersion: karpenter.sh/v1
kind: NodePool
metadata: { name: train }
spec:
  template:
    spec:
      nodeClassRef: { group: karpenter.k8s.aws, kind: EC2NodeClass, name: gpu }
      requirements: [{ key: node.kubernetes.io/instance-type, operator: In, values: [g7e.2xlarge] }]
---
apiVersion: karpenter.k8s.aws/v1
kind: EC2NodeClass
metadata: { name: gpu }
spec: { amiSelectorTerms: [{ alias: al2023@v20260724 }] }
`,
  },
  *judgeStack(subjects) {
    const classes = nodeClassesOf(subjects);
    for (const pool of stackPoolsOf(subjects).pools) {
      for (const judgement of judgePool(pool, classes)) yield [pool.subject, judgement];
    }
  },
};

function* judgePool(pool: StackPool, classes: ObjectIndex): Iterable<Judgement> {
  const image = classImageOf(pool, classes);
  if (image === undefined) return;
  const { instanceTypes = [] } = pool.shape;
  const types: Told<string>[] = isUnknown(instanceTypes) ? [UNKNOWN] : instanceTypes;
  const path = poolPath(pool, "machines");
  const family = isUnknown(image) ? undefined : image.family;
  const problems = types.flatMap((type) => {
    const problem = family === undefined || isUnknown(type) ? undefined : nodeImageProblem(type, family);
    return problem === undefined ? [] : [{ type: String(type), ...problem }];
  });
  const [first] = problems;
  const isVague = isUnknown(mayRequireMore(pool.subject.tree)) || types.some(isUnknown);
  if (first !== undefined) {
    const end = imageEndOf(pool, classes);
    const observed = `a choice of ${first.type}, for whose GPUs ${end} has no drivers`;
    yield { path, observed, allowed: first.allowed, remedy: first.remedy };
  } else if (isUnknown(image) || (isVague && family !== undefined)) {
    yield undecided(path);
  }
}
