import { childAt, isUnknown, nodeAt, poolShapeOf, UNKNOWN, type Told, type Tree } from "../../../components/model";
import { undecided, type Judgement, type StackRule } from "../../engine/rule";
import type { Subject } from "../../engine/subject";
import { allOf, isOneOf, type Truth } from "../../engine/truth";
import { describeSize, gib, isSmall, largestVolumePath } from "./disk";
import { poolHasGpus } from "./requirements";

const KARPENTER = "karpenter.k8s.aws/EC2NodeClass";
const AUTO_MODE = "eks.amazonaws.com/NodeClass";

/**
 * GPU-21, over the stack: nodes with GPUs that Karpenter or EKS Auto Mode starts have a disk that images fit on.
 *
 * @see https://karpenter.sh/docs/concepts/nodeclasses/#specblockdevicemappings (Karpenter 1.14)
 * @see https://docs.aws.amazon.com/eks/latest/userguide/create-node-class.html "ephemeralStorage"
 */
export const nodeClassVolume: StackRule<{ gib: number }> = {
  id: "GPU-21",
  title: "Disks of started GPU nodes hold the images that run there",
  why: "Images with CUDA and a framework take 10 to 30 GB; on a full disk the kubelet evicts the pods that need them.",
  remediation:
    "Give the node class of pools with GPUs a volume of at least 100 GiB, or use `instanceStorePolicy: RAID0`.",
  url: "https://docs.aws.amazon.com/eks/latest/best-practices/aiml-storage.html",
  severity: "low",
  level: "advisory",
  family: "gpu",
  parameters: { gib },
  examples: {
    bad: `
apiVersion: karpenter.sh/v1
kind: NodePool
metadata: { name: gpu }
spec:
  template:
    spec:
      nodeClassRef: { group: karpenter.k8s.aws, kind: EC2NodeClass, name: gpu }
      requirements: [{ key: node.kubernetes.io/instance-type, operator: In, values: [g5.xlarge] }]
---
apiVersion: karpenter.k8s.aws/v1
kind: EC2NodeClass
metadata: { name: gpu }
spec:
  amiSelectorTerms: [{ alias: al2023@v20260724 }]
  blockDeviceMappings: [{ deviceName: /dev/xvda, ebs: { volumeSize: 50Gi } }]
`,
    good: `
apiVersion: karpenter.sh/v1
kind: NodePool
metadata: { name: gpu }
spec:
  template:
    spec:
      nodeClassRef: { group: karpenter.k8s.aws, kind: EC2NodeClass, name: gpu }
      requirements: [{ key: node.kubernetes.io/instance-type, operator: In, values: [g5.xlarge] }]
---
apiVersion: karpenter.k8s.aws/v1
kind: EC2NodeClass
metadata: { name: gpu }
spec:
  amiSelectorTerms: [{ alias: al2023@v20260724 }]
  blockDeviceMappings: [{ deviceName: /dev/xvda, ebs: { volumeSize: 150Gi } }]
`,
  },
  *judgeStack(subjects, { gib }) {
    const pools = subjects.filter((subject) => subject.is("karpenter.sh/NodePool"));
    for (const nodeClass of subjects.filter((subject) => subject.is(KARPENTER, AUTO_MODE))) {
      for (const judgement of judgeClass(nodeClass, pools, gib)) yield [nodeClass, judgement];
    }
  },
};

function* judgeClass(nodeClass: Subject, pools: Subject[], gib: number): Iterable<Judgement> {
  const path = pathOf(nodeClass);
  const disks = pools.map((pool): Disk => {
    const size = sizeFor(pool, nodeClass);
    return { size, isTooSmall: allOf([uses(pool, nodeClass), poolHasGpus(pool), isSmall(size, gib)]) };
  });
  const small = disks.find(({ isTooSmall }) => isTooSmall === true);
  if (small !== undefined) {
    yield {
      path,
      observed: describeSize(small.size),
      allowed: `at least ${gib} GiB for machines with GPUs`,
      remedy: `Ask for a volume of ${gib}Gi or more.`,
    };
  } else if (disks.some(({ isTooSmall }) => isUnknown(isTooSmall))) {
    yield undecided(path);
  }
}

/** The disk of the nodes that one pool starts from a node class. */
interface Disk {
  size: Told<number> | undefined;
  isTooSmall: Truth;
}

function uses(pool: Subject, nodeClass: Subject): Truth {
  const reference = nodeAt(pool.tree, "spec.template.spec.nodeClassRef");
  return allOf([
    isOneOf(childAt(reference, "kind"), nodeClass.kind),
    isOneOf(childAt(reference, "name"), nodeAt(nodeClass.tree, "metadata.name")),
  ]);
}

function sizeFor(pool: Subject, nodeClass: Subject): Told<number> | undefined {
  const isUnsaid = isUnknown(nodeAt(nodeClass.tree, "spec.blockDeviceMappings"));
  const [own, machines]: [Tree, Tree] = [pool.tree, nodeClass.tree];
  const shape = poolShapeOf({ type: pool.type, properties: own }, { type: nodeClass.type, properties: machines });
  return isUnsaid ? UNKNOWN : shape?.ephemeralStorageGib;
}

function pathOf(nodeClass: Subject): string {
  if (nodeClass.is(AUTO_MODE)) return "spec.ephemeralStorage.size";
  const mappings = "spec.blockDeviceMappings";
  return largestVolumePath(nodeAt(nodeClass.tree, mappings), mappings) ?? mappings;
}
