import { childAt, isUnknown, nodeAt, type Tree } from "../../../components/model";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";
import type { Subject } from "../../engine/subject";

/** Provisioners of EBS volumes that encrypt them only where the class says so. */
const EBS_PROVISIONERS = ["ebs.csi.aws.com", "kubernetes.io/aws-ebs"];

/** EKS Auto Mode encrypts its volumes unless the class says otherwise. */
const AUTO_MODE_PROVISIONER = "ebs.csi.eks.amazonaws.com";

/** Resources of AWS that are encrypted only where they say so. */
const AWS_STORAGE = ["aws:ebs/volume:Volume", "aws:efs/fileSystem:FileSystem"];

/**
 * DATA-02, encryption: volumes are encrypted at rest.
 *
 * FSx encrypts every file system and S3 every object by themselves, so there is nothing to ask of them. A copy of a
 * snapshot is as its snapshot, which is not at hand; and an account may encrypt all new EBS volumes by itself, which
 * nothing here shows.
 *
 * @see https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/v1.67.1/docs/parameters.md "encrypted"
 * @see https://docs.aws.amazon.com/eks/latest/userguide/create-storage-class.html "encrypted", Auto Mode
 * @see https://karpenter.sh/docs/concepts/nodeclasses/#specblockdevicemappings 1.14
 * @see https://docs.aws.amazon.com/fsx/latest/LustreGuide/encryption-at-rest.html
 */
export const volumeEncryption: ResourceRule = {
  id: "DATA-02",
  title: "Volumes are encrypted at rest",
  why: "Data sets, checkpoints and models stay readable on disks and snapshots that leave the account.",
  remediation:
    'Set `encrypted` (`parameters.encrypted: "true"` in a StorageClass), with a KMS key of your own if need be.',
  url: "https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html",
  severity: "high",
  level: "advisory",
  levels: { restricted: "mandatory" },
  family: "platform",
  parameters: {},
  frameworks: [
    { name: "CIS AWS Foundations Benchmark", version: "3.0.0", reference: "2.2.1" },
    { name: "CIS AWS Foundations Benchmark", version: "3.0.0", reference: "2.4.1" },
  ],
  fix: "sets `encrypted` to true, but for volumes and file systems of AWS, which that would replace",
  examples: {
    bad: `
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: { name: fast }
provisioner: ebs.csi.aws.com
parameters: { type: gp3 }
`,
    good: `
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: { name: fast }
provisioner: ebs.csi.aws.com
parameters: { type: gp3, encrypted: "true" }
`,
  },
  *judge(subject) {
    if (subject.is("storage.k8s.io/StorageClass")) yield* judgeClass(subject);
    if (AWS_STORAGE.includes(subject.type)) yield* judgeDisk(subject.tree, "");
    if (subject.type === "aws:ec2/launchTemplate:LaunchTemplate") {
      yield* judgeDisks(subject.tree, "blockDeviceMappings", "true");
    }
    if (subject.is("karpenter.k8s.aws/EC2NodeClass")) yield* judgeDisks(subject.tree, "spec.blockDeviceMappings", true);
  },
};

function* judgeClass({ tree }: Subject): Iterable<Judgement> {
  const provisioner = childAt(tree, "provisioner");
  const [asks, byItself] = [
    EBS_PROVISIONERS.some((name) => name === provisioner),
    provisioner === AUTO_MODE_PROVISIONER,
  ];
  if (!asks && !byItself && !isUnknown(provisioner)) return;
  const path = "parameters.encrypted";
  const encrypted = nodeAt(tree, path) ?? undefined;
  if (isUnknown(encrypted)) {
    yield undecided(path);
    return;
  }
  if (isTrue(encrypted) || (byItself && encrypted === undefined)) return;
  if (isUnknown(provisioner)) yield undecided("provisioner");
  else yield unencrypted(path, encrypted, "true");
}

/** The disks of nodes; those of the machine image, where none are written, are as the image says. */
function* judgeDisks(tree: Tree, place: string, on: string | boolean): Iterable<Judgement> {
  const mappings = nodeAt(tree, place);
  if (isUnknown(mappings)) yield undecided(place);
  for (const [index, mapping] of Array.isArray(mappings) ? mappings.entries() : []) {
    const disk = childAt(mapping, "ebs");
    if (disk !== undefined && disk !== null) yield* judgeDisk(disk, `${place}[${index}].ebs.`, on);
  }
}

/** A disk from a snapshot is as its snapshot, unless it says otherwise. */
function* judgeDisk(disk: Tree, above: string, on?: string | boolean): Iterable<Judgement> {
  const path = `${above}encrypted`;
  const encrypted = childAt(disk, "encrypted") ?? undefined;
  const snapshot = childAt(disk, "snapshotId") ?? childAt(disk, "snapshotID") ?? undefined;
  if (isUnknown(encrypted)) yield undecided(path);
  else if (encrypted === undefined && isUnknown(snapshot)) yield undecided(`${above}snapshotId`);
  else if (!isTrue(encrypted) && (encrypted !== undefined || snapshot === undefined)) {
    yield unencrypted(path, encrypted, on);
  }
}

/** @param on what to set; absent where the change would replace what exists, and all data with it. */
function unencrypted(path: string, encrypted: Tree, on?: string | boolean): Judgement {
  return {
    path,
    observed: encrypted === undefined ? "absent, which means no encryption" : "off",
    allowed: "true",
    remedy: "Set it, and name a KMS key of your own where the default one of the account will not do.",
    ...(on === undefined ? {} : { fix: [{ path, value: on }] }),
  };
}

function isTrue(switched: Tree): boolean {
  return switched === true || (typeof switched === "string" && switched.toLowerCase() === "true");
}
