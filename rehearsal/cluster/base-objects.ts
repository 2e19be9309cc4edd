import { setTimeout as sleep } from "node:timers/promises";
import { CoreV1Api, StorageV1Api, type V1StorageClass } from "@kubernetes/client-node";
import { unlessCode } from "./api-errors";
import { readKubeconfig } from "./kubeconfig";

/** Says that KWOK makes the volumes of claims; those for real nodes are made by somebody else. */
export const SIMULATED_PROVISIONER = "mlstack.dev/simulated";

/**
 * Annotation of a claim with the name of the node that its first pod goes to.
 *
 * @see https://kubernetes.io/docs/concepts/storage/storage-classes/#volume-binding-mode (1.36)
 */
export const SELECTED_NODE_ANNOTATION = "volume.kubernetes.io/selected-node";

/** A StorageClass with simulated volumes; like that of EBS it binds a claim when its first pod is scheduled. */
export function simulatedStorageClass(name: string, annotations: Record<string, string> = {}): V1StorageClass {
  return {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name, annotations },
    provisioner: SIMULATED_PROVISIONER,
    reclaimPolicy: "Delete",
    volumeBindingMode: "WaitForFirstConsumer",
    allowVolumeExpansion: true,
  };
}

/** Default StorageClass of the embedded cluster. */
const STORAGE_CLASS = simulatedStorageClass("standard", { "storageclass.kubernetes.io/is-default-class": "true" });

/** Creates what every cluster has before its first workload, and waits for the ServiceAccount that pods run as. */
export async function applyBaseObjects(kubeconfig: string): Promise<void> {
  const config = readKubeconfig(kubeconfig);
  await config.makeApiClient(StorageV1Api).createStorageClass({ body: STORAGE_CLASS }).catch(unlessCode(409));
  const core = config.makeApiClient(CoreV1Api);
  while (!(await core.readNamespacedServiceAccount({ name: "default", namespace: "default" }).catch(unlessCode(404)))) {
    await sleep(50);
  }
}
