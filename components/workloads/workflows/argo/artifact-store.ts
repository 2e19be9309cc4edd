import { compact } from "../../../internal";
import type { WorkflowArtifactStore } from "../workflow-settings";
import type { ArtifactLocation } from "./template-parts";

/** Host of Amazon S3 in all regions. */
const AMAZON_S3 = "s3.amazonaws.com";

/** Where artifacts of a workflow are in a bucket, so that rights can go by namespace, and no run overwrites another's. */
const KEY = "{{workflow.namespace}}/{{workflow.name}}/{{pod.name}}";

/** Where each artifact is kept: in the given store, else where the cluster's repository would keep it. */
export function artifactLocation(store: WorkflowArtifactStore | undefined, prefix?: string): ArtifactLocation {
  const isElsewhere = store === undefined && prefix === undefined;
  return (artifact, key) => {
    if (key === undefined && isElsewhere) return undefined;
    return { s3: inStore(store, key ?? `${prefix ?? KEY}/${artifact}`) };
  };
}

/**
 * A key in a store; in the cluster's repository where there is no other.
 *
 * @see https://argo-workflows.readthedocs.io/en/release-4.0/key-only-artifacts/
 */
export function inStore<Key>(store: WorkflowArtifactStore | undefined, key: Key) {
  return store === undefined ? { key } : { ...s3(store), key };
}

/** @see https://argo-workflows.readthedocs.io/en/release-4.0/configure-artifact-repository/ */
function s3({ bucket, region, endpoint = AMAZON_S3, insecure, credentialsSecret }: WorkflowArtifactStore) {
  const credentials =
    credentialsSecret === undefined
      ? { useSDKCreds: true }
      : {
          accessKeySecret: { name: credentialsSecret, key: "accesskey" },
          secretKeySecret: { name: credentialsSecret, key: "secretkey" },
        };
  return compact({ endpoint, bucket, region, insecure, ...credentials });
}
