import { arrayAt, childAt, isUnknown, UNKNOWN, type Tree } from "../../../components/model";
import type { Edit } from "../../engine/edit";
import { undecided, type Judgement, type ResourceRule, type Violation } from "../../engine/rule";
import { allOf, anyOf, isOneOf, not, type Truth } from "../../engine/truth";
import { shown } from "../../engine/shown";

/**
 * Where machines on AWS answer about themselves. The address by IPv6 is off unless it is switched on.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
 */
const METADATA_ADDRESS = "169.254.169.254";
const METADATA_PORT = 80;

/**
 * NET-02, on the way out: a NetworkPolicy that lets pods reach everything leaves out the metadata service of the nodes.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/ "Behavior of to and from selectors", v1.36
 */
export const metadataEgress: ResourceRule = {
  id: "NET-02",
  title: "Network policies leave the metadata service out of what pods may reach",
  why: "On nodes that answer pods, the way to the metadata service is the way to the rights of the node in AWS.",
  remediation: "Allow ranges of addresses, with 169.254.169.254/32 among the exceptions of those that hold it.",
  url: "https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html",
  severity: "medium",
  level: "advisory",
  family: "platform",
  parameters: {},
  fix: "adds the address of the metadata service to the exceptions of a range that holds it",
  examples: {
    bad: `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: internet, namespace: ml }
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress: [{ to: [{ ipBlock: { cidr: 0.0.0.0/0 } }] }]
`,
    good: `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: internet, namespace: ml }
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress: [{ to: [{ ipBlock: { cidr: 0.0.0.0/0, except: [169.254.169.254/32] } }] }]
`,
  },
  *judge(subject) {
    if (!subject.is("networking.k8s.io/NetworkPolicy")) return;
    const spec = childAt(subject.tree, "spec");
    const types = childAt(spec, "policyTypes");
    const applies = isUnknown(types) ? UNKNOWN : appliesTo(arrayAt(spec, "policyTypes"));
    if (applies === false) return;
    const judgements = [...judgeRules(spec)];
    const hidden = undecided("spec.policyTypes");
    yield* judgements.map((one) => (isUnknown(applies) && !("undecidedPath" in one) ? hidden : one));
  },
};

/** Without types, rules about outgoing traffic make the policy one about it. */
function appliesTo(types: Tree[]): Truth {
  return types.length === 0 ? true : anyOf(types.map((type) => isOneOf(type, "Egress")));
}

function* judgeRules(spec: Tree): Iterable<Judgement> {
  if (isUnknown(childAt(spec, "egress"))) yield undecided("spec.egress");
  for (const [index, rule] of arrayAt(spec, "egress").entries()) {
    const path = `spec.egress[${index}]`;
    const port = allowsPort(childAt(rule, "ports"));
    for (const judgement of judgeDestinations(rule, path)) {
      if ("undecidedPath" in judgement ? port !== false : port === true) yield judgement;
      else if (isUnknown(port)) yield undecided(`${path}.ports`);
    }
  }
}

function* judgeDestinations(rule: Tree, path: string): Iterable<Judgement> {
  if (isUnknown(childAt(rule, "to"))) {
    yield undecided(`${path}.to`);
  } else if (arrayAt(rule, "to").length === 0) {
    yield violation(`${path}.to`, "absent, which stands for every address, that of the metadata service included");
  }
  for (const [index, peer] of arrayAt(rule, "to").entries()) {
    yield* judgeBlock(childAt(peer, "ipBlock"), `${path}.to[${index}].ipBlock`);
  }
}

function* judgeBlock(block: Tree, path: string): Iterable<Judgement> {
  const cidr = childAt(block, "cidr");
  const except = childAt(block, "except");
  const isExcepted = isUnknown(except) ? UNKNOWN : anyOf(arrayAt(block, "except").map(holdsMetadata));
  const reaches = allOf([holdsMetadata(cidr), not(isExcepted)]);
  if (isUnknown(reaches)) {
    yield undecided(isUnknown(cidr) ? `${path}.cidr` : `${path}.except`);
  } else if (reaches) {
    const exception = `${METADATA_ADDRESS}/32`;
    const observed = `${shown(cidr)}, which holds the address of the metadata service`;
    yield violation(`${path}.cidr`, observed, [{ path: `${path}.except`, append: exception }]);
  }
}

function violation(path: string, observed: string, fix?: Edit[]): Violation {
  return {
    path,
    observed,
    allowed: `destinations other than ${METADATA_ADDRESS}`,
    remedy:
      fix === undefined
        ? `Name ranges of addresses, with ${METADATA_ADDRESS}/32 under except where one holds it.`
        : `Add "${METADATA_ADDRESS}/32" under except.`,
    ...(fix === undefined ? {} : { fix }),
  };
}

/** No ports stand for all; ports by name are looked up at pods, which the metadata service is none of. */
function allowsPort(ports: Tree): Truth {
  if (isUnknown(ports)) return UNKNOWN;
  const list = arrayAt({ ports }, "ports");
  return list.length === 0 || anyOf(list.map(isMetadataPort));
}

function isMetadataPort(entry: Tree): Truth {
  const [protocol = "TCP", first, last = first] = ["protocol", "port", "endPort"].map(
    (f) => childAt(entry, f) ?? undefined,
  );
  return allOf([isOneOf(protocol, "TCP"), isUnknown(first) || isUnknown(last) ? UNKNOWN : covers(first, last)]);
}

function covers(first: Tree, last: Tree): boolean {
  if (first === undefined) return true;
  return typeof first === "number" && first <= METADATA_PORT && typeof last === "number" && last >= METADATA_PORT;
}

function holdsMetadata(cidr: Tree): Truth {
  if (isUnknown(cidr)) return UNKNOWN;
  const [address, prefix = ""] = typeof cidr === "string" ? cidr.split("/") : [];
  const bits = /^(\d|[12]\d|3[0-2])$/.test(prefix) ? 32 - Number(prefix) : NaN;
  const start = numberOf(address ?? "") ?? NaN;
  return Math.floor(start / 2 ** bits) === Math.floor((numberOf(METADATA_ADDRESS) ?? 0) / 2 ** bits);
}

function numberOf(address: string): number | undefined {
  if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(address)) return undefined;
  return address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}
