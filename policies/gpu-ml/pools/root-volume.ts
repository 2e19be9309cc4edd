import { childAt, isUnknown, poolShapeOf, UNKNOWN, type Told } from "../../../components/model";
import { undecided, type ResourceRule } from "../../engine/rule";
import type { Subject } from "../../engine/subject";
import { allOf, type Truth } from "../../engine/truth";
import { describeSize, gib, isSmall, largestVolumePath } from "./disk";
import { poolHasGpus } from "./requirements";

const NODE_GROUP = "aws:eks/nodeGroup:NodeGroup";
const MAPPINGS = "blockDeviceMappings";

/**
 * GPU-21: managed nodes with GPUs have a disk that images for GPUs fit on.
 *
 * A launch template is judged where it names the instance type itself, and no image of its own.
 *
 * @see https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateNodegroup.html "diskSize"
 */
export const rootVolume: ResourceRule<{ gib: number }> = {
  id: "GPU-21",
  title: "Disks of GPU nodes hold the images that run there",
  why: "Images with CUDA and a framework take 10 to 30 GB; on a full disk the kubelet evicts the pods that need them.",
  remediation: "Give nodes with GPUs a root volume of at least 100 GiB, or keep images on their local disks.",
  url: "https://docs.aws.amazon.com/eks/latest/best-practices/aiml-storage.html",
  severity: "low",
  level: "advisory",
  family: "gpu",
  parameters: { gib },
  fix: "sets the size of the volume to the least that is allowed, where the resource has a field for it",
  examples: {
    bad: `
type: aws:eks/nodeGroup:NodeGroup
name: gpu
properties: { instanceTypes: [g5.xlarge], diskSize: 50 }
`,
    good: `
type: aws:eks/nodeGroup:NodeGroup
name: gpu
properties: { instanceTypes: [g5.xlarge], diskSize: 100 }
`,
  },
  *judge(subject, { gib }) {
    for (const { path, size, hasGpus, isField } of disksOf(subject)) {
      const isTooSmall = allOf([hasGpus, isSmall(size, gib)]);
      if (isUnknown(isTooSmall)) yield undecided(path);
      if (isTooSmall === true) {
        yield {
          path,
          observed: describeSize(size),
          allowed: `at least ${gib} GiB for machines with GPUs`,
          remedy: `Give it a volume of ${gib} GiB or more.`,
          ...(isField ? { fix: [{ path, value: gib }] } : {}),
        };
      }
    }
  },
};

/** The disk for images of the machines that a resource describes. */
interface Disk {
  path: string;
  size: Told<number> | undefined;
  hasGpus: Truth;
  /** Whether the path is that of a field with the size in GiB. */
  isField: boolean;
}

function disksOf(subject: Subject): Disk[] {
  if (subject.type === NODE_GROUP) return diskOfGroup(subject);
  return subject.type === "aws:ec2/launchTemplate:LaunchTemplate" ? diskOfTemplate(subject) : [];
}

/** What a launch template says of disks cannot be told from the group. */
function diskOfGroup(subject: Subject): Disk[] {
  const { tree, type } = subject;
  const template = childAt(tree, "launchTemplate");
  if (template !== undefined && template !== null) return [];
  const size = poolShapeOf({ type, properties: { ...tree, launchTemplate: undefined } })?.ephemeralStorageGib;
  return [{ path: "diskSize", size, hasGpus: poolHasGpus(subject), isField: true }];
}

function diskOfTemplate({ tree, type }: Subject): Disk[] {
  const image = childAt(tree, "imageId");
  if (image !== undefined && image !== null) return [];
  const shape = poolShapeOf({ type: NODE_GROUP, properties: {} }, { type, properties: tree });
  const field = largestVolumePath(childAt(tree, MAPPINGS), MAPPINGS);
  const size = isUnknown(childAt(tree, MAPPINGS)) ? UNKNOWN : shape?.ephemeralStorageGib;
  const gpuResource = shape?.gpuResource;
  const hasGpus: Truth = isUnknown(gpuResource) ? gpuResource : gpuResource !== undefined;
  return [{ path: field ?? MAPPINGS, size, hasGpus, isField: field !== undefined }];
}
