import type * as pulumi from "@pulumi/pulumi";
import type { SecretKeyReference } from "../pods";

/** Where tasks wait for workers: a small Redis of the workload's own by default, or a broker that is there already. */
export interface BrokerArgs {
  /**
   * Address of a broker that is there already, for example `amqp://…`, inside a Secret. None of the other arguments is
   * given with it.
   */
  existingUrl?: SecretKeyReference;
  /** Image of Redis, which must run as user 999; `docker.io/library/redis:8.2.9-bookworm` by default. */
  image?: pulumi.Input<string>;
  /** Memory of Redis, a Kubernetes quantity, of which tasks may take three quarters; `256Mi` by default. */
  memory?: string;
  /** Size of the volume on which tasks survive a restart of Redis, a Kubernetes quantity; `1Gi` by default. */
  volumeSize?: string;
  /** Storage class of the volume; the cluster's default one by default. */
  storageClassName?: pulumi.Input<string>;
}
