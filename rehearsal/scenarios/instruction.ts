import { CoreV1Api, type KubeConfig, PatchStrategy, setHeaderOptions } from "@kubernetes/client-node";
import { SIMULATE_ANNOTATION } from "../../components/model";
import type { PodSeen } from "../timeline/observation";

/** Tells a pod anew what it does: the annotation `mlstack.dev/simulate`. */
export type Instruct = (pod: PodSeen, simulate: string) => Promise<unknown>;

/** Instructs pods of a cluster. One that is gone by then needs nothing, and the next is told again. */
export function instructIn(config: KubeConfig): Instruct {
  const core = config.makeApiClient(CoreV1Api);
  const merge = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);
  return ({ namespace, name }, simulate) => {
    const body = { metadata: { annotations: { [SIMULATE_ANNOTATION]: simulate } } };
    return core.patchNamespacedPod({ namespace, name, body }, merge).catch(() => undefined);
  };
}
