import { isUnknown, pathInContainer, UNKNOWN, type ContainerAt } from "../../../components/model";
import { judgeContainers, type PodGroup } from "../../engine/pods";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";
import type { Subject } from "../../engine/subject";
import { allOf, not, type Truth } from "../../engine/truth";
import { isThere, serves } from "./serving";
import { isBatch, isMain } from "./workload";

/**
 * POD-25: what serves says when it is ready, and what trains is not killed for being busy.
 *
 * Serving containers are those of Deployments, StatefulSets and InferenceServices that declare a port for more than
 * metrics. What a runtime adds to model servers and training nodes is left to the runtime.
 *
 * @see https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/ v1.36
 */
export const probes: ResourceRule = {
  id: "POD-25",
  title: "Serving containers have a readiness probe, training containers no liveness probe",
  why: "Without the first, requests reach a model that is still loading; the second kills training in a long step.",
  remediation: "Give serving containers a `readinessProbe`, and take `livenessProbe` out of training containers.",
  url: "https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/",
  severity: "low",
  level: "advisory",
  family: "pod",
  parameters: {},
  frameworks: [{ name: "Kubescape", reference: "C-0018" }],
  examples: {
    bad: `
apiVersion: apps/v1
kind: Deployment
metadata: { name: embedder, namespace: ml }
spec:
  selector: { matchLabels: { app: embedder } }
  template:
    metadata: { labels: { app: embedder } }
    spec:
      containers: [{ name: main, image: "registry.example/embedder:1.4", ports: [{ containerPort: 8080 }] }]
---
apiVersion: kubeflow.org/v1
kind: PyTorchJob
metadata: { name: bert, namespace: ml }
spec:
  pytorchReplicaSpecs:
    Worker:
      template:
        spec:
          containers:
            - name: pytorch
              image: registry.example/bert:1.4
              livenessProbe: { exec: { command: [pgrep, torchrun] } }
`,
    good: `
apiVersion: apps/v1
kind: Deployment
metadata: { name: embedder, namespace: ml }
spec:
  selector: { matchLabels: { app: embedder } }
  template:
    metadata: { labels: { app: embedder } }
    spec:
      containers:
        - name: main
          image: registry.example/embedder:1.4
          ports: [{ containerPort: 8080 }]
          readinessProbe: { httpGet: { path: /ready, port: 8080 } }
---
apiVersion: kubeflow.org/v1
kind: PyTorchJob
metadata: { name: bert, namespace: ml }
spec:
  pytorchReplicaSpecs:
    Worker:
      template:
        spec:
          containers: [{ name: pytorch, image: "registry.example/bert:1.4" }]
`,
  },
  judge: (subject) =>
    judgeContainers(subject.pods, function* (at, pods) {
      if (!isMain(at, pods)) return;
      if (isServer(subject, pods)) yield* judgeServing(at);
      if (isBatch(subject, pods)) yield* judgeTraining(at);
    }),
};

function isServer(subject: Subject, pods: PodGroup): boolean {
  const kinds = ["apps/Deployment", "apps/StatefulSet", "serving.kserve.io/InferenceService"];
  return subject.is(...kinds) && pods.completedBy === undefined;
}

function* judgeServing(at: ContainerAt): Iterable<Judgement> {
  const path = pathInContainer(at, "readinessProbe");
  const probe: Truth = isThere(at.container["readinessProbe"]);
  const isMissing = allOf([serves(at.container), not(probe)]);
  if (isUnknown(isMissing)) yield undecided(probe === UNKNOWN ? path : pathInContainer(at, "ports"));
  if (isMissing === true) {
    yield {
      path,
      observed: "absent from a container that serves",
      allowed: "a probe that succeeds once requests can be answered",
      remedy: "Add one, for example an httpGet of the path by which the server says that its model is loaded.",
    };
  }
}

function* judgeTraining(at: ContainerAt): Iterable<Judgement> {
  const path = pathInContainer(at, "livenessProbe");
  const probe = isThere(at.container["livenessProbe"]);
  if (isUnknown(probe)) yield undecided(path);
  if (probe === true) {
    yield {
      path,
      observed: "set on a container that works to an end",
      allowed: "no liveness probe",
      remedy: "Remove it; let activeDeadlineSeconds or the time-out of the framework end what hangs.",
    };
  }
}
