import type { KubernetesObject } from "@kubernetes/client-node";
import { coreDnsObjects } from "./core-dns";
import { metricsServerObjects } from "./metrics-server";

/** Something that a cluster with real nodes has, and that is no part of a platform. */
export interface AddOn {
  /** Name of its image in the table of pods' images. */
  image: string;
  /** Namespace and name of the Deployment that is ready when it is. */
  deployment: { namespace: string; name: string };
  /** Its objects, in the order in which they are applied. */
  objects: KubernetesObject[];
}

/**
 * What a cluster with real nodes has beside them: names for pods, and numbers of what they use.
 *
 * @param nameServer Address at which pods ask for names, in the cluster's service network, for example `10.96.0.10`.
 */
export function addOns(nameServer: string): Record<"coreDns" | "metricsServer", AddOn> {
  return {
    coreDns: {
      image: "coredns",
      deployment: { namespace: "kube-system", name: "coredns" },
      objects: coreDnsObjects(nameServer),
    },
    metricsServer: {
      image: "metrics-server",
      deployment: { namespace: "kube-system", name: "metrics-server" },
      objects: metricsServerObjects(),
    },
  };
}
