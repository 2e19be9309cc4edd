import { childAt } from "../../../components/model";
import { conditionOf, violatedIf } from "../../engine/conditions";
import type { Judgement, ResourceRule } from "../../engine/rule";
import { isOneOf, not } from "../../engine/truth";
import { isSince, kubernetesVersion, type StandardsVersion } from "./kubernetes-version";
import { judgeSettings, shown, type Placed } from "./pod-fields";
import { control, STANDARDS_URL } from "./standards";

/** Types that confine a process to its container, with the version of Kubernetes since which they are, if not always. */
const TYPES: [type: string, since?: StandardsVersion][] = [
  ["container_t"],
  ["container_init_t"],
  ["container_kvm_t"],
  ["container_engine_t", "1.31"],
];

/**
 * POD-12, SELinux: containers keep the user and role that they get, and have a type that is made for containers.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/ Baseline, "SELinux", v1.37
 */
export const seLinuxOptions: ResourceRule<{ kubernetesVersion: StandardsVersion }> = {
  id: "POD-12",
  title: "SELinux confines containers as such",
  why: "With a type, user or role of its own a container leaves the confinement that SELinux puts around all others.",
  remediation: "Remove user and role, and use a type that is made for containers, such as `container_t`.",
  url: `${STANDARDS_URL}#baseline`,
  severity: "medium",
  level: "mandatory",
  family: "pod",
  parameters: { kubernetesVersion },
  frameworks: [control("Baseline", "SELinux")],
  examples: {
    bad: `
apiVersion: v1
kind: Pod
metadata: { name: trainer }
spec:
  securityContext: { seLinuxOptions: { type: spc_t } }
  containers: [{ name: main, image: "registry.example/mnist:1.4" }]
`,
    good: `
apiVersion: v1
kind: Pod
metadata: { name: trainer }
spec:
  securityContext: { seLinuxOptions: { type: container_t, level: "s0:c123,c456" } }
  containers: [{ name: main, image: "registry.example/mnist:1.4" }]
`,
  },
  judge: (subject, settings) =>
    judgeSettings(subject.pods, "seLinuxOptions", (options) => judgeOptions(options, settings.kubernetesVersion)),
};

function* judgeOptions(options: Placed, version: StandardsVersion): Iterable<Judgement> {
  const types = TYPES.filter(([, since]) => since === undefined || isSince(version, since)).map(([type]) => type);
  yield* judgeOption(options, "type", types);
  yield* judgeOption(options, "user", []);
  yield* judgeOption(options, "role", []);
}

function judgeOption(options: Placed, option: string, allowed: string[]): Iterable<Judgement> {
  const path = `${options.path}.${option}`;
  const given = childAt(options.value, option) ?? undefined;
  return violatedIf([conditionOf(not(isOneOf(given, undefined, "", ...allowed)), path)], () => ({
    path,
    observed: shown(given),
    allowed: [...allowed, "absent"].join(" or "),
    remedy: "Remove it.",
  }));
}
