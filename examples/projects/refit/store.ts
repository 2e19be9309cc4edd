import * as pulumi from "@pulumi/pulumi";
import { type PodArgs, type SparkJobArgs, SparkS3Credentials, type WorkflowArtifactStore } from "mlstack/workloads";

/** Name of a run that no other one has, also not one of the same name before or after it. */
export const RUN_ID = "{{workflow.name}}-{{workflow.creationTimestamp.s}}";

/** Key of all that refits keep, so that one grant is enough. */
const ROOT = "refit";

/** Key of what one run keeps, its raw tables included: what a lineage refers to is never written again. */
export const RUN = `${ROOT}/runs/${RUN_ID}`;

/** Key of all published models. */
export const REGISTRY = `${ROOT}/registry`;

/** The address of a key, as programs write it; Spark's begins with `s3a`. */
export function addressOf(
  { bucket }: WorkflowArtifactStore,
  key: string,
  scheme: "s3" | "s3a" = "s3",
): pulumi.Output<string> {
  return pulumi.interpolate`${scheme}://${bucket}/${key}`;
}

/** What Spark needs to read and write the store. */
export function sparkAccess(store: WorkflowArtifactStore): Pick<SparkJobArgs, "s3" | "secretEnv"> {
  const { region } = store;
  const { podIdentity, environment } = SparkS3Credentials;
  const endpoint = endpointOf(store);
  const secretEnv = keysOf(store);
  return {
    s3: {
      credentials: secretEnv === undefined ? podIdentity : environment,
      region,
      ...(endpoint === undefined ? {} : { endpoint }),
    },
    ...(secretEnv === undefined ? {} : { secretEnv }),
  };
}

/**
 * What Amazon's client needs to read and write the store.
 *
 * @see https://docs.aws.amazon.com/boto3/latest/guide/configuration.html "Using environment variables"
 */
export function clientAccess(store: WorkflowArtifactStore): Pick<PodArgs, "env" | "secretEnv"> {
  const endpoint = endpointOf(store);
  const secretEnv = keysOf(store);
  return {
    env: { AWS_DEFAULT_REGION: store.region, ...(endpoint === undefined ? {} : { AWS_ENDPOINT_URL_S3: endpoint }) },
    ...(secretEnv === undefined ? {} : { secretEnv }),
  };
}

function endpointOf({ endpoint, insecure }: WorkflowArtifactStore): pulumi.Output<string> | undefined {
  return endpoint === undefined ? undefined : pulumi.interpolate`http${insecure === true ? "" : "s"}://${endpoint}`;
}

/** Variables with the keys; none where pods have a role. */
function keysOf({ credentialsSecret: name }: WorkflowArtifactStore): PodArgs["secretEnv"] {
  if (name === undefined) return undefined;
  return { AWS_ACCESS_KEY_ID: { name, key: "accesskey" }, AWS_SECRET_ACCESS_KEY: { name, key: "secretkey" } };
}
