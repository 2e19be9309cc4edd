import { isUnknown, type Tree } from "../../../components/model";
import { textList } from "../../engine/parameters";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";
import { installedChartOf, RELEASE } from "../installed-chart";
import { fieldsIn, type FieldAt } from "./values-walk";

/** Fields of security contexts, and of pods, with the value that takes protection away and the one that does not. */
const WEAK: Record<string, { weak: boolean | number; allowed: string }> = {
  allowPrivilegeEscalation: { weak: true, allowed: "false" },
  hostIPC: { weak: true, allowed: "false" },
  hostNetwork: { weak: true, allowed: "false" },
  hostPID: { weak: true, allowed: "false" },
  privileged: { weak: true, allowed: "false" },
  runAsNonRoot: { weak: false, allowed: "true" },
  runAsUser: { weak: 0, allowed: "a number above 0" },
};

// Each hands devices or networks of the node to pods, or reads its counters.
const nodeCharts = textList("a list of the names of charts whose pods work on the node itself", [
  "aws-ebs-csi-driver",
  "aws-efa-k8s-device-plugin",
  "cni",
  "dcgm-exporter",
  "gpu-operator",
  "network-operator",
  "nvidia-device-plugin",
  "ztunnel",
]);

/**
 * HELM-03, security contexts: the values of a Release do not take protection away from its pods.
 *
 * Charts that Pulumi renders are judged by their pods (POD-01 to POD-14).
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/ v1.37
 */
export const releaseSecurityContext: ResourceRule<{ nodeCharts: string[] }> = {
  id: "HELM-03",
  title: "The values of a Release take no protection away from its pods",
  why: "Helm creates these pods by itself, so that the rules about pods never see what the values ask for.",
  remediation:
    "Remove the value, or install the chart as a `kubernetes.helm.v4.Chart` whose pods are judged one by one.",
  url: "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
  severity: "high",
  level: "advisory",
  levels: { restricted: "mandatory" },
  family: "platform",
  parameters: { nodeCharts },
  examples: {
    bad: `
type: kubernetes:helm.sh/v3:Release
name: seaweedfs
properties:
  chart: seaweedfs
  version: 4.44.0
  values: { master: { containerSecurityContext: { privileged: true } } }
`,
    good: `
type: kubernetes:helm.sh/v3:Release
name: seaweedfs
properties:
  chart: seaweedfs
  version: 4.44.0
  values: { master: { containerSecurityContext: { privileged: false } } }
`,
  },
  *judge(subject, parameters) {
    const chart = subject.type === RELEASE ? installedChartOf(subject) : undefined;
    const allowed: readonly Tree[] = parameters.nodeCharts;
    if (chart === undefined || allowed.includes(chart.name)) return;
    if (isUnknown(chart.values)) yield undecided("values");
    for (const field of fieldsIn(chart.values, "values")) {
      for (const judgement of judgeField(field)) yield isUnknown(chart.name) ? undecided("chart") : judgement;
    }
  },
};

function* judgeField({ path, key, value }: FieldAt): Iterable<Judgement> {
  const field = Object.hasOwn(WEAK, key) ? WEAK[key] : undefined;
  if (field === undefined) return;
  if (isUnknown(value)) yield undecided(path);
  if (value === field.weak) {
    yield { path, observed: String(field.weak), allowed: `${field.allowed} or absent`, remedy: "Remove it." };
  }
}
