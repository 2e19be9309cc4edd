import { childAt, isUnknown, nodeAt, type Tree } from "../../components/model";
import { undecided, type Judgement, type ResourceRule } from "../engine/rule";
import { anyOf, isOneOf } from "../engine/truth";

const KEY = "encryptionConfig.provider.keyArn";
const RESOURCES = "encryptionConfig.resources";

/**
 * EKS-02: a key of one's own encrypts the Secrets of a cluster.
 *
 * EKS encrypts what its API stores in any case, but by a key of AWS, whose use cannot be seen or ended.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/envelope-encryption.html
 */
export const secretEncryption: ResourceRule = {
  id: "EKS-02",
  title: "A key of your own encrypts the Secrets of a cluster",
  why: "Only the use of a key of your own is recorded in your account and can be ended when credentials have leaked.",
  remediation: "Name a KMS key in `encryptionConfig`, with `secrets` among its resources.",
  url: "https://docs.aws.amazon.com/eks/latest/userguide/envelope-encryption.html",
  severity: "high",
  level: "mandatory",
  family: "eks",
  parameters: {},
  frameworks: [{ name: "CIS EKS Benchmark", reference: "5.3.1" }],
  examples: {
    bad: `
type: aws:eks/cluster:Cluster
name: lab
properties:
  encryptionConfig:
    provider: { keyArn: "" }
    resources: [secrets]
`,
    good: `
type: aws:eks/cluster:Cluster
name: lab
properties:
  encryptionConfig:
    provider: { keyArn: "arn:aws:kms:us-east-1:123456789012:key/7c1d" }
    resources: [secrets]
`,
  },
  *judge({ type, tree }) {
    if (type !== "aws:eks/cluster:Cluster") return;
    const key = nodeAt(tree, KEY);
    if (isUnknown(key)) yield undecided(KEY);
    else if (typeof key !== "string" || key === "") yield withoutKey;
    const encryption = childAt(tree, "encryptionConfig");
    if (encryption !== undefined && encryption !== null) yield* judgeResources(childAt(encryption, "resources"));
  },
};

const withoutKey: Judgement = {
  path: KEY,
  observed: "absent",
  allowed: "the ARN of a KMS key of your own",
  remedy: "Create a key, and name it here.",
};

function* judgeResources(resources: Tree): Iterable<Judgement> {
  const listed: Tree[] = Array.isArray(resources) ? resources : [resources];
  const coversSecrets = anyOf(listed.map((resource) => isOneOf(resource, "secrets")));
  if (isUnknown(coversSecrets)) yield undecided(RESOURCES);
  if (coversSecrets === false) {
    yield { path: RESOURCES, observed: "without secrets", allowed: "a list with secrets", remedy: "Add secrets." };
  }
}
