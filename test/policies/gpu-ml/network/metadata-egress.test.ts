import { describe, expect, it } from "vitest";
import type { Tree } from "../../../../components/model";
import { Subject } from "../../../../policies/engine/subject";
import { metadataEgress } from "../../../../policies/gpu-ml/network/metadata-egress";
import { analyze, lines, UNKNOWN_STRING, type TestResource } from "../../analyzer";
import { object, undecidedLine } from "./objects";

const TITLE = "Network policies leave the metadata service out of what pods may reach";

function policy(egress: unknown, spec: object = {}): TestResource {
  return object("networking.k8s.io/v1/NetworkPolicy", "internet", "ml", { spec: { podSelector: {}, egress, ...spec } });
}

function block(cidr: unknown, except?: unknown): object {
  return { to: [{ ipBlock: except === undefined ? { cidr } : { cidr, except } }] };
}

function judge(resource: TestResource): string[] {
  return lines(analyze([metadataEgress], resource));
}

function range(cidr: string, index = 0): string {
  return (
    `advisory [NET-02] NetworkPolicy ml/internet: spec.egress[${index}].to[0].ipBlock.cidr is "${cidr}", which holds the ` +
    'address of the metadata service; allowed: destinations other than 169.254.169.254. Add "169.254.169.254/32" under ' +
    "except."
  );
}

const EVERYTHING =
  "advisory [NET-02] NetworkPolicy ml/internet: spec.egress[0].to is absent, which stands for every address, that of the " +
  "metadata service included; allowed: destinations other than 169.254.169.254. Name ranges of addresses, with " +
  "169.254.169.254/32 under except where one holds it.";

