import { describe, expect, it } from "vitest";
import { defaultDeny } from "../../../../policies/gpu-ml/network/default-deny";
import { analyzeStack, lines, UNKNOWN_STRING, urnOf, type TestResource } from "../../analyzer";
import { configuredStack, object, undecidedStackLine } from "./objects";

const namespace = object("v1/Namespace", "ml", undefined);

function policy(spec: unknown, inNamespace: string | undefined = "ml"): TestResource {
  return object("networking.k8s.io/v1/NetworkPolicy", "closed", inNamespace, { spec });
}

function message(direction = "Ingress", traffic = "incoming"): string {
  return (
    `advisory [NET-01] Namespace ml: metadata.name is "ml", a namespace that no NetworkPolicy of the stack closes to ` +
    `${traffic} traffic; allowed: a namespace with a policy that selects all its pods and has no rule that allows ` +
    `everything. Add a NetworkPolicy with podSelector {} and policyTypes ["${direction}"] to it.`
  );
}

function judge(resources: TestResource[], parameters?: object): string[] {
  return lines(analyzeStack([defaultDeny], resources, configuredStack("NET-01", parameters)));
}

const TITLE = "Namespaces are closed to traffic that no network policy allows";
const BOTH = { directions: ["Ingress", "Egress"] };

describe("NET-01 namespaces that are closed by default", () => {
  it.each<[string, unknown]>([
    ["a policy with an empty selector", { podSelector: {}, policyTypes: ["Ingress", "Egress"] }],
    ["a policy without selector and types", {}],
    ["a policy without rules", { podSelector: {}, policyTypes: ["Ingress"], ingress: [] }],
    ["a policy that allows some callers", { podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }] }],
    ["a policy that allows some ports", { podSelector: {}, ingress: [{ ports: [{ port: 80 }] }] }],
    ["an empty list of types, which stands for Ingress", { podSelector: {}, policyTypes: [] }],
  ])("accepts %s", (_case, spec) => {
    expect(judge([namespace, policy(spec)])).toEqual([]);
  });

  it.each<[string, TestResource[]]>([
    ["no policy", []],
    ["a policy for some pods", [policy({ podSelector: { matchLabels: { app: "a" } } })]],
    ["a policy about outgoing traffic only", [policy({ podSelector: {}, policyTypes: ["Egress"] })]],
    ["a policy that allows everything", [policy({ podSelector: {}, ingress: [{}] })]],
    ["a policy that allows everything in words", [policy({ podSelector: {}, ingress: [{ from: [], ports: [] }] })]],
    ["a policy of another namespace", [policy({ podSelector: {} }, "etl")]],
    ["a policy of the default namespace", [object("networking.k8s.io/v1/NetworkPolicy", "a", undefined, { spec: {} })]],
    ["another plugin's policy in another namespace", [object("cilium.io/v2/CiliumNetworkPolicy", "a", "etl")]],
  ])("refuses a namespace with %s", (_case, others) => {
    expect(judge([namespace, ...others])).toEqual([message()]);
  });

  it("files the finding under the namespace", () => {
    expect(analyzeStack([defaultDeny], [namespace])).toMatchObject([{ severity: "high", urn: urnOf(namespace) }]);
  });

  it.each([
    ["crd.projectcalico.org/v1/NetworkPolicy", "ml"],
    ["projectcalico.org/v3/NetworkPolicy", "ml"],
    ["cilium.io/v2/CiliumNetworkPolicy", "ml"],
    ["networking.k8s.aws/v1alpha1/ApplicationNetworkPolicy", "ml"],
    ["cilium.io/v2/CiliumClusterwideNetworkPolicy", undefined],
    ["crd.projectcalico.org/v1/GlobalNetworkPolicy", undefined],
    ["projectcalico.org/v3/GlobalNetworkPolicy", undefined],
    ["networking.k8s.aws/v1alpha1/ClusterNetworkPolicy", undefined],
    ["policy.networking.k8s.io/v1alpha1/BaselineAdminNetworkPolicy", undefined],
    ["policy.networking.k8s.io/v1alpha2/ClusterNetworkPolicy", undefined],
  ])("takes %s for a policy that closes", (kind, inNamespace) => {
    expect(judge([namespace, object(kind, "a", inNamespace)])).toEqual([]);
  });

  it("leaves the default namespace to a policy that names none", () => {
    const spec = { podSelector: {} };
    const unnamed = object("networking.k8s.io/v1/NetworkPolicy", "a", undefined, { spec });
    expect(judge([object("v1/Namespace", "default", undefined), unnamed])).toEqual([]);
  });

  it("wants outgoing traffic closed where configuration says so", () => {
    expect(judge([namespace], BOTH)).toEqual([message(), message("Egress", "outgoing")]);
    expect(judge([namespace, policy({ podSelector: {} })], BOTH)).toEqual([message("Egress", "outgoing")]);
    expect(judge([namespace, policy({ policyTypes: ["Ingress", "Egress"] })], BOTH)).toEqual([]);
    expect(judge([namespace, policy({ egress: [{ to: [{ podSelector: {} }] }] })], BOTH)).toEqual([]);
    expect(judge([namespace, policy({ egress: [{ to: [] }] })], BOTH)).toEqual([message("Egress", "outgoing")]);
    expect(judge([namespace, policy({ egress: [] })], BOTH)).toEqual([message("Egress", "outgoing")]);
  });

  it("leaves out the namespaces of Kubernetes, and those that configuration names", () => {
    expect(judge([object("v1/Namespace", "kube-flannel", undefined)])).toEqual([]);
    expect(judge([namespace], { namespaces: ["m*"] })).toEqual([]);
    expect(judge([namespace], { directions: [] })).toEqual([]);
  });

  it("refuses directions that there are not", () => {
    const { directions } = defaultDeny.parameters;
    const values = [["Ingress"], ["Egress"], [], ["Up"], "Ingress"];
    expect(values.map((value) => directions.accepts(value))).toEqual([true, true, true, false, false]);
  });

  it.each<[string, TestResource, string]>([
    ["the policy's namespace", policy({ podSelector: {} }, UNKNOWN_STRING), "metadata.namespace"],
    ["the policy's selector", policy({ podSelector: UNKNOWN_STRING }), "spec.podSelector"],
    ["the policy's types", policy({ podSelector: {}, policyTypes: UNKNOWN_STRING }), "spec.policyTypes"],
    ["one of the policy's types", policy({ podSelector: {}, policyTypes: [UNKNOWN_STRING] }), "spec.policyTypes"],
    ["the policy's rules", policy({ podSelector: {}, ingress: UNKNOWN_STRING }), "spec.ingress"],
    ["one of the policy's rules", policy({ podSelector: {}, ingress: [UNKNOWN_STRING] }), "spec.ingress"],
    ["whom a rule allows", policy({ podSelector: {}, ingress: [{ from: UNKNOWN_STRING }] }), "spec.ingress"],
  ])("cannot decide without knowing %s", (_case, unknown, path) => {
    const name = path === "metadata.namespace" ? "closed" : "ml/closed";
    const expected = [undecidedStackLine("NET-01", `NetworkPolicy ${name}`, path, TITLE)];
    expect(judge([namespace, unknown])).toEqual(expected);
    expect(judge([namespace, unknown, policy({ podSelector: { matchLabels: { app: "a" } } })])).toEqual(expected);
    expect(judge([namespace, unknown, policy({ podSelector: {} })])).toEqual([]);
    expect(judge([namespace, unknown], { namespaces: ["ml"] })).toEqual([]);
  });

  it("cannot decide about outgoing traffic without knowing the rules for it", () => {
    expect(judge([namespace, policy({ egress: UNKNOWN_STRING })], { directions: ["Egress"] })).toEqual([
      undecidedStackLine("NET-01", "NetworkPolicy ml/closed", "spec.policyTypes, spec.egress", TITLE),
    ]);
  });

  it("cannot decide without knowing the namespace's name", () => {
    const unknown = object("v1/Namespace", UNKNOWN_STRING, undefined);
    const line = undecidedStackLine("NET-01", "Namespace 04da6b54-80e4-46f7-96ec-b56ff0331ba9", "metadata.name", TITLE);
    expect(judge([unknown, policy({ podSelector: {} })])).toEqual([line]);
  });

  it("says where there is no name at all", () => {
    const unnamed = object("v1/Namespace", "x", undefined, { metadata: {} });
    expect(judge([unnamed])[0]).toContain("metadata.name is absent, a namespace that no NetworkPolicy");
  });
});
