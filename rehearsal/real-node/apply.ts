import { type KubeConfig, type KubernetesObject, KubernetesObjectApi, PatchStrategy } from "@kubernetes/client-node";

/** Who applies what belongs to real nodes. */
const OWNER = "mlstack-real-nodes";

/** Creates an object, or changes it to what it is to be. */
export async function apply(object: KubernetesObject, config: KubeConfig): Promise<void> {
  const api = KubernetesObjectApi.makeApiClient(config);
  await api.patch(object, undefined, undefined, OWNER, true, PatchStrategy.ServerSideApply);
}
