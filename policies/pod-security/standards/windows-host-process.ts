import { conditionOf, violatedIf } from "../../engine/conditions";
import type { ResourceRule } from "../../engine/rule";
import { isOneOf } from "../../engine/truth";
import { judgeSettings } from "./pod-fields";
import { control, STANDARDS_URL } from "./standards";

/**
 * POD-12, Windows: no container is a process of its node.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/ Baseline, "HostProcess", v1.37
 */
export const windowsHostProcess: ResourceRule = {
  id: "POD-12",
  title: "Windows containers are no processes of their node",
  why: "Such a container is what a privileged one is on Linux: it can read and change everything on its node.",
  remediation: "Remove `windowsOptions.hostProcess`.",
  url: `${STANDARDS_URL}#baseline`,
  severity: "medium",
  level: "mandatory",
  family: "pod",
  parameters: {},
  frameworks: [control("Baseline", "HostProcess")],
  examples: {
    bad: `
apiVersion: v1
kind: Pod
metadata: { name: agent }
spec:
  os: { name: windows }
  securityContext: { windowsOptions: { hostProcess: true } }
  containers: [{ name: main, image: "registry.example/agent:1.4" }]
`,
    good: `
apiVersion: v1
kind: Pod
metadata: { name: agent }
spec:
  os: { name: windows }
  securityContext: { windowsOptions: { hostProcess: false } }
  containers: [{ name: main, image: "registry.example/agent:1.4" }]
`,
  },
  judge: ({ pods }) =>
    judgeSettings(pods, "windowsOptions.hostProcess", ({ path, value }) =>
      violatedIf([conditionOf(isOneOf(value, true), path)], () => ({
        path,
        observed: "true",
        allowed: "false or absent",
        remedy: "Remove it.",
      })),
    ),
};
