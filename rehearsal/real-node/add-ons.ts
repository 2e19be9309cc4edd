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

/** What clusters with real nodes have, beside their nodes: names for pods, and numbers of what they use. */
export const ADD_ONS = {
  coreDns: {
    image: "coredns",
    deployment: { namespace: "kube-system", name: "coredns" },
    objects: coreDnsObjects(),
  },
  metricsServer: {
    image: "metrics-server",
    deployment: { namespace: "kube-system", name: "metrics-server" },
    objects: metricsServerObjects(),
  },
} as const satisfies Record<string, AddOn>;
