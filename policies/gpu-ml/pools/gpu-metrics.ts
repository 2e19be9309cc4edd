import { childAt, containersOf, isUnknown, UNKNOWN, type Tree } from "../../../components/model";
import { undecided, type StackRule } from "../../engine/rule";
import type { Subject } from "../../engine/subject";
import { allOf, anyOf, not, type Truth } from "../../engine/truth";
import { installs } from "../installed-chart";
import { poolHasGpus } from "./requirements";

const PATH = "spec";

/** Components of ours that measure GPUs. */
const COMPONENTS = ["mlstack:index:DcgmExporter", "mlstack:index:GpuOperator"];

/** Charts that bring the exporter. */
const CHARTS = ["dcgm-exporter", "gpu-operator"];

/** The exporter's image, whatever registry it is from. */
const IMAGE = /\/dcgm-exporter(:|@|$)/;

/**
 * GPU-20, over the stack: where Prometheus watches a stack with GPUs, something measures the GPUs for it.
 *
 * A stack without Prometheus is left alone: what watches its pools may well be elsewhere.
 *
 * @see https://docs.aws.amazon.com/eks/latest/best-practices/aiml-observability.html
 * @see https://github.com/NVIDIA/dcgm-exporter 4.5.3
 */
export const gpuMetrics: StackRule = {
  id: "GPU-20",
  title: "Metrics of GPUs are collected where others are",
  why: "Without them nobody sees that GPUs stand idle, run hot or return wrong results, though they cost most of all.",
  remediation: "Install the DCGM exporter on the nodes with GPUs, or the GPU operator, which brings it.",
  url: "https://docs.aws.amazon.com/eks/latest/best-practices/aiml-observability.html",
  severity: "low",
  level: "advisory",
  family: "gpu",
  parameters: {},
  examples: {
    bad: `
type: aws:eks/nodeGroup:NodeGroup
name: gpu
properties: { instanceTypes: [g5.xlarge] }
---
apiVersion: monitoring.coreos.com/v1
kind: Prometheus
metadata: { name: main, namespace: monitoring }
`,
    good: `
type: aws:eks/nodeGroup:NodeGroup
name: gpu
properties: { instanceTypes: [g5.xlarge] }
---
apiVersion: monitoring.coreos.com/v1
kind: Prometheus
metadata: { name: main, namespace: monitoring }
---
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: dcgm-exporter, namespace: monitoring }
spec:
  template:
    spec:
      containers: [{ name: exporter, image: "nvcr.io/nvidia/k8s/dcgm-exporter:4.5.3-4.8.2-distroless" }]
`,
  },
  *judgeStack(subjects) {
    const watchers = subjects.filter((subject) => subject.is("monitoring.coreos.com/Prometheus"));
    if (watchers.length === 0) return;
    const isBlind = allOf([anyOf(subjects.map(poolHasGpus)), not(anyOf(subjects.map(measuresGpus)))]);
    for (const watcher of watchers) {
      if (isUnknown(isBlind)) yield [watcher, undecided(PATH)];
      if (isBlind === true) {
        const observed = "without anything that measures the GPUs of the stack";
        const remedy = "Install the DCGM exporter, or the GPU operator, which brings it.";
        yield [watcher, { path: PATH, observed, allowed: "the DCGM exporter beside pools with GPUs", remedy }];
      }
    }
  },
};

function measuresGpus(subject: Subject): Truth {
  return anyOf([
    COMPONENTS.includes(subject.type),
    ...CHARTS.map((chart) => installs(subject, chart)),
    ...subject.pods.flatMap(containersOf).map(({ container }) => matches(childAt(container, "image"), IMAGE)),
  ]);
}

function matches(leaf: Tree, pattern: RegExp): Truth {
  return isUnknown(leaf) ? UNKNOWN : typeof leaf === "string" && pattern.test(leaf);
}
