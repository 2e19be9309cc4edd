import { isUnknown, nodeAt } from "../../components/model";
import { undecided, type ResourceRule } from "../engine/rule";
import { describeLeaf } from "./leaf";

const PATH = "vpcConfig.endpointPrivateAccess";

/**
 * EKS-01: nodes reach the API of their cluster without leaving the VPC.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html
 */
export const privateEndpoint: ResourceRule = {
  id: "EKS-01",
  title: "Nodes reach the API of their cluster inside the VPC",
  why: "Without a private endpoint the traffic of every node goes over public addresses, which then must stay open.",
  remediation: "Set `endpointPrivateAccess` to true.",
  url: "https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html",
  severity: "high",
  level: "mandatory",
  family: "eks",
  parameters: {},
  frameworks: [{ name: "CIS EKS Benchmark", reference: "5.4.2" }],
  examples: {
    bad: `
type: aws:eks/cluster:Cluster
name: lab
properties:
  vpcConfig: { endpointPrivateAccess: false }
`,
    good: `
type: aws:eks/cluster:Cluster
name: lab
properties:
  vpcConfig: { endpointPrivateAccess: true }
`,
  },
  *judge({ type, tree }) {
    if (type !== "aws:eks/cluster:Cluster") return;
    const isPrivate = nodeAt(tree, PATH);
    if (isUnknown(isPrivate)) {
      yield undecided(PATH);
    } else if (isPrivate !== true) {
      yield { path: PATH, observed: describeLeaf(isPrivate, "false"), allowed: "true", remedy: "Set it to true." };
    }
  },
};
