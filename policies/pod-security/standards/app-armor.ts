import { childAt, isTreeObject, isUnknown, pathInPodSet, type Tree } from "../../../components/model";
import { conditionOf, violatedIf } from "../../engine/conditions";
import type { PodGroup } from "../../engine/pods";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";
import { judgeSpecs, shown } from "./pod-fields";
import { CONFINING_TYPES, judgeProfiles } from "./profile";
import { control, STANDARDS_URL } from "./standards";

/** What the annotation of a container begins with, by which profiles were named before Kubernetes 1.30. */
const ANNOTATION = "container.apparmor.security.beta.kubernetes.io/";

/**
 * POD-11: no pod or container switches AppArmor off, by field or by the older annotation.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/ Baseline, "AppArmor", v1.37
 */
export const appArmor: ResourceRule = {
  id: "POD-11",
  title: "AppArmor is not switched off",
  why: "The default profile keeps a container from mounting, tracing and writing to the kernel's settings.",
  remediation: "Use the profile `RuntimeDefault`, or one that is loaded on the nodes.",
  url: `${STANDARDS_URL}#baseline`,
  severity: "medium",
  level: "mandatory",
  family: "pod",
  parameters: {},
  frameworks: [control("Baseline", "AppArmor")],
  examples: {
    bad: `
apiVersion: v1
kind: Pod
metadata:
  name: trainer
  annotations: { container.apparmor.security.beta.kubernetes.io/main: unconfined }
spec:
  containers: [{ name: main, image: "registry.example/mnist:1.4" }]
`,
    good: `
apiVersion: v1
kind: Pod
metadata: { name: trainer }
spec:
  securityContext: { appArmorProfile: { type: RuntimeDefault } }
  containers: [{ name: main, image: "registry.example/mnist:1.4" }]
`,
  },
  *judge({ pods }) {
    yield* judgeProfiles(pods, "appArmorProfile", (path, type) => ({
      path,
      observed: shown(type),
      allowed: CONFINING_TYPES,
      remedy: `Set it to "RuntimeDefault".`,
    }));
    yield* judgeSpecs(pods, judgeAnnotations);
  },
};

function* judgeAnnotations(pods: PodGroup): Iterable<Judgement> {
  const annotations = childAt(pods.template.metadata, "annotations");
  if (isUnknown(annotations)) yield undecided(pathInPodSet(pods, "metadata.annotations"));
  for (const [key, profile] of Object.entries(isTreeObject(annotations) ? annotations : {})) {
    if (!key.startsWith(ANNOTATION)) continue;
    const path = pathInPodSet(pods, `metadata.annotations["${key}"]`);
    yield* violatedIf([conditionOf(isUnknown(profile) ? profile : !isConfining(profile), path)], () => ({
      path,
      observed: shown(profile),
      allowed: `"runtime/default", "localhost/…" or absent`,
      remedy: "Remove the annotation.",
    }));
  }
}

function isConfining(profile: Tree): boolean {
  return typeof profile === "string" && (profile === "" || /^(runtime\/default$|localhost\/)/.test(profile));
}
