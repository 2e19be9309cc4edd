import type { ResourceRule } from "../../engine/rule";
import { shown } from "./pod-fields";
import { CONFINING_TYPES, judgeProfiles } from "./profile";
import { control, STANDARDS_URL } from "./standards";

/**
 * POD-10, baseline: no pod or container switches seccomp off.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/ Baseline, "Seccomp", v1.37
 */
export const seccompUnconfined: ResourceRule = {
  id: "POD-10",
  title: "Seccomp is not switched off",
  why: "Without seccomp a program reaches every system call of the node's kernel, and so every flaw in one.",
  remediation: "Use the profile `RuntimeDefault`, or one of your own.",
  url: `${STANDARDS_URL}#baseline`,
  severity: "medium",
  level: "mandatory",
  family: "pod",
  parameters: {},
  frameworks: [control("Baseline", "Seccomp")],
  fix: "sets the type to RuntimeDefault",
  examples: {
    bad: `
apiVersion: v1
kind: Pod
metadata: { name: trainer }
spec:
  securityContext: { seccompProfile: { type: Unconfined } }
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
  judge: ({ pods }) =>
    judgeProfiles(pods, "seccompProfile", (path, type) => ({
      path,
      observed: shown(type),
      allowed: CONFINING_TYPES,
      remedy: `Set it to "RuntimeDefault".`,
      fix: [{ path, value: "RuntimeDefault" }],
    })),
};
