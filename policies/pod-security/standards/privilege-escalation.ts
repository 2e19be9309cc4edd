import { pathInContainer, type ContainerAt } from "../../../components/model";
import { conditionOf, violatedIf, type Condition } from "../../engine/conditions";
import { containerValue, judgeContainers, type PodGroup } from "../../engine/pods";
import type { Judgement, ResourceRule } from "../../engine/rule";
import type { Subject } from "../../engine/subject";
import { isOneOf, not } from "../../engine/truth";
import { notPrivileged, notWindows, withoutSysAdmin } from "./pod-conditions";
import { isWhole, shown } from "./pod-fields";
import { control, STANDARDS_URL } from "./standards";

const FIELD = "securityContext.allowPrivilegeEscalation";

/**
 * POD-08: programs in a container get no more rights than those they start with. Privileged containers are left to
 * POD-01, and those with CAP_SYS_ADMIN to POD-06, as Kubernetes refuses the field in them.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/ Restricted, "Privilege Escalation", v1.37
 */
export const privilegeEscalation: ResourceRule = {
  id: "POD-08",
  title: "Programs in containers can not raise their rights",
  why: "By programs such as sudo a process becomes root in its container, whatever user the container starts with.",
  remediation: "Set `securityContext.allowPrivilegeEscalation` to false in each container.",
  url: `${STANDARDS_URL}#restricted`,
  severity: "medium",
  level: "mandatory",
  family: "pod",
  parameters: {},
  frameworks: [
    control("Restricted", "Privilege Escalation"),
    { name: "Checkov", reference: "CKV_K8S_20" },
    { name: "Kubescape", reference: "C-0016" },
  ],
  fix: "sets it to false",
  examples: {
    bad: `
apiVersion: v1
kind: Pod
metadata: { name: trainer }
spec:
  containers:
    - name: main
      image: registry.example/mnist:1.4
      securityContext: { allowPrivilegeEscalation: true }
`,
    good: `
apiVersion: v1
kind: Pod
metadata: { name: trainer }
spec:
  containers:
    - name: main
      image: registry.example/mnist:1.4
      securityContext: { allowPrivilegeEscalation: false }
`,
  },
  judge: (subject) => judgeContainers(subject.pods, (at, pods) => judgeContainer(at, pods, subject)),
};

function judgeContainer(at: ContainerAt, pods: PodGroup, subject: Subject): Iterable<Judgement> {
  const path = pathInContainer(at, FIELD);
  const given = containerValue(pods, at, FIELD);
  const conditions: Condition[] = [
    conditionOf(given !== undefined || isWhole(subject), path),
    conditionOf(not(isOneOf(given, false)), path),
    notWindows(pods),
    notPrivileged(at),
    withoutSysAdmin(at),
  ];
  return violatedIf(conditions, () => ({
    path,
    observed: given === undefined ? "absent, which means true" : shown(given),
    allowed: "false",
    remedy: "Set it to false.",
    fix: [{ path, value: false }],
  }));
}
