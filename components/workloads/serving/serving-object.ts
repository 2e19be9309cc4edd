import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { customObject, type Manifest } from "../object";

/** Whose part something is, and what it is registered after. */
export interface After {
  /** Component that it belongs to. */
  parent: pulumi.Resource;
  /** What must be there before it. */
  dependsOn: pulumi.Resource[];
}

/** Registers what stands beside pods that serve, and is there as soon as it is created. */
export function servingObject(name: string, manifest: Manifest, after: After): void {
  const { metadata, kind } = manifest;
  const spec = manifest.spec as never;
  if (kind === "HorizontalPodAutoscaler") {
    new k8s.autoscaling.v2.HorizontalPodAutoscaler(name, { metadata, spec }, after);
  } else if (kind === "PodDisruptionBudget") {
    new k8s.policy.v1.PodDisruptionBudget(name, { metadata, spec }, after);
  } else {
    customObject(name, manifest, after);
  }
}
