import { conditionOf, violatedIf } from "../../engine/conditions";
import type { ResourceRule } from "../../engine/rule";
import { isOneOf, not } from "../../engine/truth";
import { judgeSettings, shown } from "./pod-fields";
import { rootMatters, rootParameters, type RootSettings } from "./root";
import { control, STANDARDS_URL } from "./standards";

/**
 * POD-09, asked for: containers are not told to run as root, neither by the user 0 nor by a no to `runAsNonRoot`.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/ Restricted, "Running as Non-root user", v1.37
 * @see https://github.com/kubernetes/pod-security-admission/blob/v0.36.3/policy/check_runAsUser.go for `hostUsers`
 */
export const rootUser: ResourceRule<RootSettings> = {
  id: "POD-09",
  title: "Containers do not ask to run as root",
  why: "Root in a container is root on the node for whoever gets out of it.",
  remediation:
    "Name another user, or none, and keep `runAsNonRoot`; or give the pod a user namespace with `hostUsers: false`.",
  url: `${STANDARDS_URL}#restricted`,
  severity: "high",
  level: "mandatory",
  family: "pod",
  parameters: rootParameters,
  frameworks: [control("Restricted", "Running as Non-root user"), control("Restricted", "Running as Non-root")],
  examples: {
    bad: `
apiVersion: v1
kind: Pod
metadata: { name: trainer }
spec:
  securityContext: { runAsUser: 0 }
  containers: [{ name: main, image: "registry.example/mnist:1.4" }]
`,
    good: `
apiVersion: v1
kind: Pod
metadata: { name: trainer }
spec:
  securityContext: { runAsUser: 1000 }
  containers: [{ name: main, image: "registry.example/mnist:1.4" }]
`,
  },
  *judge(subject, settings) {
    yield* judgeSettings(subject.pods, "runAsUser", ({ path, value }, pods, at) =>
      violatedIf([conditionOf(isOneOf(value, 0), path), rootMatters(pods, at, settings)], () => ({
        path,
        observed: "0, which is root",
        allowed: "another user, or absent",
        remedy: "Name a user that the image is made for.",
      })),
    );
    yield* judgeSettings(subject.pods, "runAsNonRoot", ({ path, value }, pods, at) => {
      const truth = not(isOneOf(value ?? undefined, undefined, true));
      return violatedIf([conditionOf(truth, path), rootMatters(pods, at, settings)], () => ({
        path,
        observed: shown(value),
        allowed: "true",
        remedy: "Set it to true, and name a user by number where the image does not.",
      }));
    });
  },
};
