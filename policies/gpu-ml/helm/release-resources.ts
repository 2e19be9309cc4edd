import { isTreeObject, isUnknown } from "../../../components/model";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";
import { chartValue, installedChartOf, RELEASE, type InstalledChart } from "../installed-chart";

/**
 * Values that hold the resources of containers which the chart itself gives none.
 *
 * @see the charts' `values.yaml` at the versions of `components/model/versions.ts`
 */
const RESOURCES = new Map(
  Object.entries({
    "argo-workflows": ["controller.resources", "server.resources"],
    "aws-load-balancer-controller": ["resources"],
    "cert-manager": ["resources", "webhook.resources", "cainjector.resources"],
    "cluster-autoscaler": ["resources"],
    karpenter: ["controller.resources"],
    "kubeflow-trainer": ["manager.resources"],
    "nvidia-device-plugin": ["resources"],
    "spark-operator": ["controller.resources", "webhook.resources"],
    "vertical-pod-autoscaler": ["admissionController.resources", "recommender.resources", "updater.resources"],
  }),
);

/**
 * HELM-03, resources: what a Release installs asks for resources.
 *
 * Charts that Pulumi renders are judged by their pods (POD-20).
 *
 * @see https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/ v1.36
 */
export const releaseResources: ResourceRule = {
  id: "HELM-03",
  title: "The controllers that a Release installs ask for resources",
  why: "A controller without requests is the first to go when its node runs short, and with it what it admits or scales.",
  remediation: "Set requests for CPU and memory, and a limit for memory, in the values of the chart.",
  url: "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
  severity: "medium",
  level: "advisory",
  family: "platform",
  parameters: {},
  examples: {
    bad: `
type: kubernetes:helm.sh/v3:Release
name: karpenter
properties:
  chart: oci://public.ecr.aws/karpenter/karpenter
  version: 1.14.1
`,
    good: `
type: kubernetes:helm.sh/v3:Release
name: karpenter
properties:
  chart: oci://public.ecr.aws/karpenter/karpenter
  version: 1.14.1
  values: { controller: { resources: { requests: { cpu: 1, memory: 1Gi }, limits: { memory: 1Gi } } } }
`,
  },
  *judge(subject) {
    const chart = subject.type === RELEASE ? installedChartOf(subject) : undefined;
    if (chart === undefined) return;
    if (isUnknown(chart.name)) yield undecided("chart");
    else for (const place of RESOURCES.get(chart.name) ?? []) yield* judgeResources(chart, place);
  },
};

function* judgeResources(chart: InstalledChart, place: string): Iterable<Judgement> {
  const path = `values.${place}`;
  const resources = chartValue(chart, place, {});
  if (isUnknown(resources)) yield undecided(path);
  if (isTreeObject(resources) && Object.keys(resources).length === 0) {
    yield {
      path,
      observed: "absent, and the chart itself sets none",
      allowed: "requests for CPU and memory",
      remedy: "Set them.",
    };
  }
}
