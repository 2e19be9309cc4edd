import { randomBytes } from "node:crypto";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { compact } from "../../internal";

/** Length of generated secrets: 192 bits, 32 characters in Base64. */
const SECRET_BYTES = 24;

/** A Secret of which some values are made up, by nobody known before. */
export interface GeneratedSecretArgs {
  /** Namespace of the Secret. */
  namespace: pulumi.Input<string>;
  /** Name of the Secret in its namespace. */
  secretName: string;
  /** Keys whose values are made up, each of 32 characters in Base64 for URLs. */
  generated: string[];
  /** Keys with values that are no secret, user names for example; none by default. */
  plain?: Record<string, pulumi.Input<string>>;
  /** Further labels. */
  labels?: Record<string, string>;
  /**
   * Changed to any other text, the Secret is made anew with a name that ends with it, and what refers to it follows; none by
   * default.
   */
  rotation?: string;
}

/**
 * Creates a Secret with made-up values. They are made once, when it is created, are secret in Pulumi's state and plans, and
 * stay as they are in every later run. Read them from the Secret's own `data`.
 */
export function generatedSecret(
  name: string,
  args: GeneratedSecretArgs,
  opts: pulumi.CustomResourceOptions,
): k8s.core.v1.Secret {
  const { namespace, secretName, generated, plain = {}, labels, rotation } = args;
  const values = generated.map((key) => [key, pulumi.secret(randomBytes(SECRET_BYTES).toString("base64url"))] as const);
  const data = Object.entries({ ...plain, ...Object.fromEntries(values) }).map(([key, value]) => {
    return [key, pulumi.output(value).apply((text) => Buffer.from(text).toString("base64"))] as const;
  });
  const suffix = rotation === undefined ? "" : `-${rotation}`;
  return new k8s.core.v1.Secret(
    `${name}${suffix}`,
    {
      metadata: compact({ name: `${secretName}${suffix}`, namespace, labels }),
      type: "Opaque",
      data: Object.fromEntries(data),
    },
    // Each run makes up other values; those of the first count.
    { ...opts, ignoreChanges: ["data"] },
  );
}
