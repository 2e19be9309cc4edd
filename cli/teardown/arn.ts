/** The parts of an ARN that tell what it names. */
export interface ArnParts {
  /** Service and type, as a key: `ec2:volume`, `s3:bucket`. */
  kind: string;
  /** What the service's own API calls it: the id where it has one, else the name, path and all. */
  id: string;
}

/** Services whose ARNs name the only type that they have without naming the type. */
const ONLY_TYPE: Record<string, string> = { s3: "bucket", sns: "topic", sqs: "queue" };

/**
 * Takes an ARN apart. Types are written before `/` or `:`, or not at all.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html, read 2026
 */
export function arnParts(arn: string): ArnParts {
  const [, , service = "", , , ...rest] = arn.split(":");
  const resource = rest.join(":");
  const only = ONLY_TYPE[service];
  if (only !== undefined) return { kind: `${service}:${only}`, id: resource };
  const [, type = "", id = ""] = /^([^/:]+)[/:](.*)$/s.exec(resource) ?? ["", resource, resource];
  return { kind: `${service}:${type}`, id: id.replace(/:\*$/, "") };
}
