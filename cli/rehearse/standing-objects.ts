import { type KubeConfig, type KubernetesObject, KubernetesObjectApi } from "@kubernetes/client-node";
import { reasonOf, unlessCode } from "../../rehearsal/cluster/api-errors";
import { Problem } from "../../rehearsal/problem";

/**
 * Creates objects of the storage one after the other; those that are there already stay as they are.
 *
 * @throws {Problem} where the API server refuses one.
 */
export async function createStanding(config: KubeConfig, objects: readonly KubernetesObject[]): Promise<void> {
  const api = KubernetesObjectApi.makeApiClient(config);
  for (const object of objects) {
    await api
      .create(object)
      .catch(unlessCode(409))
      .catch((error: unknown) => {
        const what = `the ${object.kind} ${object.metadata?.name} of the storage cannot be made`;
        throw new Problem(`${what}: ${reasonOf(error)}`, "Mend mlstack:storage of the stack.");
      });
  }
}
