import { type KubeConfig, type KubernetesObject, KubernetesObjectApi } from "@kubernetes/client-node";
import { unlessCode } from "../../rehearsal/cluster/api-errors";

/** Creates objects one after the other; those that are there already stay as they are. */
export async function createStanding(config: KubeConfig, objects: readonly KubernetesObject[]): Promise<void> {
  const api = KubernetesObjectApi.makeApiClient(config);
  for (const object of objects) await api.create(object).catch(unlessCode(409));
}
