import { childAt, isUnknown, nodeAt, type Tree } from "../../../components/model";
import { wholeNumber } from "../../engine/parameters";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";
import type { Subject } from "../../engine/subject";
import { shown } from "../../engine/shown";

const hopLimit = wholeNumber("the number of hops that answers with a token may travel at most, from 1 to 64", 1, 1, 64);

/** Where a kind of resource says how its machines tell about themselves. */
interface MetadataOptions {
  path: string;
  /** Whether what is absent there is safe. */
  isSafeByDefault: boolean;
}

/**
 * What an absent launch template option means depends on the account and on the image; AWS takes a hop limit of 2 for
 * images that ask for tokens. Karpenter's own defaults are a token and one hop.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-options.html
 * @see https://karpenter.sh/docs/concepts/nodeclasses/#specmetadataoptions v1.14
 */
const OPTIONS = new Map<string, MetadataOptions>([
  ["aws:ec2/launchTemplate:LaunchTemplate", { path: "metadataOptions", isSafeByDefault: false }],
  ["kubernetes:karpenter.k8s.aws/v1:EC2NodeClass", { path: "spec.metadataOptions", isSafeByDefault: true }],
]);

/**
 * NET-02: the metadata service of nodes asks for a token, which no answer carries into a pod.
 *
 * A group of EKS nodes without a launch template of its own is left alone: EKS makes a template for it.
 *
 * @see https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html
 */
export const instanceMetadata: ResourceRule<{ hopLimit: number }> = {
  id: "NET-02",
  title: "Pods cannot get the credentials of their node",
  why: "A pod that reaches the metadata service of its node has the rights of the node in AWS, whoever sent the request.",
  remediation:
    "Set httpTokens to required and httpPutResponseHopLimit to 1; give pods rights of their own by EKS Pod Identity.",
  url: "https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html",
  severity: "high",
  level: "mandatory",
  family: "platform",
  parameters: { hopLimit },
  fix: "sets httpTokens to required and the hop limit to the one that is allowed",
  examples: {
    bad: `
type: aws:ec2/launchTemplate:LaunchTemplate
name: gpu
properties:
  imageId: ami-0123456789abcdef0
  metadataOptions: { httpEndpoint: enabled, httpTokens: optional, httpPutResponseHopLimit: 2 }
`,
    good: `
type: aws:ec2/launchTemplate:LaunchTemplate
name: gpu
properties:
  imageId: ami-0123456789abcdef0
  metadataOptions: { httpEndpoint: enabled, httpTokens: required, httpPutResponseHopLimit: 1 }
`,
  },
  judge(subject, { hopLimit }) {
    const options = OPTIONS.get(subject.type);
    return options === undefined ? [] : judgeOptions(subject, options, hopLimit);
  },
};

function* judgeOptions(
  { tree }: Subject,
  { path, isSafeByDefault }: MetadataOptions,
  hopLimit: number,
): Iterable<Judgement> {
  const options = nodeAt(tree, path);
  const endpoint = childAt(options, "httpEndpoint");
  if (endpoint === "disabled") return;
  const isDecided = !isUnknown(endpoint);
  const judge = function* (
    field: string,
    isSafe: (value: Tree) => boolean,
    allowed: string,
    fix: Tree,
  ): Iterable<Judgement> {
    const value = childAt(options, field) ?? undefined;
    if (value === undefined ? isSafeByDefault : isSafe(value)) return;
    if (isUnknown(value)) yield undecided(`${path}.${field}`);
    else if (!isDecided) yield undecided(`${path}.httpEndpoint`);
    else {
      yield {
        path: `${path}.${field}`,
        observed: value === undefined ? "absent, so that the account and the image decide" : shown(value),
        allowed,
        remedy: `Set it to ${shown(fix)}.`,
        fix: [{ path: `${path}.${field}`, value: fix }],
      };
    }
  };
  yield* judge("httpTokens", (value) => value === "required", `"required"`, "required");
  const isShort = (value: Tree) => typeof value === "number" && value <= hopLimit;
  yield* judge("httpPutResponseHopLimit", isShort, hopLimit === 1 ? "1" : `at most ${hopLimit}`, hopLimit);
}
