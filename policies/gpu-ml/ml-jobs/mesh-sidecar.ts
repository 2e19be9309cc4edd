import { childAt, isUnknown, nodeAt, pathInPodSet, stringAt, UNKNOWN, type Tree } from "../../../components/model";
import { onOff } from "../../engine/parameters";
import { podValue, type PodGroup } from "../../engine/pods";
import type { Judgement, StackRule } from "../../engine/rule";
import type { Subject } from "../../engine/subject";
import { allOf, anyOf, isOneOf, not, type Truth } from "../../engine/truth";
import { conditionOf, opposite, violatedIf } from "../../engine/conditions";
import { shown } from "../../engine/shown";
import { JOB_KINDS } from "./job-kinds";
import { jobsIn } from "./jobs-in";
import { sidecarSettingsOf, withoutSidecar } from "./sidecar-settings";

const nativeSidecars = onOff(
  "true where the mesh runs all proxies as native sidecars, which end with the pod's program",
  false,
);

/**
 * ML-11: pods that run to their end stay out of the mesh, where their namespace is in it.
 *
 * Istio makes its proxies native sidecars by itself only where its version and that of Kubernetes are new enough, which a
 * stack does not tell.
 *
 * @see https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/ 1.30
 * @see https://github.com/kubeflow/trainer/issues/1637
 */
export const meshSidecar: StackRule<{ nativeSidecars: boolean }> = {
  id: "ML-11",
  title: "Jobs in namespaces of the mesh get no sidecar",
  why: "The proxy goes on when the program has ended, so that the job never completes and keeps its GPUs.",
  remediation: 'Label the pod template with `sidecar.istio.io/inject: "false"`.',
  url: "https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/",
  severity: "high",
  level: "advisory",
  family: "ml",
  parameters: { nativeSidecars },
  fix: 'labels the pod template with sidecar.istio.io/inject: "false"',
  examples: {
    bad: `
apiVersion: v1
kind: Namespace
metadata: { name: ml, labels: { istio-injection: enabled } }
---
apiVersion: batch/v1
kind: Job
metadata: { name: mnist, namespace: ml }
spec:
  template:
    spec:
      restartPolicy: Never
      containers: [{ name: main, image: "registry.example/mnist:1.4" }]
`,
    good: `
apiVersion: v1
kind: Namespace
metadata: { name: ml, labels: { istio-injection: enabled } }
---
apiVersion: batch/v1
kind: Job
metadata: { name: mnist, namespace: ml }
spec:
  template:
    metadata: { labels: { sidecar.istio.io/inject: "false" } }
    spec:
      restartPolicy: Never
      containers: [{ name: main, image: "registry.example/mnist:1.4" }]
`,
  },
  *judgeStack(subjects, parameters) {
    if (parameters.nativeSidecars) return;
    const namespaces = subjects.flatMap(namespaceOf);
    for (const { subject, pods: all } of jobsIn(subjects, JOB_KINDS)) {
      const injected = isInjected(subject.namespace, namespaces);
      for (const pods of all) {
        for (const judgement of judgePods(pods, subject, injected)) yield [subject, judgement];
      }
    }
  },
};

function judgePods(pods: PodGroup, subject: Subject, injected: Truth): Iterable<Judgement> {
  const settings = sidecarSettingsOf(subject, pods);
  const { label, labelPath, annotation, native } = settings;
  // What the object of another stack says of them stays unknown for good.
  if (pods.completedBy !== undefined && isUnknown(label)) return [];
  const hostNetwork = isOneOf(podValue(pods, "hostNetwork"), true);
  const conditions = [
    conditionOf(injected, "metadata.namespace"),
    opposite(conditionOf(saysNo(label, annotation), labelPath)),
    opposite(conditionOf(isOneOf(native, "true"), labelPath)),
    // The injector leaves them alone.
    opposite(conditionOf(hostNetwork, pathInPodSet(pods, "spec.hostNetwork"))),
  ];
  return violatedIf(conditions, () => ({
    path: labelPath,
    observed: label === undefined ? "absent, in a namespace of the mesh" : shown(label),
    allowed: '"false"',
    remedy: 'Set it to "false", so that the pods end with their program.',
    ...withoutSidecar(pods, settings),
  }));
}

/** The injector reads the annotation still, where there is no label. */
function saysNo(label: Tree, annotation: Tree): Truth {
  return anyOf([isOneOf(label, "false"), allOf([isOneOf(label, undefined), isOneOf(annotation, "false")])]);
}

/** A namespace of the stack, and whether Istio puts proxies into its pods. */
interface MeshNamespace {
  /** Undefined where it is not known. */
  name: string | undefined;
  injected: Truth;
}

function namespaceOf(subject: Subject): MeshNamespace[] {
  if (!subject.is("/Namespace")) return [];
  const labels = nodeAt(subject.tree, "metadata.labels");
  const [injection, revision] = ["istio-injection", "istio.io/rev"].map((label) => labelOf(labels, label));
  const byRevision = allOf([isOneOf(injection, ""), not(isOneOf(revision, ""))]);
  const name = stringAt(nodeAt(subject.tree, "metadata"), "name");
  return [{ name, injected: anyOf([isOneOf(injection, "enabled"), byRevision]) }];
}

/** Absent labels are as empty ones. */
function labelOf(labels: Tree, key: string): Tree {
  return childAt(labels, key) ?? "";
}

/** A namespace whose name is not known may be any. */
function isInjected(namespace: string | undefined, namespaces: MeshNamespace[]): Truth {
  return anyOf(
    namespaces.map(({ name, injected }) => {
      const isIt: Truth = name === undefined || namespace === undefined ? UNKNOWN : name === namespace;
      return allOf([isIt, injected]);
    }),
  );
}
