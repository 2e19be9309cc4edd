import * as pulumi from "@pulumi/pulumi";
import { checkedInputs, compact } from "../../internal";
import { CHARTS } from "../../model/versions";
import { RenderedObjects, type Rendering } from "../../rendering";
import { type ChartPartArgs, checkPart } from "../part/part-args";
import { partNamespace, PodSecurityLevel, withoutNamespaces } from "../part/part-namespace";
import { METRICS_SERVER_NAMESPACE, metricsServerValues } from "./metrics-server-values";

/** What a {@link MetricsServer} is made from. Every argument has a default. */
export interface MetricsServerArgs extends ChartPartArgs {
  /**
   * Whether the certificates of kubelets are left unchecked; false by default, as whoever answers in a kubelet's place then
   * tells what pods use. Only for clusters whose kubelets sign by themselves, as those of kind do; EKS's do not.
   */
  insecureKubeletTls?: boolean;
}

/**
 * The metrics server: tells what nodes and pods use of CPU and memory, for `kubectl top`, for the HorizontalPodAutoscaler
 * and for recommendations of the VerticalPodAutoscaler.
 *
 * One for each cluster, as it serves `metrics.k8s.io`. Creates a namespace, RBAC, the server and the aggregated API.
 */
export class MetricsServer extends pulumi.ComponentResource {
  /** Namespace of the server. */
  public readonly namespace: pulumi.Output<string>;
  /** True once the server answers. */
  public readonly ready: pulumi.Output<boolean>;

  /** @throws pulumi.InputPropertiesError when the namespace is Kubernetes' own, or when a name, number, quantity or version is misspelt. */
  constructor(name: string, args: MetricsServerArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    const errors = checkPart(args);
    super("mlstack:index:MetricsServer", name, checkedInputs("MetricsServer", name, args, errors), opts);

    const rendering = metricsServerRendering(args);
    const namespace = partNamespace(name, rendering.namespace, PodSecurityLevel.restricted, this);
    const objects = new RenderedObjects(`${name}-objects`, rendering, { parent: this, dependsOn: [namespace] });
    this.namespace = namespace.metadata.name;
    this.ready = objects.ready;
    this.registerOutputs({ namespace: this.namespace, ready: this.ready });
  }
}

/** What the metrics server consists of, beside its namespace. */
export function metricsServerRendering(args: MetricsServerArgs): Rendering {
  const { namespace = METRICS_SERVER_NAMESPACE, platform = {}, version } = args;
  const values = metricsServerValues(args);
  const source = compact({ chart: CHARTS.metricsServer, release: "metrics-server", namespace, values, version });
  return { sources: [source], facts: platform, namespace, adjust: withoutNamespaces };
}
