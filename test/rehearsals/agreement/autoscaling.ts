import {
  instanceTypesManifest,
  karpenterOnKwokRendering,
  karpenterOnKwokTypes,
} from "../../../components/cluster/autoscaling/karpenter-on-kwok";
import { kwokInstanceTypes } from "../../../components/cluster/autoscaling/kwok-instance-types";
import type { KubernetesObject } from "../../../components/rendering";
import { objectsOf } from "../../support/rendering";
import { planOf } from "./pool-objects";
import { STARTED_TYPES } from "./worlds";

/**
 * How long Karpenter waits for further pods, which are its own defaults: pods of one workload come together then, even
 * where the machine is busy. Those of the local stack are shorter.
 *
 * @see https://karpenter.sh/v1.14/reference/settings/ "BATCH_IDLE_DURATION", "BATCH_MAX_DURATION"
 */
const BATCHES: Record<string, string> = { BATCH_IDLE_DURATION: "1s", BATCH_MAX_DURATION: "10s" };

/** Karpenter with its KWOK provider as the local stack has it, for all types that nodes of worlds may be of. */
export async function autoscalingObjects(): Promise<KubernetesObject[]> {
  const pools = STARTED_TYPES.map((types) => planOf("any", { instanceTypes: [...types], maxNodes: 1 }));
  const types = instanceTypesManifest(kwokInstanceTypes(pools));
  const [crds, objects] = await Promise.all([
    objectsOf(karpenterOnKwokTypes({})),
    objectsOf(karpenterOnKwokRendering({}, undefined, types.metadata.name)),
  ]);
  return [...crds, types, ...objects.map(withBatches)];
}

interface Controller extends KubernetesObject {
  spec: { template: { spec: { containers: { env: { name: string; value?: string }[] }[] } } };
}

function withBatches(object: KubernetesObject): KubernetesObject {
  if (object.kind !== "Deployment") return object;
  const changed = structuredClone(object) as Controller;
  const [container] = changed.spec.template.spec.containers;
  for (const variable of container!.env) {
    const value = BATCHES[variable.name];
    if (value !== undefined) variable.value = value;
  }
  return changed;
}
