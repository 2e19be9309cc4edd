import * as pulumi from "@pulumi/pulumi";
import { checkDnsLabel, checkedInputs, compact, type InputProblem } from "../../internal";
import { CHARTS } from "../../model/versions";
import { RenderedObjects, type Rendering } from "../../rendering";
import { type ChartPartArgs, checkPart } from "../part/part-args";
import { partNamespace, PodSecurityLevel, withoutNamespaces } from "../part/part-namespace";
import { KEDA_NAMESPACE, kedaValues } from "./keda-values";

/** What a {@link Keda} is made from. Every argument has a default. */
export interface KedaArgs extends ChartPartArgs {
  /** The one namespace whose ScaledObjects and ScaledJobs count; every namespace by default. */
  watchNamespace?: string;
}

/**
 * KEDA: scales Deployments and Jobs by what waits for them (queues, topics, metrics of Prometheus), down to none.
 *
 * One for each cluster, as it serves `external.metrics.k8s.io`. Creates a namespace, the resource types, RBAC, the
 * operator, the metrics server with its aggregated API, and the webhook.
 */
export class Keda extends pulumi.ComponentResource {
  /** Namespace of KEDA. */
  public readonly namespace: pulumi.Output<string>;
  /** True once ScaledObjects can be created: the types are established, and metrics server and webhook answer. */
  public readonly ready: pulumi.Output<boolean>;

  /** @throws pulumi.InputPropertiesError when the namespace is Kubernetes' own, or when a name, number, quantity or version is misspelt. */
  constructor(name: string, args: KedaArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    const errors = validateKeda(name, args);
    super("mlstack:index:Keda", name, checkedInputs("Keda", name, args, errors), opts);

    const rendering = kedaRendering(args);
    const namespace = partNamespace(name, rendering.namespace, PodSecurityLevel.restricted, this);
    const objects = new RenderedObjects(`${name}-objects`, rendering, { parent: this, dependsOn: [namespace] });
    this.namespace = namespace.metadata.name;
    this.ready = objects.ready;
    this.registerOutputs({ namespace: this.namespace, ready: this.ready });
  }
}

/** Checks KEDA's inputs. */
export function validateKeda(_name: string, args: KedaArgs): InputProblem[] {
  const { watchNamespace } = args;
  return [...checkPart(args), ...(watchNamespace === undefined ? [] : checkDnsLabel("watchNamespace", watchNamespace))];
}

/** What KEDA consists of, beside its namespace. */
export function kedaRendering(args: KedaArgs): Rendering {
  const { namespace = KEDA_NAMESPACE, platform = {}, version } = args;
  const source = compact({ chart: CHARTS.keda, release: "keda", namespace, values: kedaValues(args), version });
  return { sources: [source], facts: platform, namespace, adjust: withoutNamespaces };
}
