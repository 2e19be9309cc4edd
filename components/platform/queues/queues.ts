import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { checkedInputs } from "../../internal";
import type { KubernetesObject } from "../../rendering";
import { type QueuesArgs, validateQueues } from "./queues-args";
import { queueManifests } from "./queues-manifests";

/**
 * Queues of the platform, from its pools: what each team has of the GPUs, what it lends and borrows, and who goes first.
 *
 * Creates a ResourceFlavor of each pool, a Cohort, a ClusterQueue of each queue, WorkloadPriorityClasses and, where asked
 * for, a Topology. There is one of it in a cluster, as flavors have the names of pools. It depends on {@link Kueue}; tenants
 * depend on it.
 */
export class Queues extends pulumi.ComponentResource {
  /** Names of the ClusterQueues, known once these are there: whatever takes them waits for the queues. */
  public readonly clusterQueues: pulumi.Output<string[]>;
  /** True once every queue is there and, unless nodes are simulated or the queue is stopped, active. */
  public readonly ready: pulumi.Output<boolean>;

  /**
   * @throws pulumi.InputPropertiesError when quotas name pools that are not there or add up to more than a pool has at its
   * ceiling, when more is lent or borrowed than there is, when tenants name queues that are not there or may have more GPUs
   * than their queues can give, or when a name or quantity is misspelt.
   */
  constructor(name: string, args: QueuesArgs, opts?: pulumi.ComponentResourceOptions) {
    const errors = validateQueues(name, args);
    super("mlstack:index:Queues", name, checkedInputs("Queues", name, args, errors), opts);

    const { topologies, flavors, cohorts, clusterQueues, priorityClasses } = queueManifests(name, args);
    const create = (suffix: string, manifests: KubernetesObject[], dependsOn: pulumi.Resource[]) =>
      manifests.map((manifest) => createQueueObject(`${name}-${suffix}`, manifest, { parent: this, dependsOn }));
    const ground = create("topology", topologies, []);
    const foundations = [...create("flavor", flavors, ground), ...create("cohort", cohorts, [])];
    const queues = create("queue", clusterQueues, foundations);
    const priorities = create("priority", priorityClasses, []);
    this.clusterQueues = pulumi.all(queues.map((queue) => queue.metadata.apply((metadata) => metadata.name ?? "")));
    this.ready = pulumi.all([...queues, ...priorities].map(({ id }) => id)).apply(() => true);
    this.registerOutputs({ clusterQueues: this.clusterQueues, ready: this.ready });
  }
}

/** Kueue lets go of a queue or flavor once nothing runs in it any more, which takes as long as jobs need to stop. */
const DELETION_TIMEOUT = "30m";

function createQueueObject(
  prefix: string,
  manifest: KubernetesObject,
  opts: pulumi.CustomResourceOptions,
): k8s.apiextensions.CustomResource {
  const customTimeouts = { delete: DELETION_TIMEOUT };
  return new k8s.apiextensions.CustomResource(`${prefix}-${manifest.metadata.name}`, manifest, {
    ...opts,
    customTimeouts,
  });
}
