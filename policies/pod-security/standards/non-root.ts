import type { ResourceRule } from "../../engine/rule";
import { judgeRequirement } from "./pod-fields";
import { rootMatters, rootParameters, type RootSettings } from "./root";
import { control, STANDARDS_URL } from "./standards";

/**
 * POD-09, said: the kubelet is told to start no container as root. Most images of frameworks run as root unless told
 * otherwise, so that this stops deployments where the restricted level is asked for, and is advice elsewhere.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/ Restricted, "Running as Non-root", v1.37
 * @see https://github.com/kubernetes/pod-security-admission/blob/v0.36.3/policy/check_runAsNonRoot.go for `hostUsers`
 */
export const nonRoot: ResourceRule<RootSettings> = {
  id: "POD-09",
  title: "Containers are kept from running as root",
  why: "Root in a container is root on the node for whoever gets out, and images run as root unless they say otherwise.",
  remediation: "Set `runAsNonRoot: true` for the pod, and a `runAsUser` where the image names no user by number.",
  url: `${STANDARDS_URL}#restricted`,
  severity: "high",
  level: "advisory",
  levels: { restricted: "mandatory" },
  family: "pod",
  parameters: rootParameters,
  frameworks: [control("Restricted", "Running as Non-root"), { name: "Kubescape", reference: "C-0013" }],
  examples: {
    bad: `
apiVersion: v1
kind: Pod
metadata: { name: trainer }
spec:
  securityContext: { runAsUser: 1000 }
  containers: [{ name: main, image: "registry.example/mnist:1.4" }]
`,
    good: `
apiVersion: v1
kind: Pod
metadata: { name: trainer }
spec:
  securityContext: { runAsNonRoot: true }
  containers: [{ name: main, image: "registry.example/mnist:1.4" }]
`,
  },
  judge: (subject, settings) =>
    judgeRequirement(subject, {
      field: "runAsNonRoot",
      conditions: (at, pods) => [rootMatters(pods, at, settings)],
      violation: (path, container) => ({
        path,
        observed: `absent, and so it is in the container ${container}`,
        allowed: "true, for the pod or for each container",
        remedy: "Set it to true, and name a user by number where the image does not.",
      }),
    }),
};
