import type { Console } from "./consoles";

/** Where the Service of a console gets its fields from. */
export interface ServicePlace {
  type: string;
  annotations: string;
  ranges?: string;
  balancerClass?: string;
}

/** Where the ways to a console are set up in an object that makes them by an operator or by Helm. */
export interface Place {
  console: Console;
  service?: ServicePlace;
  /** An object with `annotations`, `ingressClassName` and `tls`, and where it is switched on. */
  ingress?: { path: string; enabled: string };
}

const ARGO: Console = { name: "the Argo server", hasLogin: true };
const MINIO: Console = { name: "the console of MinIO", hasLogin: true };
const SPARK: Console = { name: "the web UI of Spark", hasLogin: false };
const RAY: Console = { name: "the dashboard of Ray", hasLogin: false };

/**
 * What charts install that Pulumi has Helm install, by the name of the chart.
 *
 * @see https://github.com/argoproj/argo-helm/blob/main/charts/argo-workflows/values.yaml argo-workflows 1.0
 * @see https://github.com/minio/minio/blob/master/helm/minio/values.yaml minio 5.4.0
 * @see https://github.com/kubeflow/spark-operator/blob/v2.5.2/charts/spark-operator-chart/values.yaml
 */
export const CHARTS: Readonly<Record<string, Place>> = {
  "argo-workflows": {
    console: ARGO,
    service: {
      type: "values.server.serviceType",
      annotations: "values.server.serviceAnnotations",
      ranges: "values.server.loadBalancerSourceRanges",
      balancerClass: "values.server.loadBalancerClass",
    },
    ingress: { path: "values.server.ingress", enabled: "enabled" },
  },
  minio: {
    console: MINIO,
    service: {
      type: "values.consoleService.type",
      annotations: "values.consoleService.annotations",
      ranges: "values.consoleService.loadBalancerSourceRanges",
    },
    ingress: { path: "values.consoleIngress", enabled: "enabled" },
  },
  "spark-operator": { console: SPARK, ingress: { path: "values.controller.uiIngress", enabled: "enable" } },
};

/**
 * Objects whose operators make a Service for a console.
 *
 * @see https://docs.ray.io/en/latest/cluster/kubernetes/user-guides/config.html KubeRay v1.5
 * @see https://github.com/kubeflow/spark-operator/blob/v2.5.2/docs/api-docs.md "SparkUIConfiguration"
 */
export const KINDS: Readonly<Record<string, Place>> = {
  "ray.io/RayCluster": rayPlace("spec"),
  "ray.io/RayJob": rayPlace("spec.rayClusterSpec"),
  "ray.io/RayService": rayPlace("spec.rayClusterConfig"),
  "sparkoperator.k8s.io/SparkApplication": sparkPlace("spec"),
  "sparkoperator.k8s.io/ScheduledSparkApplication": sparkPlace("spec.template"),
};

function rayPlace(spec: string): Place {
  const head = `${spec}.headGroupSpec`;
  return {
    console: RAY,
    service: {
      type: `${head}.serviceType`,
      annotations: `${head}.headService.metadata.annotations`,
      ranges: `${head}.headService.spec.loadBalancerSourceRanges`,
      balancerClass: `${head}.headService.spec.loadBalancerClass`,
    },
  };
}

function sparkPlace(spec: string): Place {
  const options = `${spec}.sparkUIOptions`;
  return {
    console: SPARK,
    service: { type: `${options}.serviceType`, annotations: `${options}.serviceAnnotations` },
  };
}
