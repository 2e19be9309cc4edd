import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { PoolShape } from "../../components";
import { POD_SECURITY_VERSION } from "../../components/model/versions";
import { type ScenarioName, scenarios } from ".";
import { smallestFittingPool } from "./placement";
import type { ScenarioContext } from "./scenario";

/** What the scenarios of an environment share, and the pools that they may choose from. */
export interface ScenarioGround extends Pick<ScenarioContext, "provider" | "dependsOn"> {
  /** The GPU pools; none where the cluster brings its own nodes. */
  gpuPools: PoolShape[];
}

/** Creates the workloads of an environment in a namespace of their own, each on the smallest pool that will do. */
export function deployScenarios(names: ScenarioName[], ground: ScenarioGround): pulumi.Output<string>[] {
  if (names.length === 0) return [];
  const { provider, dependsOn, gpuPools } = ground;
  const namespace = new k8s.core.v1.Namespace("ml", { metadata: { name: "ml", labels: podSecurity } }, { provider });
  return names.map((name) => {
    const { deploy, needs } = scenarios[name];
    const pool = smallestFittingPool(gpuPools, needs);
    return deploy({ provider, dependsOn, namespace: namespace.metadata.name, pool });
  });
}

const podSecurity = {
  "pod-security.kubernetes.io/enforce": "restricted",
  "pod-security.kubernetes.io/enforce-version": POD_SECURITY_VERSION,
};
