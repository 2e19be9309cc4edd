import { isUnknown, nodeAt } from "../../components/model";
import { undecided, type ResourceRule } from "../engine/rule";
import { describeLeaf, isAnyText } from "./leaf";

const PATH = "accessConfig.authenticationMode";
const MODES_WITH_ENTRIES = ["API", "API_AND_CONFIG_MAP"];

/**
 * EKS-07: access entries say who may use a cluster, which a ConfigMap alone said before.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/grant-k8s-access.html
 */
export const authenticationMode: ResourceRule = {
  id: "EKS-07",
  title: "Access entries say who may use a cluster",
  why: "One mistake in the ConfigMap aws-auth locks everybody out, and nothing outside the cluster records its changes.",
  remediation: "Set `accessConfig.authenticationMode` to API, and make an access entry for each who needs one.",
  url: "https://docs.aws.amazon.com/eks/latest/userguide/grant-k8s-access.html",
  severity: "medium",
  level: "advisory",
  family: "eks",
  parameters: {},
  frameworks: [{ name: "CIS EKS Benchmark", reference: "4.1.7" }],
  examples: {
    bad: `
type: aws:eks/cluster:Cluster
name: lab
properties:
  accessConfig: { authenticationMode: CONFIG_MAP }
`,
    good: `
type: aws:eks/cluster:Cluster
name: lab
properties:
  accessConfig: { authenticationMode: API }
`,
  },
  *judge({ type, tree }) {
    if (type !== "aws:eks/cluster:Cluster") return;
    const mode = nodeAt(tree, PATH);
    if (isUnknown(mode)) {
      yield undecided(PATH);
    } else if (!isAnyText(mode, MODES_WITH_ENTRIES)) {
      yield {
        path: PATH,
        observed: describeLeaf(mode, "CONFIG_MAP"),
        allowed: "API, or API_AND_CONFIG_MAP on the way there",
        remedy: "Set it to API, by way of API_AND_CONFIG_MAP where the cluster exists already.",
      };
    }
  },
};
