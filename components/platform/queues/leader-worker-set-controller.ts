import * as pulumi from "@pulumi/pulumi";
import { checkedInputs, compact } from "../../internal";
import { CHARTS } from "../../model/versions";
import { inTurn, RenderedObjects, type Rendering } from "../../rendering";
import { type ChartPartArgs, checkPart } from "../part/part-args";
import { partNamespace, PodSecurityLevel, withoutNamespaces } from "../part/part-namespace";
import {
  LEADER_WORKER_SET_NAMESPACE,
  leaderWorkerSetBudget,
  leaderWorkerSetValues,
} from "./leader-worker-set-controller-values";

/** What a {@link LeaderWorkerSetController} is made from. Every argument has a default. */
export type LeaderWorkerSetControllerArgs = ChartPartArgs;

/**
 * LeaderWorkerSet: runs groups of one leader and several workers, which start, restart and scale together. KServe serves
 * models with it that need more than one node.
 *
 * Creates a namespace, the resource types, RBAC, the controller and its webhooks.
 */
export class LeaderWorkerSetController extends pulumi.ComponentResource {
  /** Namespace of the controller. */
  public readonly namespace: pulumi.Output<string>;
  /** True once LeaderWorkerSets can be created: the type is established, and the webhook answers. */
  public readonly ready: pulumi.Output<boolean>;

  /** @throws pulumi.InputPropertiesError when the namespace is Kubernetes' own, or when a name, number, quantity or version is misspelt. */
  constructor(name: string, args: LeaderWorkerSetControllerArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    const component = "LeaderWorkerSetController";
    const errors = checkPart(args);
    super("mlstack:index:LeaderWorkerSetController", name, checkedInputs(component, name, args, errors), opts);

    const rendering = leaderWorkerSetRendering(args);
    const namespace = partNamespace(name, rendering.namespace, PodSecurityLevel.restricted, this);
    const objects = new RenderedObjects(`${name}-objects`, rendering, { parent: this, dependsOn: [namespace] });
    this.namespace = namespace.metadata.name;
    this.ready = objects.ready;
    this.registerOutputs({ namespace: this.namespace, ready: this.ready });
  }
}

/** What LeaderWorkerSet consists of, beside its namespace. */
export function leaderWorkerSetRendering(args: LeaderWorkerSetControllerArgs): Rendering {
  const { namespace = LEADER_WORKER_SET_NAMESPACE, platform = {}, replicas = 2, version } = args;
  const chart = CHARTS.leaderWorkerSet;
  const source = compact({ chart, release: "lws", namespace, values: leaderWorkerSetValues(args), version });
  const budgets = replicas > 1 ? [leaderWorkerSetBudget(namespace)] : [];
  const adjust = inTurn(withoutNamespaces, (objects) => [...objects, ...budgets]);
  return { sources: [source], facts: platform, namespace, adjust };
}
