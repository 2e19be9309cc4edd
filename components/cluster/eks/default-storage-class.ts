import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { compact } from "../../internal";
import type { EksFacts } from "../eks-facts";
import { DEFAULT_STORAGE_CLASS } from "../../model/storage-class";
import { ebsDriverOf } from "./ebs-driver";

/**
 * Creates the StorageClass that claims get which name none: encrypted gp3 volumes, in the zone of their first pod.
 *
 * It is the only default: EKS has not marked its own `gp2` as one since Kubernetes 1.30.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions-extended.html "Kubernetes 1.30"
 * @see https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/parameters.md (read 2026-08)
 */
export function createDefaultStorageClass(
  name: string,
  eks: EksFacts,
  opts: pulumi.CustomResourceOptions,
): k8s.storage.v1.StorageClass {
  return new k8s.storage.v1.StorageClass(
    name,
    {
      metadata: { name: DEFAULT_STORAGE_CLASS, annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
      provisioner: ebsDriverOf(eks),
      parameters: compact({
        type: "gp3",
        encrypted: "true",
        kmsKeyId: eks.kmsKeyArn,
        "csi.storage.k8s.io/fstype": "ext4",
        ...(eks.autoMode ? volumeTags(eks.tags ?? {}) : {}),
      }),
      volumeBindingMode: "WaitForFirstConsumer",
      allowVolumeExpansion: true,
      reclaimPolicy: "Delete",
    },
    opts,
  );
}

/** The add-on tags all volumes itself; the driver of Auto Mode takes tags from the class alone. */
function volumeTags(tags: Record<string, string>): Record<string, string> {
  const pairs = Object.entries(tags).map(([key, value], index) => {
    return [`tagSpecification_${index + 1}`, `${key}=${value}`] as const;
  });
  return Object.fromEntries(pairs);
}
