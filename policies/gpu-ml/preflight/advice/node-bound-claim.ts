import { arrayAt, childAt, isUnknown, nodeAt, pathInPodSet, UNKNOWN, type Tree } from "../../../../components/model";
import { podValue, type PodGroup } from "../../../engine/pods";
import { undecided, type Judgement, type StackRule } from "../../../engine/rule";
import type { Subject } from "../../../engine/subject";
import { allOf, anyOf, isOneOf, not, type Truth } from "../../../engine/truth";
import { TRAINING_KINDS } from "../../ml-jobs/job-kinds";
import { namespaceOf, objectIndexOf, type ObjectIndex } from "../../stack/object-index";

/**
 * ADV-03: a claim that one node at a time can mount has one pod, or pods that are kept on one node.
 *
 * Several pods of one training job are ML-12's. Of several objects with such a claim at least one must be there at all
 * times, as jobs may well run one after another. Pods with an affinity to other pods, or on a node by its name, are
 * left alone.
 *
 * @see https://kubernetes.io/docs/concepts/storage/persistent-volumes/ "Access Modes", v1.36
 */
export const nodeBoundClaim: StackRule = {
  id: "ADV-03",
  title: "Claims that one node can mount are used by pods of one node",
  why: "The volume attaches to the node of the pod that comes first, and all pods on other nodes wait for it in vain.",
  remediation:
    "Claim a ReadWriteMany volume, such as one of EFS or FSx, or keep the pods on one node by a pod affinity.",
  url: "https://kubernetes.io/docs/concepts/storage/persistent-volumes/#access-modes",
  severity: "medium",
  level: "advisory",
  family: "ml",
  parameters: {},
  examples: {
    bad: `
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: models, namespace: ml }
spec: { accessModes: [ReadWriteOnce] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: chat, namespace: ml }
spec:
  replicas: 2
  template:
    spec:
      containers: [{ name: main, image: "registry.example/chat:1.4" }]
      volumes: [{ name: models, persistentVolumeClaim: { claimName: models } }]
`,
    good: `
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: models, namespace: ml }
spec: { accessModes: [ReadWriteMany] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: chat, namespace: ml }
spec:
  replicas: 2
  template:
    spec:
      containers: [{ name: main, image: "registry.example/chat:1.4" }]
      volumes: [{ name: models, persistentVolumeClaim: { claimName: models } }]
`,
  },
  *judgeStack(subjects) {
    const claims = subjects.filter((subject) => subject.is("/PersistentVolumeClaim"));
    if (claims.length === 0) return;
    const index = objectIndexOf(claims, true);
    const byClaim = new Map<Subject, Use[]>();
    for (const subject of subjects) {
      for (const use of usesOf(subject, index)) {
        if (isUnknown(use.claim)) yield* judgeHidden(use);
        else byClaim.set(use.claim, [...(byClaim.get(use.claim) ?? []), use]);
      }
    }
    for (const [claim, uses] of byClaim) {
      const bound = isOfOneNode(claim);
      if (bound !== false) yield* judgeUses(claim, uses, bound);
    }
  },
};

/** Kinds whose pods are there at all times. */
const STANDING = [
  "apps/Deployment",
  "apps/ReplicaSet",
  "apps/StatefulSet",
  "apps/DaemonSet",
  "kubeflow.org/Notebook",
  "serving.kserve.io/InferenceService",
  "leaderworkerset.x-k8s.io/LeaderWorkerSet",
  "ray.io/RayCluster",
  "ray.io/RayService",
];

/** Access modes that tie a volume to one node, or to one pod. */
const OF_ONE_NODE = ["ReadWriteOnce", "ReadWriteOncePod"];

/** Pods that mount a claim. */
interface Use {
  subject: Subject;
  pods: PodGroup;
  /** Where they name it. */
  path: string;
  /** Unknown where it may be one that is not known yet. */
  claim: Subject | typeof UNKNOWN;
  isKept: Truth;
}

function usesOf(subject: Subject, index: ObjectIndex): Use[] {
  return subject.pods.flatMap((pods) => {
    const kept = isKept(pods);
    if (pods.count === 0 || kept === true) return [];
    return arrayAt(pods.spec, "volumes").flatMap((volume, at): Use[] => {
      const name = nodeAt(volume, "persistentVolumeClaim.claimName");
      const claim = name === undefined ? undefined : index.find(namespaceOf(subject), name);
      const path = pathInPodSet(pods, `spec.volumes[${at}].persistentVolumeClaim.claimName`);
      return claim === undefined ? [] : [{ subject, pods, path, claim, isKept: kept }];
    });
  });
}

/** Pods that go where others are, or to one node, share it. */
function isKept(pods: PodGroup): Truth {
  const values = ["affinity.podAffinity", "nodeName"].map((field) => podValue(pods, field));
  return anyOf(values.map((value) => (isUnknown(value) ? value : value !== undefined)));
}

/** One claim that is not known yet may be anybody's; it matters where the pods alone are several. */
function* judgeHidden({ subject, pods, path }: Use): Iterable<[Subject, Judgement]> {
  if (areSeveral(pods, subject) !== false) yield [subject, undecided(path)];
}

function* judgeUses(claim: Subject, uses: Use[], bound: Truth): Iterable<[Subject, Judgement]> {
  const [first] = uses;
  for (const use of uses) {
    const { subject, pods, path } = use;
    const several = areSeveral(pods, subject);
    const other = uses.find((each) => each.subject !== subject && (isStanding(each) || isStanding(use)));
    // Of two objects the later one is told.
    const isShared = other !== undefined && use !== first;
    const verdict = allOf([bound, not(use.isKept), isShared || several]);
    if (isUnknown(verdict)) yield [subject, undecided(path)];
    if (verdict === true) yield [subject, violation(claim, use, isShared ? other?.subject : undefined)];
  }
}

function violation(claim: Subject, { path, pods }: Use, other: Subject | undefined): Judgement {
  const users = other === undefined ? `${String(pods.count)} pods` : `${other.title} as well`;
  return {
    path,
    observed: `${claim.title}, which one node at a time can mount (spec.accessModes), used by ${users}`,
    allowed: "a ReadWriteMany claim, or pods that are kept on one node",
    remedy: "Claim a volume that several nodes can mount, or keep the pods together by a pod affinity.",
  };
}

function isStanding({ subject }: Use): boolean {
  return subject.is(...STANDING);
}

/** Several pods of one object at the same time; of training jobs another rule tells. */
function areSeveral({ count }: PodGroup, subject: Subject): Truth {
  if (subject.is(...TRAINING_KINDS)) return false;
  if (subject.is("apps/DaemonSet")) return false;
  return count === undefined ? UNKNOWN : count > 1;
}

function isOfOneNode({ tree }: Subject): Truth {
  const spec = childAt(tree, "spec");
  const modes: Tree[] = isUnknown(childAt(spec, "accessModes")) ? [UNKNOWN] : arrayAt(spec, "accessModes");
  return modes.length > 0 && allOf(modes.map((mode) => isOneOf(mode, ...OF_ONE_NODE)));
}
