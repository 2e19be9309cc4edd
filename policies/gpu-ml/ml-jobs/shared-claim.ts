import { arrayAt, childAt, isUnknown, nodeAt, pathInPodSet, UNKNOWN, type Tree } from "../../../components/model";
import type { PodGroup } from "../../engine/pods";
import type { Judgement, StackRule } from "../../engine/rule";
import type { Subject } from "../../engine/subject";
import { allOf, anyOf, isOneOf, type Truth } from "../../engine/truth";
import { conditionOf, violatedIf } from "../../engine/conditions";
import { shown } from "../../engine/shown";
import { moreThan, type Count } from "../pods/gpu-pods";
import { TRAINING_KINDS } from "./job-kinds";
import { jobsIn, type Job } from "./jobs-in";

/** Access modes that tie a volume to one node, or to one pod. */
const OF_ONE_NODE = ["ReadWriteOnce", "ReadWriteOncePod"];

/**
 * ML-12, over the stack: pods of one job that may run on several nodes do not mount a claim of one node.
 *
 * @see https://kubernetes.io/docs/concepts/storage/persistent-volumes/ "Access Modes", v1.36
 */
export const sharedClaim: StackRule = {
  id: "ML-12",
  title: "Jobs on several nodes share volumes that several nodes can mount",
  why: "A ReadWriteOnce volume attaches to one node, so that the pods on all others never start.",
  remediation: "Claim a ReadWriteMany volume, such as one of EFS or FSx, or keep the data in an object store.",
  url: "https://kubernetes.io/docs/concepts/storage/persistent-volumes/#access-modes",
  severity: "medium",
  level: "advisory",
  family: "ml",
  parameters: {},
  examples: {
    bad: `
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: chat, namespace: ml }
spec: { accessModes: [ReadWriteOnce] }
---
apiVersion: kubeflow.org/v1
kind: PyTorchJob
metadata: { name: chat, namespace: ml }
spec:
  pytorchReplicaSpecs:
    Worker:
      replicas: 2
      template:
        spec:
          containers: [{ name: pytorch, image: "registry.example/chat:1.4" }]
          volumes: [{ name: checkpoints, persistentVolumeClaim: { claimName: chat } }]
`,
    good: `
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: chat, namespace: ml }
spec: { accessModes: [ReadWriteMany] }
---
apiVersion: kubeflow.org/v1
kind: PyTorchJob
metadata: { name: chat, namespace: ml }
spec:
  pytorchReplicaSpecs:
    Worker:
      replicas: 2
      template:
        spec:
          containers: [{ name: pytorch, image: "registry.example/chat:1.4" }]
          volumes: [{ name: checkpoints, persistentVolumeClaim: { claimName: chat } }]
`,
  },
  *judgeStack(subjects) {
    const claims = subjects.filter((subject) => subject.is("/PersistentVolumeClaim"));
    for (const job of jobsIn(subjects, TRAINING_KINDS)) {
      for (const judgement of judgeJob(job, claims)) yield [job.subject, judgement];
    }
  },
};

function* judgeJob(job: Job, claims: Subject[]): Iterable<Judgement> {
  for (const pods of job.pods) {
    for (const { name, index } of claimsOf(pods)) {
      const path = pathInPodSet(pods, `spec.volumes[${index}].persistentVolumeClaim.claimName`);
      const conditions = [
        moreThan(podsWith(name, job), 1),
        conditionOf(anyOf(claims.map((claim) => isOfOneNode(claim, name, job.subject))), path),
      ];
      yield* violatedIf(conditions, () => ({
        path,
        observed: `${shown(name)}, a claim that one node at a time can mount, in a job of several pods`,
        allowed: "a ReadWriteMany claim",
        remedy: "Claim a volume that several nodes can mount, or keep the data in an object store.",
      }));
    }
  }
}

/** The claims that some pods name, with the numbers of their volumes. */
function claimsOf(pods: PodGroup): { name: Tree; index: number }[] {
  return arrayAt(pods.spec, "volumes").flatMap((volume, index) => {
    const name = nodeAt(volume, "persistentVolumeClaim.claimName");
    return isUnknown(name) || typeof name === "string" ? [{ name, index }] : [];
  });
}

/** Pods at once of a job that mount a claim of a name. */
function podsWith(name: Tree, job: Job): Count {
  const users = job.pods.filter((other) => claimsOf(other).some((claim) => claim.name === name));
  return {
    atLeast: users.reduce((sum, { count }) => sum + (count ?? 0), 0),
    unknownAt: users.filter(({ count }) => count === undefined).map(({ path }) => path),
  };
}

/** Whether a claim is the one of a name beside the job, and has no access mode but those of one node. */
function isOfOneNode(claim: Subject, name: Tree, job: Subject): Truth {
  const [own, theirs] = [job.namespace, claim.namespace];
  const isBeside: Truth = own === undefined || theirs === undefined ? UNKNOWN : own === theirs;
  return allOf([isOneOf(nodeAt(claim.tree, "metadata.name"), name), isBeside, isLimited(nodeAt(claim.tree, "spec"))]);
}

function isLimited(spec: Tree): Truth {
  if (isUnknown(childAt(spec, "accessModes"))) return UNKNOWN;
  const modes = arrayAt(spec, "accessModes");
  return modes.length > 0 && allOf(modes.map((mode) => isOneOf(mode, ...OF_ONE_NODE)));
}
