import { isUnknown } from "../../../components/model";
import type { PodGroup } from "../../engine/pods";
import type { Judgement, ResourceRule } from "../../engine/rule";
import type { Subject } from "../../engine/subject";
import { isOneOf } from "../../engine/truth";
import { conditionOf, fieldHolds, violatedIf } from "../../engine/conditions";
import { JOB_KINDS } from "./job-kinds";
import { INJECT, sidecarSettingsOf, withoutSidecar } from "./sidecar-settings";

/**
 * ML-11, job by job: pods that keep the mesh away say so by the label, not by the annotation alone.
 *
 * @see https://istio.io/latest/docs/reference/config/annotations/ 1.30: the annotation is deprecated
 */
export const sidecarAnnotation: ResourceRule = {
  id: "ML-11",
  title: "Jobs refuse the sidecar by a label",
  why: "The webhooks of Istio select pods by labels alone, and the annotation of the same name is deprecated.",
  remediation: 'Label the pod template with `sidecar.istio.io/inject: "false"`.',
  url: "https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/",
  severity: "medium",
  level: "advisory",
  family: "ml",
  parameters: {},
  fix: 'labels the pod template with sidecar.istio.io/inject: "false"',
  examples: {
    bad: `
apiVersion: batch/v1
kind: Job
metadata: { name: mnist, namespace: ml }
spec:
  template:
    metadata: { annotations: { sidecar.istio.io/inject: "false" } }
    spec:
      restartPolicy: Never
      containers: [{ name: main, image: "registry.example/mnist:1.4" }]
`,
    good: `
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
  *judge(subject) {
    if (!subject.is(...JOB_KINDS)) return;
    for (const pods of subject.pods) yield* judgePods(pods, subject);
  },
};

function judgePods(pods: PodGroup, subject: Subject): Iterable<Judgement> {
  const settings = sidecarSettingsOf(subject, pods);
  const { label, labelPath, annotation } = settings;
  // What nobody says is not said in an object that is not at hand either.
  if (pods.completedBy !== undefined && isUnknown(annotation)) return [];
  const conditions = [
    conditionOf(isOneOf(annotation, "false"), labelPath.replace(".labels[", ".annotations[")),
    fieldHolds(label, labelPath, () => label === undefined),
  ];
  return violatedIf(conditions, () => ({
    path: labelPath,
    observed: `absent, while the annotation ${INJECT} says "false"`,
    allowed: '"false"',
    remedy: 'Set it to "false"; the annotation may then go.',
    ...withoutSidecar(pods, settings),
  }));
}
