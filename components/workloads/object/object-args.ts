import type * as pulumi from "@pulumi/pulumi";
import type { PoolShape } from "../../model";
import type { LineageArgs } from "./lineage";

/** What every workload's object has, whatever its kind. */
export interface ObjectArgs {
  /** Name of the object, a DNS label; the component's name by default. */
  objectName?: string;
  /** Namespace; the provider's default one by default. */
  namespace?: pulumi.Input<string>;
  /** Labels of the object and its pods, beside those it sets itself. */
  labels?: Record<string, pulumi.Input<string>>;
  /** Which code, image, data and parameters it comes from; nothing is recorded of what is not known. */
  lineage?: LineageArgs;
  /**
   * Pools that are known, for example `gpuPools.map((pool) => pool.shape)`: pods then tolerate the taints of those that fit,
   * and what fits on none is refused. Without them, only labels and the GPU taint are used.
   */
  pools?: PoolShape[];
}
