import { describe, expect, it } from "vitest";
import type { Rule } from "../../../../policies/engine/rule";
import { externalIps } from "../../../../policies/gpu-ml/network/external-ips";
import { nodePort } from "../../../../policies/gpu-ml/network/node-port";
import { publicLoadBalancer } from "../../../../policies/gpu-ml/network/public-load-balancer";
import { analyze, lines, UNKNOWN_STRING, type TestResource } from "../../analyzer";
import { configured, object, undecidedLine } from "./objects";

const PREFIX = "service.beta.kubernetes.io/";

function service(spec: unknown, annotations?: unknown): TestResource {
  const metadata = { name: "serving", namespace: "ml", ...(annotations === undefined ? {} : { annotations }) };
  return object("v1/Service", "serving", "ml", { metadata, spec });
}

const judgeBy = (rule: unknown) => (resource: TestResource, entry?: object) =>
  lines(analyze([rule as Rule], resource, configured("NET-05", entry)));

describe("NET-05 load balancers", () => {
  const judge = judgeBy(publicLoadBalancer);
  const balancer = (annotations?: Record<string, unknown>, spec: object = {}) =>
    service(
      { type: "LoadBalancer", ...spec },
      annotations && Object.fromEntries(Object.entries(annotations).map(([key, value]) => [PREFIX + key, value])),
    );
  const MESSAGE =
    "mandatory [NET-05] Service ml/serving: spec.type is LoadBalancer, open to every address; allowed: an internal load " +
    'balancer, or one with named source ranges. Set the annotation "service.beta.kubernetes.io/aws-load-balancer-scheme" ' +
    'to "internal", or name the sources in spec.loadBalancerSourceRanges.';

  it.each<[string, TestResource]>([
    ["a Service for the cluster", service({ type: "ClusterIP" })],
    ["a Service without type", service({})],
    ["an internal scheme", balancer({ "aws-load-balancer-scheme": "internal" })],
    ["the older way to say so", balancer({ "aws-load-balancer-internal": "true" })],
    ["its oldest form", balancer({ "aws-load-balancer-internal": "0.0.0.0/0" })],
    ["the class of AWS's controller, which is internal", balancer({}, { loadBalancerClass: "service.k8s.aws/nlb" })],
    ["the class of Auto Mode, which is internal", balancer({}, { loadBalancerClass: "eks.amazonaws.com/nlb" })],
    ["the type of AWS's controller", balancer({ "aws-load-balancer-type": "external" })],
    ["its older type", balancer({ "aws-load-balancer-type": "nlb-ip" })],
    ["named sources", balancer({}, { loadBalancerSourceRanges: ["203.0.113.0/24"] })],
    ["sources named in an annotation", balancer({ "load-balancer-source-ranges": "203.0.113.0/24, 198.51.100.0/24" })],
    ["security groups of its own", balancer({ "aws-load-balancer-security-groups": "sg-1" })],
    ["other kinds", object("v1/Pod", "a", "ml", { spec: { type: "LoadBalancer" } })],
  ])("accepts %s", (_case, resource) => {
    expect(judge(resource)).toEqual([]);
  });

  it.each<[string, TestResource]>([
    ["says nothing", balancer()],
    ["faces the internet", balancer({ "aws-load-balancer-scheme": "internet-facing" })],
    [
      "faces the internet by a controller that is internal otherwise",
      balancer({ "aws-load-balancer-scheme": "internet-facing" }, { loadBalancerClass: "eks.amazonaws.com/nlb" }),
    ],
    ["is not internal, the older way", balancer({ "aws-load-balancer-internal": "false" })],
    ["says nothing, the older way", balancer({ "aws-load-balancer-internal": "" })],
    ["has a type of the older controller", balancer({ "aws-load-balancer-type": "nlb" })],
    ["has a class of another controller", balancer({}, { loadBalancerClass: "example.com/lb" })],
    ["names no source", balancer({}, { loadBalancerSourceRanges: [] })],
    ["names every source", balancer({}, { loadBalancerSourceRanges: ["203.0.113.0/24", "0.0.0.0/0"] })],
    ["names every source by IPv6", balancer({}, { loadBalancerSourceRanges: ["::/0"] })],
    ["names every source in an annotation", balancer({ "load-balancer-source-ranges": "203.0.113.0/24, 0.0.0.0/0" })],
  ])("refuses one that %s", (_case, resource) => {
    expect(judge(resource)).toEqual([MESSAGE]);
  });

  it("leaves out Services that configuration names", () => {
    expect(judge(balancer(), { services: ["ml/serving"] })).toEqual([]);
    expect(judge(balancer(), { services: ["ml/other"] })).toEqual([MESSAGE]);
  });

  it.each<[string, TestResource, string]>([
    ["the type", service({ type: UNKNOWN_STRING }), "spec.type"],
    ["the annotations", service({ type: "LoadBalancer" }, UNKNOWN_STRING), "metadata.annotations"],
    ["the class", balancer({}, { loadBalancerClass: UNKNOWN_STRING }), "spec.loadBalancerClass"],
    ["the sources", balancer({}, { loadBalancerSourceRanges: UNKNOWN_STRING }), "spec.loadBalancerSourceRanges"],
    ["a source", balancer({}, { loadBalancerSourceRanges: [UNKNOWN_STRING] }), "spec.loadBalancerSourceRanges[0]"],
    ...["scheme", "internal", "type", "security-groups"].map((key): [string, TestResource, string] => [
      `the annotation for ${key}`,
      balancer({ [`aws-load-balancer-${key}`]: UNKNOWN_STRING }),
      `metadata.annotations["${PREFIX}aws-load-balancer-${key}"]`,
    ]),
    [
      "the annotation for sources",
      balancer({ "load-balancer-source-ranges": UNKNOWN_STRING }),
      `metadata.annotations["${PREFIX}load-balancer-source-ranges"]`,
    ],
  ])("cannot decide without knowing %s", (_case, resource, path) => {
    expect(judge(resource)).toEqual([
      undecidedLine("NET-05", "Service ml/serving", path, "Load balancers are internal or let named sources in"),
    ]);
  });

  it("needs not know what cannot change the verdict", () => {
    const open = { loadBalancerSourceRanges: ["0.0.0.0/0", UNKNOWN_STRING] };
    expect(judge(balancer({}, open))).toEqual([MESSAGE]);
    expect(judge(balancer({ "aws-load-balancer-scheme": "internal" }, open))).toEqual([]);
    expect(judge(service({ type: "ClusterIP" }, UNKNOWN_STRING))).toEqual([]);
  });
});

