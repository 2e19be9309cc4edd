import type { ResourceRule } from "../../engine/rule";
import { notPrivileged, notWindows } from "./pod-conditions";
import { judgeRequirement } from "./pod-fields";
import { CONFINING_TYPES } from "./profile";
import { control, STANDARDS_URL } from "./standards";

/**
 * POD-10, restricted: the pod or each container names a seccomp profile. Which one is judged by the baseline rule.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/ Restricted, "Seccomp", v1.37
 */
export const seccompProfile: ResourceRule = {
  id: "POD-10",
  title: "Containers have a seccomp profile",
  why: "Unless the kubelet is set to another default, a container without a profile reaches every call of the kernel.",
  remediation: "Set `seccompProfile: { type: RuntimeDefault }` for the pod.",
  url: `${STANDARDS_URL}#restricted`,
  severity: "medium",
  level: "advisory",
  levels: { restricted: "mandatory" },
  family: "pod",
  parameters: {},
  frameworks: [control("Restricted", "Seccomp")],
  fix: "sets the profile of the pod to RuntimeDefault",
  examples: {
    bad: `
apiVersion: v1
kind: Pod
metadata: { name: trainer }
spec:
  containers: [{ name: main, image: "registry.example/mnist:1.4" }]
`,
    good: `
apiVersion: v1
kind: Pod
metadata: { name: trainer }
spec:
  securityContext: { seccompProfile: { type: RuntimeDefault } }
  containers: [{ name: main, image: "registry.example/mnist:1.4" }]
`,
  },
  judge: (subject) =>
    judgeRequirement(subject, {
      field: "seccompProfile",
      conditions: (at, pods) => [notWindows(pods), notPrivileged(at)],
      violation: (path, container) => ({
        path,
        observed: `absent, and so it is in the container ${container}`,
        allowed: `a profile of type ${CONFINING_TYPES}, for the pod or for each container`,
        remedy: `Set its type to "RuntimeDefault".`,
        fix: [{ path: `${path}.type`, value: "RuntimeDefault" }],
      }),
    }),
};
