import { isUnknown } from "../../../components/model";
import { textList } from "../../engine/parameters";
import { undecided, type ResourceRule } from "../../engine/rule";
import { installedChartOf, RELEASE } from "../installed-chart";

/**
 * Charts that bring privileged pods, webhooks that can change every pod, or rights over the whole cluster.
 *
 * @see the charts' own templates at the versions of `components/model/versions.ts`
 */
const CHARTS = [
  "argo-workflows",
  "aws-ebs-csi-driver",
  "aws-efa-k8s-device-plugin",
  "aws-load-balancer-controller",
  "cert-manager",
  "cluster-autoscaler",
  "cni",
  "dcgm-exporter",
  "dra-driver-nvidia-gpu",
  "external-secrets",
  "gpu-operator",
  "istiod",
  "jobset",
  "karpenter",
  "keda",
  "kserve-llmisvc-resources",
  "kserve-resources",
  "kube-prometheus-stack",
  "kubeflow-trainer",
  "kueue",
  "lws",
  "minio",
  "network-operator",
  "node-feature-discovery",
  "nvidia-device-plugin",
  "nvidia-dra-driver-gpu",
  "seaweedfs",
  "spark-operator",
  "vertical-pod-autoscaler",
  "ztunnel",
];

const charts = textList("a list of the names of charts that policies should see into", CHARTS);

/**
 * HELM-02: charts that matter to security are rendered by Pulumi, so that every policy sees their objects.
 *
 * @see https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/choosing-the-right-helm-resource-for-your-use-case/
 */
export const chartRelease: ResourceRule<{ charts: string[] }> = {
  id: "HELM-02",
  title: "Charts that matter to security are rendered for policies to see",
  why: "Helm creates the objects of a Release by itself, so no policy judges the pods and rights that it brings.",
  remediation: "Install the chart as a `kubernetes.helm.v4.Chart`, whose objects are resources of the stack.",
  url: "https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/choosing-the-right-helm-resource-for-your-use-case/",
  severity: "medium",
  level: "advisory",
  family: "platform",
  parameters: { charts },
  examples: {
    bad: `
type: kubernetes:helm.sh/v3:Release
name: plugin
properties:
  chart: nvidia-device-plugin
  version: 0.20.0
  repositoryOpts: { repo: "https://nvidia.github.io/k8s-device-plugin" }
`,
    good: `
type: kubernetes:helm.sh/v4:Chart
name: plugin
properties:
  chart: nvidia-device-plugin
  version: 0.20.0
  repositoryOpts: { repo: "https://nvidia.github.io/k8s-device-plugin" }
`,
  },
  *judge(subject, parameters) {
    const chart = subject.type === RELEASE ? installedChartOf(subject) : undefined;
    if (chart === undefined) return;
    if (isUnknown(chart.name)) yield undecided("chart");
    else if (parameters.charts.includes(chart.name)) {
      yield {
        path: "chart",
        observed: `"${chart.name}", installed where no policy sees its objects`,
        allowed: "a kubernetes.helm.v4.Chart for it",
        remedy: "Install it as one.",
      };
    }
  },
};
