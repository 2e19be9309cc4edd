import { nodeAt, pathInContainer, type ContainerAt } from "../../../components/model";
import { conditionOf, violatedIf } from "../../engine/conditions";
import { judgeContainers } from "../../engine/pods";
import type { Judgement, ResourceRule } from "../../engine/rule";
import { isOneOf, not } from "../../engine/truth";
import { isSince, kubernetesVersion, type StandardsVersion } from "./kubernetes-version";
import { shown } from "./pod-fields";
import { control, STANDARDS_URL } from "./standards";

/** What the kubelet does for a container, and the ways of it that reach a host. */
const HANDLERS = ["livenessProbe", "readinessProbe", "startupProbe", "lifecycle.postStart", "lifecycle.preStop"];
const WAYS = ["httpGet", "tcpSocket"];

/**
 * POD-13: probes and lifecycle handlers name no host; controlled since Kubernetes 1.34.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/ Baseline, "Host Probes / Lifecycle Hooks", v1.37
 * @see https://github.com/kubernetes/pod-security-admission/blob/v0.36.3/policy/check_hostProbesAndhostLifecycle.go
 */
export const probeHost: ResourceRule<{ kubernetesVersion: StandardsVersion }> = {
  id: "POD-13",
  title: "Probes and lifecycle handlers reach their own pod only",
  why: "The kubelet sends the request from its node, past network policies, to whatever host the pod names.",
  remediation: "Remove `host`, so that the kubelet asks the pod itself.",
  url: `${STANDARDS_URL}#baseline`,
  severity: "medium",
  level: "mandatory",
  family: "pod",
  parameters: { kubernetesVersion },
  frameworks: [control("Baseline", "Host Probes / Lifecycle Hooks")],
  fix: "removes the host",
  examples: {
    bad: `
apiVersion: v1
kind: Pod
metadata: { name: server }
spec:
  containers:
    - name: main
      image: registry.example/server:1.4
      readinessProbe: { httpGet: { host: 169.254.169.254, port: 80 } }
`,
    good: `
apiVersion: v1
kind: Pod
metadata: { name: server }
spec:
  containers:
    - name: main
      image: registry.example/server:1.4
      readinessProbe: { httpGet: { port: 8080 } }
`,
  },
  judge: (subject, settings) =>
    isSince(settings.kubernetesVersion, "1.34") ? judgeContainers(subject.pods, judgeContainer) : [],
};

function* judgeContainer(at: ContainerAt): Iterable<Judgement> {
  for (const field of HANDLERS.flatMap((handler) => WAYS.map((way) => `${handler}.${way}.host`))) {
    const path = pathInContainer(at, field);
    const host = nodeAt(at.container, field) ?? undefined;
    yield* violatedIf([conditionOf(not(isOneOf(host, undefined, "")), path)], () => ({
      path,
      observed: shown(host),
      allowed: "absent, which means the pod itself",
      remedy: "Remove it.",
      fix: [{ path, remove: true }],
    }));
  }
}
