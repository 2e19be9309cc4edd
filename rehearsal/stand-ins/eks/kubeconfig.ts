import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterInputs } from "./cluster-inputs";

/** How to reach a cluster: with credentials from `aws eks get-token`, under the role or profile that the program names. */
export function kubeconfigOf(
  cluster: aws.eks.Cluster,
  credentials: ClusterInputs["providerCredentialOpts"] = {},
): pulumi.Output<object> {
  return pulumi
    .all([cluster.name, cluster.arn, cluster.endpoint, cluster.certificateAuthority.data, credentials])
    .apply(([clusterName, arn, server, authority, { roleArn, profileName }]) => {
      const region = arn.split(":")[3] ?? "";
      const role = roleArn === undefined ? [] : ["--role", roleArn];
      const profile = profileName === undefined ? [] : ["--profile", profileName];
      const token = ["--region", region, "eks", "get-token", "--cluster-name", clusterName, "--output", "json"];
      const apiVersion = "client.authentication.k8s.io/v1beta1";
      const env = [{ name: "KUBERNETES_EXEC_INFO", value: JSON.stringify({ apiVersion }) }];
      const exec = { apiVersion, command: "aws", args: [...token, ...role, ...profile], env };
      return {
        apiVersion: "v1",
        kind: "Config",
        clusters: [{ name: "kubernetes", cluster: { server, "certificate-authority-data": authority } }],
        contexts: [{ name: "aws", context: { cluster: "kubernetes", user: "aws" } }],
        "current-context": "aws",
        users: [{ name: "aws", user: { exec } }],
      };
    });
}
