import { childAt, isUnknown, nodeAt, stringAt, type Tree } from "../../../components/model";
import { textList } from "../../engine/parameters";
import { undecided, type Judgement, type StackRule } from "../../engine/rule";
import type { Subject } from "../../engine/subject";
import { shown } from "../../engine/shown";
import { CLUSTER, nameOf, namespaceOf, objectIndexOf, type ObjectIndex } from "./object-index";
import { referencesOf, type Reference } from "./references";
import { textOf } from "./text-of";

/**
 * ML-14: objects that others of the stack name are there.
 *
 * An object is missed only where the stack is evidently where it would be declared: it declares another object of the
 * same kind, in the same namespace where the kind has one, and no Helm release into that namespace, whose objects cannot
 * be seen. What controllers make, such as the Secret of a Certificate, and what Kubernetes has by itself is there as well.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ v1.36
 */
export const referenceResolution: StackRule<{ outside: string[] }> = {
  id: "ML-14",
  title: "What objects name is there",
  why: "A workload that names a queue, a runtime, a claim or a secret which does not exist waits for it without a word.",
  remediation: "Correct the name, or declare the object; list what exists outside the stack in `outside`.",
  url: "https://kubernetes.io/docs/concepts/overview/working-with-objects/names/",
  severity: "high",
  level: "advisory",
  family: "ml",
  parameters: { outside: textList("a list of objects that exist outside the stack, each as Kind/name") },
  examples: {
    bad: `
apiVersion: kueue.x-k8s.io/v1beta2
kind: LocalQueue
metadata: { name: research, namespace: ml }
spec: { clusterQueue: research }
---
apiVersion: batch/v1
kind: Job
metadata:
  name: mnist
  namespace: ml
  labels: { kueue.x-k8s.io/queue-name: reserch }
spec:
  template:
    spec:
      containers: [{ name: main, image: "registry.example/mnist:1.4" }]
`,
    good: `
apiVersion: kueue.x-k8s.io/v1beta2
kind: LocalQueue
metadata: { name: research, namespace: ml }
spec: { clusterQueue: research }
---
apiVersion: batch/v1
kind: Job
metadata:
  name: mnist
  namespace: ml
  labels: { kueue.x-k8s.io/queue-name: research }
spec:
  template:
    spec:
      containers: [{ name: main, image: "registry.example/mnist:1.4" }]
`,
  },
  *judgeStack(subjects, { outside }) {
    const stack = namedObjectsOf(subjects);
    for (const subject of subjects) {
      for (const reference of referencesOf(subject)) {
        for (const judgement of judgeReference(subject, reference, stack, outside)) yield [subject, judgement];
      }
    }
  },
};

/** What a stack declares, as far as others name it. */
interface NamedObjects {
  byKind: ReadonlyMap<string, ObjectIndex>;
  /** Namespaces that a Helm release puts objects into; unknown ones under the marker. */
  released: ReadonlySet<Tree>;
  /** Objects that controllers make for others: kind, namespace and name. */
  made: ReadonlySet<string>;
}

/** Kinds that are in no namespace. */
const OF_CLUSTER = [
  "kueue.x-k8s.io/ClusterQueue",
  "kueue.x-k8s.io/ResourceFlavor",
  "kueue.x-k8s.io/WorkloadPriorityClass",
  "serving.kserve.io/ClusterServingRuntime",
  "trainer.kubeflow.org/ClusterTrainingRuntime",
  "argoproj.io/ClusterWorkflowTemplate",
  "scheduling.k8s.io/PriorityClass",
  "storage.k8s.io/StorageClass",
];

/** Kinds that are in namespaces. */
const OF_NAMESPACES = [
  "kueue.x-k8s.io/LocalQueue",
  "serving.kserve.io/ServingRuntime",
  "trainer.kubeflow.org/TrainingRuntime",
  "argoproj.io/WorkflowTemplate",
  "/ServiceAccount",
  "/Secret",
  "/ConfigMap",
  "/PersistentVolumeClaim",
];

