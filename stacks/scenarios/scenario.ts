import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { PlatformPart, PoolShape } from "../../components";
import type { ScenarioNeeds } from "./placement";

/** What a scenario is given to stand on. */
export interface ScenarioContext {
  /** Provider of the cluster. */
  provider: k8s.Provider;
  /** Namespace of the workloads; it enforces the Pod Security level `restricted`. */
  namespace: pulumi.Input<string>;
  /** Pool to run on; undefined where the cluster brings its own nodes, any of which will do, and without a need of GPUs. */
  pool: PoolShape | undefined;
  /** All pools with GPUs; undefined where the cluster brings its own nodes. */
  pools: PoolShape[] | undefined;
  /** Parts of the platform that are there. */
  parts: PlatformPart[];
  /** The image of one of the programs in `examples/`, for example `refit-train`. */
  image: (name: string) => string;
  /** Git commit that the code of the workloads comes from; undefined where nobody says. */
  commit: string | undefined;
  /** StorageClass of volumes that many pods write; undefined for the cluster's default one. */
  storageClass: string | undefined;
  /** What must be there before a pod starts: the pools and the device plugin. */
  dependsOn: pulumi.Resource[];
}

/** A workload that an environment can switch on. */
export interface Scenario {
  /** What it shows, in one line. */
  description: string;
  /** What the most demanding of its pods needs of a node. */
  needs: ScenarioNeeds;
  /** Parts of the platform that it takes; none by default. */
  parts?: PlatformPart[];
  /** Whether it runs programs of `examples/`, whose images somebody must have built; false by default. */
  ownImages?: boolean;
  /** Whether it takes a volume that many pods write; false by default. */
  sharedVolume?: boolean;
  /** Whether steps of its workflows hand files on, which takes an artifact store; false by default. */
  usesArtifacts?: boolean;
  /** Whether something scales by the use of CPU or memory, which takes a metrics server; false by default. */
  usesMetrics?: boolean;
  /** Labels that its namespace must have; none by default. */
  namespaceLabels?: Record<string, string>;
  /** Creates the workloads; yields the name of each, for example `Job ml/mnist`, once it stands or has completed. */
  deploy: (context: ScenarioContext) => pulumi.Output<string>[];
}
