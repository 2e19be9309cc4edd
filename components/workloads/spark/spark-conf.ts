import type * as pulumi from "@pulumi/pulumi";
import { compact } from "../../internal";
import { GPU_RESOURCE } from "../../model";
import { hardwareOf } from "../pods/hardware";
import type { SparkApplicationArgs } from "./spark-args";
import { SparkS3Credentials } from "./spark-option-args";
import { executorFacts, JAVA_OPTIONS } from "./spark-pods";

type Properties = Record<string, pulumi.Input<string>>;

/** Program of Spark's own images that tells which GPUs a machine has. */
const DISCOVERY_SCRIPT = "/opt/spark/examples/src/main/scripts/getGpusResources.sh";

/** First Spark with a Hadoop on the second SDK of AWS. */
const SECOND_SDK_SINCE = 4;

/**
 * Properties of Spark that follow from the arguments, and then the author's own.
 *
 * @see https://spark.apache.org/docs/4.0.1/monitoring.html for the event log
 */
export function sparkConfOf(args: SparkApplicationArgs): Properties {
  const { eventLog } = args;
  const { [JAVA_OPTIONS.driver]: _driver, [JAVA_OPTIONS.executor]: _executor, ...sparkConf } = args.sparkConf ?? {};
  const history = { "spark.eventLog.enabled": "true", "spark.eventLog.rolling.enabled": "true" };
  return {
    ...gpuProperties(args),
    ...(eventLog === undefined ? {} : { ...history, "spark.eventLog.dir": eventLog }),
    ...sparkConf,
  };
}

/**
 * GPUs as Spark counts them. The vendor is what makes Spark ask Kubernetes for them, by a name that it builds itself; there
 * is none for turns and slices, so these are asked for by the operator alone, and not counted by Spark.
 *
 * @see https://spark.apache.org/docs/4.0.1/running-on-kubernetes.html "Resource Allocation and Configuration Overview"
 */
function gpuProperties(args: SparkApplicationArgs): Properties {
  const { executor = {} } = args;
  const { gpus, gpuResource } = hardwareOf(executor, executorFacts(args));
  if (gpuResource !== GPU_RESOURCE) return {};
  return {
    "spark.executor.resource.gpu.amount": String(gpus),
    "spark.executor.resource.gpu.vendor": "nvidia.com",
    "spark.executor.resource.gpu.discoveryScript": executor.gpuDiscoveryScript ?? DISCOVERY_SCRIPT,
    "spark.task.resource.gpu.amount": String(executor.gpusPerTask ?? 1),
  };
}

/** Properties of Hadoop that follow from the arguments, and then the author's own. */
export function hadoopConfOf({ s3, hadoopConf, sparkVersion }: SparkApplicationArgs): Properties {
  if (s3 === undefined) return { ...hadoopConf };
  const { credentials = SparkS3Credentials.podIdentity, region, endpoint } = s3;
  const pathStyleAccess = s3.pathStyleAccess ?? (endpoint === undefined ? undefined : true);
  const ofS3 = compact({
    "fs.s3a.aws.credentials.provider": providersOf(sparkVersion)[credentials],
    "fs.s3a.endpoint": endpoint,
    "fs.s3a.endpoint.region": region,
    "fs.s3a.path.style.access": pathStyleAccess === undefined ? undefined : String(pathStyleAccess),
  });
  return { ...ofS3, ...hadoopConf };
}

/** Major number of a version; NaN where it has none. */
export function majorOf(version: string): number {
  return Number.parseInt(version, 10);
}

/** Whether the Hadoop of this Spark is on the second SDK of AWS, the only one that knows Pod Identity. */
export function usesSecondSdk(sparkVersion: string): boolean {
  return majorOf(sparkVersion) >= SECOND_SDK_SINCE;
}

/**
 * Classes that hand out credentials, which have other names in each SDK.
 *
 * @see https://hadoop.apache.org/docs/r3.4.1/hadoop-aws/tools/hadoop-aws/index.html "Authenticating with S3", and
 * https://hadoop.apache.org/docs/r3.4.1/hadoop-aws/tools/hadoop-aws/aws_sdk_upgrade.html
 */
function providersOf(sparkVersion: string): Record<SparkS3Credentials, string> {
  const sdk = usesSecondSdk(sparkVersion)
    ? { package: "software.amazon.awssdk.auth.credentials", webIdentity: "WebIdentityTokenFileCredentialsProvider" }
    : { package: "com.amazonaws.auth", webIdentity: "WebIdentityTokenCredentialsProvider" };
  return {
    [SparkS3Credentials.podIdentity]: "org.apache.hadoop.fs.s3a.auth.IAMInstanceCredentialsProvider",
    [SparkS3Credentials.webIdentity]: `${sdk.package}.${sdk.webIdentity}`,
    [SparkS3Credentials.environment]: `${sdk.package}.EnvironmentVariableCredentialsProvider`,
  };
}
