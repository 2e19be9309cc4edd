import type * as pulumi from "@pulumi/pulumi";
import { version } from "../../package.json";
import type { PoolShape } from "../../components";
import type { NamespaceLabels, Namespaces } from "../namespaces";
import { type ScenarioName, scenarios } from ".";
import { SCENARIO_NAMESPACE } from "./namespaces";
import { smallestFittingPool } from "./placement";
import type { Scenario, ScenarioContext } from "./scenario";

/** What the scenarios of an environment share, and the pools that they may choose from. */
export interface ScenarioGround extends Pick<
  ScenarioContext,
  "provider" | "dependsOn" | "commit" | "storageClass" | "parts" | "artifactStore" | "containersRun"
> {
  /** The namespaces, among them those that `scenarioNamespaces` tells. */
  namespaces: Namespaces;
  /** Where images of `examples/` are, without a slash at the end. */
  images: string;
  /** The GPU pools; none where the cluster brings its own nodes. */
  gpuPools: PoolShape[];
  /** Whether nodes are added to a pool where pods wait for one. */
  canGrow: (pool: PoolShape) => boolean;
}

/** Creates the workloads of an environment, each on the smallest pool that will do. */
export function deployScenarios(names: ScenarioName[], ground: ScenarioGround): pulumi.Output<string>[] {
  const { gpuPools, canGrow, namespaces, images, ...shared } = ground;
  const pools = gpuPools.length === 0 ? undefined : gpuPools;
  return names.flatMap((name) => {
    const { deploy, needs }: Scenario = scenarios[name];
    const namespace = namespaces.get(SCENARIO_NAMESPACE)!.metadata.name;
    const pool = needs.gpus === 0 ? undefined : smallestFittingPool(gpuPools, needs, canGrow);
    return deploy({
      ...shared,
      namespace,
      pool,
      pools,
      version,
      image: (image) => `${images}/${image}:${version}`,
    });
  });
}

/** Labels that the scenarios want their namespace to have, by its name. */
export function scenarioLabels(names: ScenarioName[]): NamespaceLabels {
  const labels = names.map((name) => scenarios[name].namespaceLabels);
  return { [SCENARIO_NAMESPACE]: Object.assign({}, ...labels) as Record<string, string> };
}
