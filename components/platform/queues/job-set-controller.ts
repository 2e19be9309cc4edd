import * as pulumi from "@pulumi/pulumi";
import { checkedInputs, compact } from "../../internal";
import { CHARTS } from "../../model/versions";
import { inTurn, RenderedObjects, type Rendering } from "../../rendering";
import { type ChartPartArgs, checkPart } from "../part/part-args";
import { partNamespace, PodSecurityLevel, withoutNamespaces } from "../part/part-namespace";
import { JOB_SET_NAMESPACE, jobSetMonitor, jobSetValues } from "./job-set-controller-values";

/** What a {@link JobSetController} is made from. Every argument has a default. */
export type JobSetControllerArgs = ChartPartArgs;

/**
 * JobSet: runs groups of Jobs as one, with headless services, restarts of the whole and an order of start. Trainer makes
 * its jobs from JobSets, and Kueue admits them whole.
 *
 * Creates a namespace, the resource type, RBAC, the controller and its webhooks.
 */
export class JobSetController extends pulumi.ComponentResource {
  /** Namespace of the controller. */
  public readonly namespace: pulumi.Output<string>;
  /** True once JobSets can be created: the type is established, and the webhook answers. */
  public readonly ready: pulumi.Output<boolean>;

  /** @throws pulumi.InputPropertiesError when the namespace is Kubernetes' own, or when a name, number, quantity or version is misspelt. */
  constructor(name: string, args: JobSetControllerArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    const errors = checkPart(args);
    super("mlstack:index:JobSetController", name, checkedInputs("JobSetController", name, args, errors), opts);

    const rendering = jobSetRendering(args);
    const namespace = partNamespace(name, rendering.namespace, PodSecurityLevel.restricted, this);
    const objects = new RenderedObjects(`${name}-objects`, rendering, { parent: this, dependsOn: [namespace] });
    this.namespace = namespace.metadata.name;
    this.ready = objects.ready;
    this.registerOutputs({ namespace: this.namespace, ready: this.ready });
  }
}

/** What JobSet consists of, beside its namespace. */
export function jobSetRendering(args: JobSetControllerArgs): Rendering {
  const { namespace = JOB_SET_NAMESPACE, platform = {}, version } = args;
  const source = compact({ chart: CHARTS.jobSet, release: "jobset", namespace, values: jobSetValues(args), version });
  const monitors = platform.prometheus === true ? [jobSetMonitor(namespace, platform.certManager ?? false)] : [];
  const adjust = inTurn(withoutNamespaces, (objects) => [...objects, ...monitors]);
  return { sources: [source], facts: platform, namespace, adjust };
}
