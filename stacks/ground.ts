import type * as pulumi from "@pulumi/pulumi";
import type { EksFacts } from "../components";

/** What everything of an environment stands on. */
export interface Ground {
  /** Providers of the cluster and, where it is on EKS, of AWS. */
  providers: pulumi.ProviderResource[];
  /** What is known of a cluster on EKS; undefined for other clusters. */
  eks: EksFacts | undefined;
}
