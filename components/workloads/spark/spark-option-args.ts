import type * as pulumi from "@pulumi/pulumi";

/** Languages of Spark applications, spelled as Spark's resource spells them. */
export const SparkLanguage = {
  python: "Python",
  scala: "Scala",
  java: "Java",
  r: "R",
} as const;
/** Languages of Spark applications, spelled as Spark's resource spells them. */
export type SparkLanguage = (typeof SparkLanguage)[keyof typeof SparkLanguage];

/** Where S3's client takes its credentials from. */
export const SparkS3Credentials = {
  /** EKS Pod Identity of the service account; needs Spark 4, whose SDK of AWS knows it. */
  podIdentity: "pod-identity",
  /** The role that an annotation of the service account names (IAM roles for service accounts). */
  webIdentity: "web-identity",
  /** The variables `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`, given as `secretEnv`: for stores in the cluster. */
  environment: "environment",
} as const;
/** Where S3's client takes its credentials from. */
export type SparkS3Credentials = (typeof SparkS3Credentials)[keyof typeof SparkS3Credentials];

/** Access to S3 by `s3a://` addresses. The image must have `hadoop-aws` of Spark's Hadoop, and the SDK that this needs. */
export interface SparkS3Args {
  /** Where credentials come from; `pod-identity` by default. */
  credentials?: SparkS3Credentials;
  /** Region of the buckets; found out by the client by default. */
  region?: pulumi.Input<string>;
  /** Address of a store other than S3, for example `http://seaweedfs-s3.storage.svc:8333`; S3's by default. */
  endpoint?: pulumi.Input<string>;
  /** Whether buckets are part of the path instead of the host, as most other stores have it; true with `endpoint` by default. */
  pathStyleAccess?: boolean;
}

/** What an application needs beside its own file. `local://` addresses are paths in the image. */
export interface SparkDependencies {
  /** Addresses of jars. */
  jars?: pulumi.Input<string>[];
  /** Addresses of files for the working directory of each pod. */
  files?: pulumi.Input<string>[];
  /** Addresses of archives that are unpacked there. */
  archives?: pulumi.Input<string>[];
  /** Addresses of `.py`, `.zip` and `.egg` files for Python's path. */
  pyFiles?: pulumi.Input<string>[];
  /**
   * Maven coordinates, `group:artifact:version`. The operator's pod fetches them when it submits the application, so that must
   * reach a repository; jars in the image need none.
   */
  packages?: pulumi.Input<string>[];
  /** Coordinates without a version, `group:artifact`, that come with `packages` and are left out. */
  excludePackages?: pulumi.Input<string>[];
  /** Addresses of Maven repositories beside Maven Central. */
  repositories?: pulumi.Input<string>[];
}

/** Metrics of driver and executors for Prometheus, by the JMX exporter. */
export interface SparkMetricsArgs {
  /** Path in the image of the JMX exporter's Java agent, for example `/prometheus/jmx_prometheus_javaagent-1.5.0.jar`. */
  jmxExporterJar: pulumi.Input<string>;
  /** Port of the metrics, 1024 to 49151; 8090 by default. */
  port?: number;
}