describe("NET-05 ports of nodes", () => {
  const judge = judgeBy(nodePort);

  it("refuses them", () => {
    expect(judge(service({ type: "NodePort" }))).toEqual([
      "mandatory [NET-05] Service ml/serving: spec.type is NodePort; allowed: ClusterIP, or an internal load balancer. " +
        "Use ClusterIP, and lead traffic to it by an ingress or a gateway.",
    ]);
  });

  it("accepts other types, other kinds, and Services that configuration names", () => {
    expect(judge(service({ type: "LoadBalancer" }))).toEqual([]);
    expect(judge(service({}))).toEqual([]);
    expect(judge(object("v1/Pod", "a", "ml", { spec: { type: "NodePort" } }))).toEqual([]);
    expect(judge(service({ type: "NodePort" }), { services: ["serv*"] })).toEqual([]);
  });

  it("cannot decide without knowing the type", () => {
    expect(judge(service({ type: UNKNOWN_STRING }))).toEqual([
      undecidedLine("NET-05", "Service ml/serving", "spec.type", "Services open no ports of nodes"),
    ]);
  });
});

describe("NET-05 external addresses", () => {
  const judge = judgeBy(externalIps);
  const message = (observed: string) =>
    `mandatory [NET-05] Service ml/serving: spec.externalIPs is ${observed}; allowed: absent. Remove it, and let a load ` +
    "balancer or a gateway have the address.";

  it("refuses them", () => {
    expect(judge(service({ externalIPs: ["203.0.113.7"] }))).toEqual([message("one address")]);
    expect(judge(service({ externalIPs: ["203.0.113.7", UNKNOWN_STRING] }))).toEqual([message("2 addresses")]);
  });

  it("accepts none, other kinds, and Services that configuration names", () => {
    expect(judge(service({}))).toEqual([]);
    expect(judge(service({ externalIPs: [] }))).toEqual([]);
    expect(judge(service({ externalIPs: null }))).toEqual([]);
    expect(judge(object("v1/Pod", "a", "ml", { spec: { externalIPs: ["203.0.113.7"] } }))).toEqual([]);
    expect(judge(service({ externalIPs: ["203.0.113.7"] }), { services: ["serving"] })).toEqual([]);
  });

  it("cannot decide without knowing the list", () => {
    expect(judge(service({ externalIPs: UNKNOWN_STRING }))).toEqual([
      undecidedLine("NET-05", "Service ml/serving", "spec.externalIPs", "Services claim no external addresses"),
    ]);
  });
});
