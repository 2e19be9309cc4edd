import * as pulumi from "@pulumi/pulumi";
import { checkedInputs, compact } from "../../internal";
import { CHARTS } from "../../model/versions";
import { RenderedObjects, type Rendering } from "../../rendering";
import { partNamespace, PodSecurityLevel, withoutNamespaces } from "../part/part-namespace";
import { type KueueArgs, validateKueue } from "./kueue-args";
import { KUEUE_NAMESPACE, kueueValues } from "./kueue-values";

/**
 * Kueue: lets jobs wait until all they ask for is within the quota of their queue, and starts them whole.
 *
 * Creates a namespace, the resource types, RBAC, the controller, its webhooks and the API that shows who waits. Queues
 * themselves are made by {@link Queues}.
 *
 * Its webhooks change the jobs of other controllers, so a program makes it depend on those: JobSet, LeaderWorkerSet,
 * Trainer and whatever else of `frameworks` it installs.
 */
export class Kueue extends pulumi.ComponentResource {
  /** Namespace of the controller. */
  public readonly namespace: pulumi.Output<string>;
  /** True once queues can be created and jobs wait in them: types are established, and webhooks answer. */
  public readonly ready: pulumi.Output<boolean>;

  /**
   * @throws pulumi.InputPropertiesError when the namespace is Kubernetes' own, when a kind of workload is unknown, when the
   * time for pods to become ready is too short for a GPU node, or when a name, number, quantity or version is misspelt.
   */
  constructor(name: string, args: KueueArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    const errors = validateKueue(name, args);
    super("mlstack:index:Kueue", name, checkedInputs("Kueue", name, args, errors), opts);

    const rendering = kueueRendering(args);
    const namespace = partNamespace(name, rendering.namespace, PodSecurityLevel.restricted, this);
    const objects = new RenderedObjects(`${name}-objects`, rendering, { parent: this, dependsOn: [namespace] });
    this.namespace = namespace.metadata.name;
    this.ready = objects.ready;
    this.registerOutputs({ namespace: this.namespace, ready: this.ready });
  }
}

/** What Kueue consists of, beside its namespace. */
export function kueueRendering(args: KueueArgs): Rendering {
  const { namespace = KUEUE_NAMESPACE, platform = {}, version } = args;
  const source = compact({ chart: CHARTS.kueue, release: "kueue", namespace, values: kueueValues(args), version });
  return { sources: [source], facts: platform, namespace, adjust: withoutNamespaces };
}
