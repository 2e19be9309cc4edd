import { basename } from "node:path";
import type { ChartValues, KubernetesObject } from "../../../../components/rendering";
import type { RenderCall } from "../../../../components/rendering/source";

/** What the Kubernetes provider is asked to render of a chart, as far as these tests look at it. */
export interface ChartCall {
  chart: string;
  version?: string;
  path?: string;
  fetch_opts?: { repo: string };
  release_name: string;
  namespace: string;
  values: ChartValues;
  kube_version: string;
}

/** Charts that were asked for, by name, and what renders them: a few objects of each in place of the real ones. */
export interface ChartCalls {
  asked: Record<string, ChartCall>;
  render: (call: RenderCall) => Promise<{ result: KubernetesObject[] }>;
}

/** Stands in for what renders charts; a chart yields what is said of it here, or nothing. */
export function chartCalls(charts: Record<string, (call: ChartCall) => KubernetesObject[]>): ChartCalls {
  const asked: Record<string, ChartCall> = {};
  const render = ({ args }: RenderCall) => {
    const call = JSON.parse(args["jsonOpts"] as string) as ChartCall;
    const name = basename(call.chart);
    asked[name] = call;
    return Promise.resolve({ result: charts[name]?.(call) ?? [] });
  };
  return { asked, render };
}

/** A Deployment with a variable of its container. */
export function deployment(name: string, namespace: string, variable: unknown): KubernetesObject {
  const containers = [{ name: "controller", env: [{ name: "VARIABLE", value: variable }] }];
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace },
    spec: { template: { spec: { containers } } },
  };
}

/** A resource type. */
export function resourceType(name: string): KubernetesObject {
  const spec = { scope: "Cluster", names: { kind: "NodePool" } };
  return { apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition", metadata: { name }, spec };
}
