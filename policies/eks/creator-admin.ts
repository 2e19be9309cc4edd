import { isUnknown, nodeAt } from "../../components/model";
import { undecided, type ResourceRule } from "../engine/rule";
import { describeLeaf } from "./leaf";

const PATH = "accessConfig.bootstrapClusterCreatorAdminPermissions";

/**
 * EKS-07: who creates a cluster is not its administrator for that reason.
 *
 * @see https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateAccessConfigRequest.html
 */
export const creatorAdmin: ResourceRule = {
  id: "EKS-07",
  title: "Creators of clusters are not their administrators by that alone",
  why: "The role that creates clusters, often that of a pipeline, otherwise keeps all rights in them unnoticed.",
  remediation:
    "Set `bootstrapClusterCreatorAdminPermissions` to false when the cluster is made, and make access entries instead.",
  url: "https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateAccessConfigRequest.html",
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
  accessConfig: { authenticationMode: API, bootstrapClusterCreatorAdminPermissions: true }
`,
    good: `
type: aws:eks/cluster:Cluster
name: lab
properties:
  accessConfig: { authenticationMode: API, bootstrapClusterCreatorAdminPermissions: false }
`,
  },
  *judge({ type, tree }) {
    if (type !== "aws:eks/cluster:Cluster") return;
    const isAdmin = nodeAt(tree, PATH);
    if (isUnknown(isAdmin)) {
      yield undecided(PATH);
    } else if (isAdmin !== false) {
      yield {
        path: PATH,
        observed: describeLeaf(isAdmin, "true"),
        allowed: "false",
        remedy: "Set it to false before the cluster is made, and name administrators by access entries.",
      };
    }
  },
};
