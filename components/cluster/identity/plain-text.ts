import type * as pulumi from "@pulumi/pulumi";
import type { ResourceStatement } from "./iam-policy";

/** Refuses everything that reaches a resource without TLS, whoever asks; `service` is what its actions begin with. */
export function refusePlainText(service: string, resources: pulumi.Input<string>[]): ResourceStatement {
  return {
    sid: "TlsOnly",
    denied: true,
    principals: { AWS: ["*"] },
    actions: [`${service}:*`],
    resources,
    conditions: { Bool: { "aws:SecureTransport": ["false"] } },
    wildcardReason: "What is refused is refused for every action and for all of the resource.",
  };
}
