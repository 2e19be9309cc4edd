import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { ScenarioContext } from "./scenario";

/** Seconds that a volume may take; that of a simulated node takes one. */
const TIMEOUT = "5m";

/** Claims a volume that many pods read and write at a time; its storage class must have such. */
export function sharedVolume(
  name: string,
  size: string,
  { provider, namespace, storageClass, dependsOn }: ScenarioContext,
): pulumi.Output<string> {
  const claim = new k8s.core.v1.PersistentVolumeClaim(
    name,
    {
      metadata: { name, namespace },
      spec: {
        accessModes: ["ReadWriteMany"],
        ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
        resources: { requests: { storage: size } },
      },
    },
    { provider, dependsOn, customTimeouts: { create: TIMEOUT } },
  );
  return claim.metadata.name;
}
