import { childAt, isTreeObject, isUnknown, nodeAt, objectAt, stringAt, type Tree } from "../../../components/model";
import { textList } from "../../engine/parameters";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";
import type { Subject } from "../../engine/subject";

const words = textList("a list of words that stand in the name or the labels of what keeps data for long", [
  "dataset",
  "datasets",
  "model",
  "models",
  "checkpoint",
  "checkpoints",
  "artifact",
  "artifacts",
]);

/** Where a kind says what becomes of the data, and what holds where it does not. */
const POLICIES: Record<string, { path: string; byDefault: string }> = {
  // A volume that somebody writes by hand is retained; one of a class is deleted.
  "/PersistentVolume": { path: "spec.persistentVolumeReclaimPolicy", byDefault: "Retain" },
  "storage.k8s.io/StorageClass": { path: "reclaimPolicy", byDefault: "Delete" },
};

/**
 * DATA-02, reclaiming: volumes for data sets, models and checkpoints outlive the claims to them.
 *
 * @see https://kubernetes.io/docs/concepts/storage/persistent-volumes/#reclaiming v1.36
 * @see https://kubernetes.io/docs/concepts/storage/storage-classes/#reclaim-policy v1.36
 */
export const datasetReclaim: ResourceRule<{ words: string[] }> = {
  id: "DATA-02",
  title: "Volumes for data sets and models are retained",
  why: "With Delete, the data goes for good with the claim, and a claim goes with its namespace or a renamed resource.",
  remediation: "Set the reclaim policy to Retain, and delete volumes by hand once nobody needs them.",
  url: "https://kubernetes.io/docs/concepts/storage/persistent-volumes/#reclaiming",
  severity: "medium",
  level: "advisory",
  family: "platform",
  parameters: { words },
  fix: "sets the reclaim policy to Retain",
  examples: {
    bad: `
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: { name: datasets }
provisioner: ebs.csi.aws.com
parameters: { encrypted: "true" }
reclaimPolicy: Delete
`,
    good: `
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: { name: datasets }
provisioner: ebs.csi.aws.com
parameters: { encrypted: "true" }
reclaimPolicy: Retain
`,
  },
  *judge(subject, parameters) {
    for (const [kind, { path, byDefault }] of Object.entries(POLICIES)) {
      if (subject.is(kind))
        yield* judgePolicy(subject, path, nodeAt(subject.tree, path) ?? byDefault, parameters.words);
    }
  },
};

function* judgePolicy(subject: Subject, path: string, policy: Tree, keeping: string[]): Iterable<Judgement> {
  const names = namesOf(objectAt(subject.tree, "metadata"));
  const isKept = names.some(
    (name) => typeof name === "string" && name.split(/[^a-z0-9]+/).some((word) => keeping.includes(word)),
  );
  const hidden = isUnknown(childAt(subject.tree, "metadata")) || names.some(isUnknown);
  if (!isKept && !hidden) return;
  if (isUnknown(policy)) yield undecided(path);
  if (policy !== "Delete") return;
  if (!isKept) yield undecided("metadata");
  else {
    yield {
      path,
      observed: nodeAt(subject.tree, path) === policy ? "Delete" : "absent, which means Delete",
      allowed: "Retain",
      remedy: "Set it to Retain.",
      fix: [{ path, value: "Retain" }],
    };
  }
}

function namesOf(metadata: Tree): Tree[] {
  const labels = childAt(metadata, "labels");
  const values = isTreeObject(labels) ? Object.values(labels) : [labels].filter(isUnknown);
  const name = childAt(metadata, "name");
  return [isUnknown(name) ? name : stringAt(metadata, "name"), ...values];
}
