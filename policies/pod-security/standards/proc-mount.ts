import { nodeAt, pathInContainer, type ContainerAt } from "../../../components/model";
import { conditionOf, opposite, violatedIf, type Condition } from "../../engine/conditions";
import { judgeContainers } from "../../engine/pods";
import type { Judgement, ResourceRule } from "../../engine/rule";
import { isOneOf, not } from "../../engine/truth";
import { kubernetesVersion, type StandardsVersion } from "./kubernetes-version";
import { withoutUserNamespace } from "./pod-conditions";
import { shown } from "./pod-fields";
import { control, STANDARDS_URL } from "./standards";

type Settings = { kubernetesVersion: StandardsVersion };

const shared = {
  id: "POD-12",
  remediation: "Remove `securityContext.procMount`.",
  severity: "medium",
  family: "pod",
  parameters: { kubernetesVersion },
} as const;

/**
 * POD-12, /proc, baseline: containers see it masked, but for those in a user namespace since Kubernetes 1.35.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/ Baseline, "/proc Mount Type", v1.37
 */
export const procMount: ResourceRule<Settings> = {
  ...shared,
  title: "Containers see /proc masked",
  why: "Without its masks /proc shows a container the memory of its node and lets it change the kernel's settings.",
  url: `${STANDARDS_URL}#baseline`,
  level: "mandatory",
  frameworks: [control("Baseline", "/proc Mount Type")],
  examples: {
    bad: `
apiVersion: v1
kind: Pod
metadata: { name: builder }
spec:
  containers:
    - name: main
      image: registry.example/builder:1.4
      securityContext: { procMount: Unmasked }
`,
    good: `
apiVersion: v1
kind: Pod
metadata: { name: builder }
spec:
  containers:
    - name: main
      image: registry.example/builder:1.4
      securityContext: { procMount: Default }
`,
  },
  judge: (subject, settings) =>
    judgeContainers(subject.pods, (at, pods) =>
      judgeContainer(at, withoutUserNamespace(pods, settings.kubernetesVersion)),
    ),
};

/**
 * POD-12, /proc, restricted: containers see it masked even in a user namespace.
 *
 * @see https://github.com/kubernetes/pod-security-admission/blob/v0.36.3/policy/check_procMount_restricted.go
 */
export const procMountInUserNamespace: ResourceRule<Settings> = {
  ...shared,
  title: "Containers see /proc masked in user namespaces too",
  why: "A user namespace takes most of the danger of an unmasked /proc, but not that of flaws in the kernel.",
  url: `${STANDARDS_URL}#restricted`,
  level: "advisory",
  levels: { restricted: "mandatory" },
  frameworks: [control("Restricted", "/proc Mount Type")],
  examples: {
    bad: `
apiVersion: v1
kind: Pod
metadata: { name: builder }
spec:
  hostUsers: false
  containers:
    - name: main
      image: registry.example/builder:1.4
      securityContext: { procMount: Unmasked }
`,
    good: `
apiVersion: v1
kind: Pod
metadata: { name: builder }
spec:
  hostUsers: false
  containers:
    - name: main
      image: registry.example/builder:1.4
      securityContext: { procMount: Default }
`,
  },
  judge: (subject, settings) =>
    judgeContainers(subject.pods, (at, pods) =>
      judgeContainer(at, opposite(withoutUserNamespace(pods, settings.kubernetesVersion))),
    ),
};

function judgeContainer(at: ContainerAt, when: Condition): Iterable<Judgement> {
  const path = pathInContainer(at, "securityContext.procMount");
  const given = nodeAt(at.container, "securityContext.procMount") ?? undefined;
  return violatedIf([conditionOf(not(isOneOf(given, undefined, "Default")), path), when], () => ({
    path,
    observed: shown(given),
    allowed: `"Default" or absent`,
    remedy: "Remove it.",
  }));
}