/** Names that Kubernetes, EKS and Kubeflow's profiles bring. */
const BUILT_IN = [
  /^ServiceAccount\/(default|default-editor|default-viewer)$/,
  /^PriorityClass\/system-(cluster|node)-critical$/,
  /^ConfigMap\/(kube-root-ca\.crt|openshift-service-ca\.crt|istio-ca-root-cert)$/,
  /^StorageClass\/(gp2|gp3|standard|auto-ebs-sc)$/,
];

/** Controllers that make an object, and where they are told its name; that of their own object where nothing is said. */
const MAKERS: [maker: string, name: string, kind: string][] = [
  ["cert-manager.io/Certificate", "spec.secretName", "/Secret"],
  ["external-secrets.io/ExternalSecret", "spec.target.name", "/Secret"],
  ["bitnami.com/SealedSecret", "spec.template.metadata.name", "/Secret"],
  ["objectbucket.io/ObjectBucketClaim", "metadata.name", "/Secret"],
  ["objectbucket.io/ObjectBucketClaim", "metadata.name", "/ConfigMap"],
];

const RELEASE = /^kubernetes:helm\.sh\/v3:Release$/;

/** A place where the named object may be. */
interface Candidate {
  kind: string;
  namespace: Tree;
}

function* judgeReference(
  subject: Subject,
  { kinds, name, path }: Reference,
  stack: NamedObjects,
  outside: string[],
): Iterable<Judgement> {
  const candidates = kinds.map((kind): Candidate => ({
    kind,
    namespace: OF_CLUSTER.includes(kind) ? CLUSTER : namespaceOf(subject),
  }));
  const owned = candidates.filter(({ kind, namespace }) => isOwned(kind, namespace, stack));
  const isExempt = kinds.some((kind) => {
    const short = `${shortKind(kind)}/${textOf(name)}`;
    return outside.includes(short) || BUILT_IN.some((pattern) => pattern.test(short));
  });
  if (owned.length === 0 || isExempt) return;
  const found = candidates.map(({ kind, namespace }) => findIn(stack, kind, namespace, name));
  if (found.some((one) => one !== undefined && !isUnknown(one))) return;
  if (found.some(isUnknown)) {
    yield undecided(path);
  } else {
    const [first] = owned;
    yield {
      path,
      observed: `${shown(name)}, of which the stack declares no ${kinds.map(shortKind).join(" or ")}`,
      allowed: `the name of one that it declares${first?.namespace === CLUSTER ? "" : ` in namespace ${textOf(first?.namespace)}`}`,
      remedy: "Correct the name, or declare the object.",
    };
  }
}

function isOwned(kind: string, namespace: Tree, { byKind, released }: NamedObjects): boolean {
  return (byKind.get(kind)?.isIn(namespace) ?? false) && !released.has(namespace);
}

function findIn({ byKind, made }: NamedObjects, kind: string, namespace: Tree, name: Tree): unknown {
  if (made.has([kind, textOf(namespace), textOf(name)].join(" "))) return true;
  return byKind.get(kind)?.find(namespace, name);
}

function namedObjectsOf(subjects: Subject[]): NamedObjects {
  const kinds = new Map([...OF_CLUSTER, ...OF_NAMESPACES].map((kind): [string, Subject[]] => [kind, []]));
  const released = new Set<Tree>();
  const made = new Set<string>();
  for (const subject of subjects) {
    kinds.get(`${subject.group ?? "?"}/${subject.kind ?? "?"}`)?.push(subject);
    if (RELEASE.test(subject.type)) released.add(childAt(subject.tree, "namespace") ?? "default");
    for (const [maker, path, kind] of MAKERS) {
      if (!subject.is(maker)) continue;
      const name = stringAt({ name: nodeAt(subject.tree, path) }, "name") ?? nameOf(subject);
      made.add([kind, String(namespaceOf(subject)), String(name)].join(" "));
    }
  }
  const byKind = [...kinds].map(([kind, ofKind]): [string, ObjectIndex] => [
    kind,
    objectIndexOf(ofKind, OF_NAMESPACES.includes(kind)),
  ]);
  return { byKind: new Map(byKind), released, made };
}

function shortKind(kind: string): string {
  return kind.slice(kind.indexOf("/") + 1);
}
