import { isUnknown } from "../../../components/model";
import { textLike } from "../../engine/parameters";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";
import type { Subject } from "../../engine/subject";
import { shown } from "../../engine/shown";
import { unlessNamed } from "../names";
import { labelOf, OPEN_NAMESPACES } from "./pod-security-level";

const VERSION_LABEL = "pod-security.kubernetes.io/enforce-version";

const PATH = `metadata.labels["${VERSION_LABEL}"]`;

/** A version of Kubernetes as the label spells it. */
const PINNED = /^v1\.\d{1,3}$/;

const version = textLike("the version that fixes pin, such as v1.35", "v1.35", PINNED);

/**
 * RBAC-02: namespaces name the version of the Pod Security Standards that they are held to.
 *
 * Where a namespace is held to nothing there is no version to name.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-admission/#pod-security-admission-labels-for-namespaces v1.36
 */
export const podSecurityVersion: ResourceRule<{ namespaces: string[]; version: string }> = {
  id: "RBAC-02",
  title: "Namespaces pin the version of the Pod Security Standards",
  why: "The latest version changes with every upgrade of the cluster, which then refuses pods that it took before.",
  remediation: "Set the label pod-security.kubernetes.io/enforce-version to the version that was tested.",
  url: "https://kubernetes.io/docs/concepts/security/pod-security-admission/",
  severity: "medium",
  level: "mandatory",
  family: "platform",
  parameters: { namespaces: OPEN_NAMESPACES, version },
  frameworks: [{ name: "Pod Security Standards", reference: "Pod Security Admission labels for namespaces" }],
  fix: "sets the label to the version in the parameter `version`",
  examples: {
    bad: `
apiVersion: v1
kind: Namespace
metadata:
  name: ml
  labels: { pod-security.kubernetes.io/enforce: baseline, pod-security.kubernetes.io/enforce-version: latest }
`,
    good: `
apiVersion: v1
kind: Namespace
metadata:
  name: ml
  labels: { pod-security.kubernetes.io/enforce: baseline, pod-security.kubernetes.io/enforce-version: v1.35 }
`,
  },
  judge(subject, { namespaces, version }) {
    return subject.is("/Namespace") ? unlessNamed(subject, namespaces, judgeNamespace(subject, version)) : [];
  },
};

function* judgeNamespace({ tree }: Subject, version: string): Iterable<Judgement> {
  const level = labelOf(tree, "pod-security.kubernetes.io/enforce");
  const pinned = labelOf(tree, VERSION_LABEL);
  if (level === "privileged" || (typeof pinned === "string" && PINNED.test(pinned))) return;
  if (isUnknown(pinned)) {
    yield undecided(PATH);
  } else if (isUnknown(level)) {
    yield undecided('metadata.labels["pod-security.kubernetes.io/enforce"]');
  } else {
    yield {
      path: PATH,
      observed: pinned === undefined ? "absent, which stands for latest" : shown(pinned),
      allowed: "a version such as v1.35",
      remedy: `Set it to the version that was tested, for example ${version}.`,
      fix: [{ path: PATH, value: version }],
    };
  }
}
