import { childAt, isUnknown, UNKNOWN, type Tree } from "../../components/model";
import { undecided, type Judgement, type ResourceRule } from "../engine/rule";
import { allOf, isOneOf, not, type Truth } from "../engine/truth";
import { shown } from "../engine/shown";

const SWITCH = "vpcConfig.endpointPublicAccess";
const CIDRS = "vpcConfig.publicAccessCidrs";

/** Shortest prefixes of networks that belong to someone: registries hand out nothing wider, so wider ones are the internet. */
const SHORTEST_PREFIX = { ipv4: 8, ipv6: 16 };

/**
 * EKS-01: the public endpoint of a cluster's API, where there is one, is open to named networks only.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html
 */
export const publicEndpoint: ResourceRule = {
  id: "EKS-01",
  title: "The API of a cluster is closed to the internet at large",
  why: "A flaw in the API server or one leaked token is enough where anybody can reach it.",
  remediation: "List your own networks in `publicAccessCidrs`, or switch the public endpoint off.",
  url: "https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html",
  severity: "critical",
  level: "mandatory",
  family: "eks",
  parameters: {},
  frameworks: [{ name: "CIS EKS Benchmark", reference: "5.4.1" }],
  examples: {
    bad: `
type: aws:eks/cluster:Cluster
name: lab
properties:
  vpcConfig: { endpointPublicAccess: true, publicAccessCidrs: [0.0.0.0/0] }
`,
    good: `
type: aws:eks/cluster:Cluster
name: lab
properties:
  vpcConfig: { endpointPublicAccess: true, publicAccessCidrs: [203.0.113.0/24] }
`,
  },
  judge({ type, tree }) {
    return type === "aws:eks/cluster:Cluster" ? judgeEndpoint(childAt(tree, "vpcConfig")) : [];
  },
};

/** One network that may reach the endpoint. */
interface Network {
  path: string;
  isOpen: Truth;
  observed: string;
}

function* judgeEndpoint(vpcConfig: Tree): Iterable<Judgement> {
  const isPublic = not(isOneOf(childAt(vpcConfig, "endpointPublicAccess"), false));
  for (const { path, isOpen, observed } of networksOf(childAt(vpcConfig, "publicAccessCidrs"))) {
    const isExposed = allOf([isPublic, isOpen]);
    if (isUnknown(isExposed)) yield undecided(isUnknown(isOpen) ? path : SWITCH);
    if (isExposed === true) {
      yield {
        path,
        observed,
        allowed: "networks of your own",
        remedy: "List the networks that administrators work from, or set endpointPublicAccess to false.",
      };
    }
  }
}

function networksOf(cidrs: Tree): Network[] {
  if (isUnknown(cidrs)) return [{ path: CIDRS, isOpen: UNKNOWN, observed: "" }];
  if (!Array.isArray(cidrs) || cidrs.length === 0) {
    return [{ path: CIDRS, isOpen: true, observed: "empty, which means 0.0.0.0/0" }];
  }
  return cidrs.map((cidr: Tree, index) => ({
    path: `${CIDRS}[${index}]`,
    isOpen: isInternet(cidr),
    observed: shown(cidr),
  }));
}

function isInternet(cidr: Tree): Truth {
  if (isUnknown(cidr)) return UNKNOWN;
  const [, address, prefix] = typeof cidr === "string" ? (/^(.*)\/(\d+)$/.exec(cidr) ?? []) : [];
  if (address === undefined) return false;
  return Number(prefix) < (address.includes(":") ? SHORTEST_PREFIX.ipv6 : SHORTEST_PREFIX.ipv4);
}
