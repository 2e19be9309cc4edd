import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { PoolShape } from "../../components";
import type { ScenarioNeeds } from "./placement";

/** What a scenario is given to stand on. */
export interface ScenarioContext {
  /** Provider of the cluster. */
  provider: k8s.Provider;
  /** Namespace of the workloads; it enforces the Pod Security level `restricted`. */
  namespace: pulumi.Input<string>;
  /** Pool to run on; undefined where the cluster brings its own nodes, any of which will do. */
  pool: PoolShape | undefined;
  /** What must be there before a pod starts: the pools and the device plugin. */
  dependsOn: pulumi.Resource[];
}

/** A workload that an environment can switch on. */
export interface Scenario {
  /** What it shows, in one line. */
  description: string;
  /** What its pods need of a node. */
  needs: ScenarioNeeds;
  /** Creates the workload; yields its name, for example `Job ml/mnist`, once it stands or has completed. */
  deploy: (context: ScenarioContext) => pulumi.Output<string>;
}
