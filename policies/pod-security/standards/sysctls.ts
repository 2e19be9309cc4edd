import { childAt } from "../../../components/model";
import { conditionOf, violatedIf } from "../../engine/conditions";
import { textList } from "../../engine/parameters";
import type { ResourceRule } from "../../engine/rule";
import { isOneOf, not } from "../../engine/truth";
import { isSince, kubernetesVersion, type StandardsVersion } from "./kubernetes-version";
import { judgeItems, shown } from "./pod-fields";
import { control, STANDARDS_URL } from "./standards";

/**
 * Settings of the kernel that hold for one pod alone, with the version of Kubernetes since which they are safe, if not always.
 *
 * @see https://github.com/kubernetes/pod-security-admission/blob/v0.37.2/policy/check_sysctls.go
 */
const SAFE: [name: string, since?: StandardsVersion][] = [
  ["kernel.shm_rmid_forced"],
  ["net.ipv4.ip_local_port_range"],
  ["net.ipv4.ip_local_reserved_ports"],
  ["net.ipv4.ip_unprivileged_port_start"],
  ["net.ipv4.ping_group_range"],
  ["net.ipv4.tcp_fin_timeout"],
  ["net.ipv4.tcp_keepalive_intvl"],
  ["net.ipv4.tcp_keepalive_probes"],
  ["net.ipv4.tcp_keepalive_time"],
  ["net.ipv4.tcp_syncookies"],
  ["net.ipv4.tcp_rmem", "1.32"],
  ["net.ipv4.tcp_wmem", "1.32"],
  ["net.ipv4.tcp_notsent_lowat", "1.37"],
  ["net.ipv4.tcp_slow_start_after_idle", "1.37"],
];

const sysctls = textList("a list of further sysctls that pods may set, which the kubelet has to allow as well");

/**
 * POD-12, sysctls: pods set those only that hold for the pod alone.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/ Baseline, "Sysctls", v1.37
 */
export const safeSysctls: ResourceRule<{ kubernetesVersion: StandardsVersion; sysctls: string[] }> = {
  id: "POD-12",
  title: "Pods change settings of the kernel for themselves only",
  why: "Other sysctls change the kernel for all pods of the node, or switch its protection off.",
  remediation: "Remove the sysctl, or set it for a whole pool of nodes where all of its pods need it.",
  url: `${STANDARDS_URL}#baseline`,
  severity: "medium",
  level: "mandatory",
  family: "pod",
  parameters: { kubernetesVersion, sysctls },
  frameworks: [control("Baseline", "Sysctls")],
  examples: {
    bad: `
apiVersion: v1
kind: Pod
metadata: { name: server }
spec:
  securityContext: { sysctls: [{ name: kernel.msgmax, value: "65536" }] }
  containers: [{ name: main, image: "registry.example/server:1.4" }]
`,
    good: `
apiVersion: v1
kind: Pod
metadata: { name: server }
spec:
  securityContext: { sysctls: [{ name: net.ipv4.tcp_keepalive_time, value: "600" }] }
  containers: [{ name: main, image: "registry.example/server:1.4" }]
`,
  },
  judge: (subject, settings) => {
    const safe = SAFE.filter(([, since]) => since === undefined || isSince(settings.kubernetesVersion, since)).map(
      ([name]) => name,
    );
    return judgeItems(subject.pods, "securityContext.sysctls", (sysctl, at) => {
      const path = `${at}.name`;
      const name = childAt(sysctl, "name");
      return violatedIf([conditionOf(not(isOneOf(name, ...safe, ...settings.sysctls)), path)], () => ({
        path,
        observed: shown(name),
        allowed: `a sysctl that is safe in Kubernetes ${settings.kubernetesVersion}`,
        remedy: "Remove it, or set it for the whole pool of nodes.",
      }));
    });
  },
};
