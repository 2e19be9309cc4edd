import { childAt, isUnknown, nodeAt, stringAt, type Tree } from "../../../components/model";
import { undecided, type Judgement, type StackRule } from "../../engine/rule";
import type { Subject } from "../../engine/subject";
import { allOf, anyOf, isOneOf, type Truth } from "../../engine/truth";
import { installs, RELEASE } from "../installed-chart";
import { selectsAll } from "./label-selector";

/**
 * NET-03 over the stack: where the stack installs Istio, it also makes the mesh ask for certificates.
 *
 * The install is told by Istio's control plane, a release of the chart `istiod` or its rendered Deployment; its namespace
 * is taken for the root namespace. A policy for the whole mesh that says another mode has a finding of its own.
 *
 * @see https://istio.io/latest/docs/reference/config/security/peer_authentication/ "Policy to allow mTLS traffic", v1.30
 */
export const meshMutualTls: StackRule = {
  id: "NET-03",
  title: "The mesh takes connections with certificates only",
  why: "By default Istio lets plain connections in beside those with certificates, in every namespace.",
  remediation: "Add a PeerAuthentication of mode STRICT without selector to the namespace of Istio's control plane.",
  url: "https://istio.io/latest/docs/tasks/security/authentication/authn-policy/#globally-enabling-istio-mutual-tls-in-strict-mode",
  severity: "high",
  level: "mandatory",
  family: "platform",
  parameters: {},
  examples: {
    bad: `
type: kubernetes:helm.sh/v3:Release
name: istiod
properties:
  chart: istiod
  namespace: istio-system
  version: 1.30.0
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: ml }
spec: { mtls: { mode: STRICT } }
`,
    good: `
type: kubernetes:helm.sh/v3:Release
name: istiod
properties:
  chart: istiod
  namespace: istio-system
  version: 1.30.0
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: istio-system }
spec: { mtls: { mode: STRICT } }
`,
  },
  *judgeStack(subjects) {
    const policies = subjects.filter((subject) => subject.is("security.istio.io/PeerAuthentication"));
    for (const subject of subjects) {
      const path = namespacePathOf(subject);
      if (path !== undefined) for (const judgement of judgeInstall(subject, path, policies)) yield [subject, judgement];
    }
  },
};

/** Where a resource that installs Istio names its namespace; undefined for others. */
function namespacePathOf(subject: Subject): string | undefined {
  if (subject.type === RELEASE) return installs(subject, "istiod") === false ? undefined : "namespace";
  const isControlPlane = stringAt(nodeAt(subject.tree, "metadata.labels"), "app") === "istiod";
  return subject.is("apps/Deployment") && isControlPlane ? "metadata.namespace" : undefined;
}

function* judgeInstall(subject: Subject, path: string, policies: Subject[]): Iterable<Judgement> {
  const namespace = nodeAt(subject.tree, path) ?? "default";
  const isSet = anyOf(policies.map((policy) => setsMode(policy, namespace)));
  if (isSet === true) return;
  const chart = childAt(subject.tree, "chart");
  if (isUnknown(chart)) yield undecided("chart");
  else if (isUnknown(isSet) || isUnknown(namespace)) yield undecided(path);
  else {
    const shown = typeof namespace === "string" ? JSON.stringify(namespace) : "no text";
    yield {
      path,
      observed: `${shown}, where no PeerAuthentication of the stack sets a mode for the whole mesh`,
      allowed: "a namespace with one of mode STRICT and without selector",
      remedy: "Add it, so that the whole mesh asks for certificates.",
    };
  }
}

/** Whether a policy is one for the whole mesh and says its mode. */
function setsMode(policy: Subject, root: Tree): Truth {
  const own = nodeAt(policy.tree, "metadata.namespace") ?? "default";
  const mode = nodeAt(policy.tree, "spec.mtls.mode") ?? undefined;
  return allOf([
    isOneOf(own, root),
    selectsAll(nodeAt(policy.tree, "spec.selector")),
    isOneOf(mode, "STRICT", "PERMISSIVE", "DISABLE"),
  ]);
}