describe("NET-02 the way to the metadata service", () => {
  it.each<[string, TestResource]>([
    ["everything but the address", policy([block("0.0.0.0/0", ["169.254.169.254/32"])])],
    ["everything but a range that holds it", policy([block("0.0.0.0/0", ["10.0.0.0/8", "169.254.0.0/16"])])],
    ["a range without it", policy([block("10.0.0.0/8")])],
    ["the address beside it", policy([block("169.254.169.253/32")])],
    ["the agent of Pod Identity", policy([block("169.254.170.23/32")])],
    ["pods", policy([{ to: [{ podSelector: {} }] }])],
    ["everything by IPv6", policy([block("::/0")])],
    ["no address at all", policy([block("everywhere")])],
    ["a range without prefix", policy([block("169.254.169.254")])],
    ["a range with too long a prefix", policy([block("169.254.169.254/33")])],
    ["nothing", policy([])],
    ["HTTPS everywhere", policy([{ ports: [{ port: 443 }] }])],
    ["a first port by text", policy([{ ports: [{ port: "80", endPort: 90 }] }])],
    ["a last port by text", policy([{ ports: [{ port: 1, endPort: "90" }] }])],
    ["a port by name", policy([{ ports: [{ port: "http" }] }])],
    ["ports above", policy([{ ports: [{ port: 81, endPort: 90 }] }])],
    ["ports below", policy([{ ports: [{ port: 1, endPort: 79 }] }])],
    ["another protocol", policy([{ ports: [{ port: 80, protocol: "UDP" }] }])],
    ["everything in a policy about incoming traffic", policy([{}], { policyTypes: ["Ingress"] })],
    ["other kinds", object("v1/Service", "a", "ml", { spec: { egress: [{}] } })],
  ])("accepts %s", (_case, resource) => {
    expect(judge(resource)).toEqual([]);
  });

  it.each<[string, TestResource, string[]]>([
    ["everything", policy([block("0.0.0.0/0")]), [range("0.0.0.0/0")]],
    ["everything but another range", policy([block("0.0.0.0/0", ["10.0.0.0/8"])]), [range("0.0.0.0/0")]],
    ["link-local addresses", policy([block("169.254.0.0/16")]), [range("169.254.0.0/16")]],
    ["the address itself", policy([block("169.254.169.254/32")]), [range("169.254.169.254/32")]],
    ["half of all addresses", policy([block("128.0.0.0/1")]), [range("128.0.0.0/1")]],
    ["everything in a second rule", policy([block("10.0.0.0/8"), block("0.0.0.0/0")]), [range("0.0.0.0/0", 1)]],
    ["every address", policy([{}]), [EVERYTHING]],
    ["every address in words", policy([{ to: [], ports: [] }]), [EVERYTHING]],
    ["every address by HTTP", policy([{ ports: [{ port: 443 }, { port: 80 }] }]), [EVERYTHING]],
    ["ports around", policy([{ ports: [{ port: 1, endPort: 1024, protocol: "TCP" }] }]), [EVERYTHING]],
    ["ports up to it", policy([{ ports: [{ port: 79, endPort: 80 }] }]), [EVERYTHING]],
    ["all ports of a protocol", policy([{ ports: [{ protocol: "TCP" }] }]), [EVERYTHING]],
    ["everything, as the policy says", policy([{}], { policyTypes: ["Ingress", "Egress"] }), [EVERYTHING]],
    ["everything, with an empty list of types", policy([{}], { policyTypes: [] }), [EVERYTHING]],
  ])("finds a policy that allows %s", (_case, resource, expected) => {
    expect(judge(resource)).toEqual(expected);
  });

  it("adds the exception where there is a range", () => {
    const subject = (egress: Tree) =>
      new Subject({ type: policy([]).type, name: "a", urn: "urn", props: { ...policy(egress).props } });
    const fixes = (egress: Tree) =>
      [...metadataEgress.judge(subject(egress), {})].map((one) => "fix" in one && one.fix);

    expect(fixes([{ to: [{ ipBlock: { cidr: "0.0.0.0/0" } }] }])).toEqual([
      [{ path: "spec.egress[0].to[0].ipBlock.except", append: "169.254.169.254/32" }],
    ]);
    expect(fixes([{}])).toEqual([false]);
  });

  it.each<[string, TestResource, string]>([
    ["the rules", policy(UNKNOWN_STRING), "spec.egress"],
    ["the types", policy([{}], { policyTypes: UNKNOWN_STRING }), "spec.policyTypes"],
    ["a type", policy([{}], { policyTypes: ["Ingress", UNKNOWN_STRING] }), "spec.policyTypes"],
    ["the destinations", policy([{ to: UNKNOWN_STRING }]), "spec.egress[0].to"],
    ["a range", policy([block(UNKNOWN_STRING)]), "spec.egress[0].to[0].ipBlock.cidr"],
    ["the exceptions", policy([block("0.0.0.0/0", UNKNOWN_STRING)]), "spec.egress[0].to[0].ipBlock.except"],
    ["an exception", policy([block("0.0.0.0/0", [UNKNOWN_STRING])]), "spec.egress[0].to[0].ipBlock.except"],
    ["the ports", policy([{ ports: UNKNOWN_STRING }]), "spec.egress[0].ports"],
    ["a port", policy([{ ports: [{ port: UNKNOWN_STRING }] }]), "spec.egress[0].ports"],
    ["the first port", policy([{ ports: [{ port: UNKNOWN_STRING, endPort: 90 }] }]), "spec.egress[0].ports"],
    ["the last port", policy([{ ports: [{ port: 1, endPort: UNKNOWN_STRING }] }]), "spec.egress[0].ports"],
    ["a protocol", policy([{ ports: [{ port: 80, protocol: UNKNOWN_STRING }] }]), "spec.egress[0].ports"],
    [
      "a range, nor the ports",
      policy([{ ...block(UNKNOWN_STRING), ports: UNKNOWN_STRING }]),
      "spec.egress[0].to[0].ipBlock.cidr",
    ],
    [
      "a range, nor the types",
      policy([block(UNKNOWN_STRING)], { policyTypes: UNKNOWN_STRING }),
      "spec.egress[0].to[0].ipBlock.cidr",
    ],
  ])("cannot decide without knowing %s", (_case, resource, path) => {
    expect(judge(resource)).toEqual([undecidedLine("NET-02", "NetworkPolicy ml/internet", path, TITLE)]);
  });

  it("needs not know destinations on other ports, nor ports to other destinations", () => {
    expect(judge(policy([{ to: UNKNOWN_STRING, ports: [{ port: 443 }] }]))).toEqual([]);
    expect(judge(policy([{ ...block("10.0.0.0/8"), ports: UNKNOWN_STRING }]))).toEqual([]);
  });
});
