import * as pulumi from "@pulumi/pulumi";

/** The account that a role is in, as its ARN tells. */
export function accountOf(roleArn: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.output(roleArn).apply((arn) => arn.split(":")[4] ?? "");
}
