import { nodeAt } from "../../../components/model";
import { conditionOf, violatedIf } from "../../engine/conditions";
import type { Judgement, ResourceRule } from "../../engine/rule";
import type { Subject } from "../../engine/subject";
import { isAbsent, not } from "../../engine/truth";
import { shownPath } from "./node-volume";
import { control } from "./standards";

/**
 * POD-03, in volumes that pods claim: they are no folders of the node. The standards judge pods only, and a pod may claim
 * such a volume where it may not mount the folder.
 *
 * @see https://kubernetes.io/docs/concepts/storage/volumes/#hostpath v1.36
 */
export const hostPathVolume: ResourceRule = {
  id: "POD-03",
  title: "Persistent volumes are nothing from the disk of a node",
  why: "Who claims such a volume mounts a folder of whatever node the pod is on, past the rules for pods.",
  remediation:
    "Use a storage class; for a disk of a node that holds data use a `local` volume, which stays on its node.",
  url: "https://kubernetes.io/docs/concepts/storage/volumes/#hostpath",
  severity: "high",
  level: "mandatory",
  family: "pod",
  parameters: {},
  frameworks: [control("Baseline", "HostPath Volumes")],
  examples: {
    bad: `
apiVersion: v1
kind: PersistentVolume
metadata: { name: data }
spec:
  capacity: { storage: 10Gi }
  accessModes: [ReadWriteOnce]
  hostPath: { path: /data }
`,
    good: `
apiVersion: v1
kind: PersistentVolume
metadata: { name: data }
spec:
  capacity: { storage: 10Gi }
  accessModes: [ReadWriteOnce]
  csi: { driver: ebs.csi.aws.com, volumeHandle: vol-0123456789abcdef0 }
`,
  },
  judge: judgeVolume,
};

function* judgeVolume(subject: Subject): Iterable<Judgement> {
  if (!subject.is("/PersistentVolume")) return;
  const path = "spec.hostPath";
  const source = nodeAt(subject.tree, path);
  yield* violatedIf([conditionOf(not(isAbsent(source)), path)], () => ({
    path,
    observed: shownPath(source),
    allowed: "volumes that are not of a node, or `local` ones",
    remedy: "Use a storage class, or a volume of kind `local`.",
  }));
}
