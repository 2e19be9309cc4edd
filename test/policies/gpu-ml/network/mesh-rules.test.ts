import { describe, expect, it } from "vitest";
import { allowAll } from "../../../../policies/gpu-ml/network/allow-all";
import { plainHttp } from "../../../../policies/gpu-ml/network/plain-http";
import { wildcardHost } from "../../../../policies/gpu-ml/network/wildcard-host";
import type { Rule } from "../../../../policies/engine/rule";
import { analyze, lines, UNKNOWN_STRING, type TestResource } from "../../analyzer";
import { configured, object, undecidedLine } from "./objects";

const judgeBy = (rule: unknown) => (resource: TestResource, entry?: object) =>
  lines(analyze([rule as Rule], resource, configured("NET-04", entry)));

describe("NET-04 policies that allow everything", () => {
  const judge = judgeBy(allowAll);
  const policy = (spec: unknown): TestResource =>
    object("security.istio.io/v1/AuthorizationPolicy", "open", "ml", { spec });
  const message = (index = 0) =>
    `advisory [NET-04] AuthorizationPolicy ml/open: spec.rules[${index}] is a rule without from, to and when, which ` +
    "allows every request; allowed: rules that say who may call, or what. Name the callers under from, for example their " +
    "namespaces.";
  const caller = { from: [{ source: { namespaces: ["ml"] } }] };

  it.each<[string, TestResource]>([
    ["a policy that names callers", policy({ rules: [caller] })],
    ["a policy that names operations", policy({ rules: [{ to: [{ operation: { ports: ["80"] } }] }] })],
    ["a policy with a condition", policy({ rules: [{ when: [{ key: "request.auth.claims[a]", values: ["b"] }] }] })],
    ["a policy without rules, which allows nothing", policy({ action: "ALLOW" })],
    ["a policy that denies everything", policy({ action: "DENY", rules: [{}] })],
    ["a policy that asks another service", policy({ action: "CUSTOM", rules: [{}] })],
    ["other kinds", object("v1/Service", "open", "ml", { spec: { rules: [{}] } })],
  ])("accepts %s", (_case, resource) => {
    expect(judge(resource)).toEqual([]);
  });

  it("finds rules that fit every request", () => {
    expect(judge(policy({ action: "ALLOW", rules: [{}] }))).toEqual([message()]);
    expect(judge(policy({ rules: [caller, { from: [], to: [], when: [] }] }))).toEqual([message(1)]);
    expect(judge(policy({ action: null, rules: [{}] }))).toEqual([message()]);
  });

  it("leaves out policies that configuration names", () => {
    expect(judge(policy({ rules: [{}] }), { policies: ["open"] })).toEqual([]);
  });

  it.each<[string, unknown, string]>([
    ["the action", { action: UNKNOWN_STRING, rules: [{}] }, "spec.action"],
    ["the rules", { rules: UNKNOWN_STRING }, "spec.rules"],
    ["a rule", { rules: [UNKNOWN_STRING] }, "spec.rules[0]"],
    ["the callers", { rules: [caller, { from: UNKNOWN_STRING }] }, "spec.rules[1]"],
    ["the operations", { rules: [{ to: UNKNOWN_STRING }] }, "spec.rules[0]"],
    ["the conditions", { rules: [{ when: UNKNOWN_STRING }] }, "spec.rules[0]"],
  ])("cannot decide without knowing %s", (_case, spec, path) => {
    expect(judge(policy(spec))).toEqual([
      undecidedLine("NET-04", "AuthorizationPolicy ml/open", path, "Authorization policies say whom they allow"),
    ]);
  });

  it("needs not know the callers of a rule about something", () => {
    expect(judge(policy({ rules: [{ from: UNKNOWN_STRING, to: [{ operation: {} }] }] }))).toEqual([]);
    expect(judge(policy({ action: "DENY", rules: UNKNOWN_STRING }))).toEqual([]);
  });
});

describe("NET-04 hosts", () => {
  const judge = judgeBy(wildcardHost);
  const TITLE = "Gateways and their routes name their hosts";
  const gateway = (hosts: unknown, name = "public"): TestResource =>
    object("networking.istio.io/v1/Gateway", name, "ml", { spec: { servers: [{ hosts: ["a.example"] }, { hosts }] } });
  const route = (hosts: unknown, gateways?: unknown): TestResource =>
    object("networking.istio.io/v1/VirtualService", "a", "ml", {
      spec: gateways === undefined ? { hosts } : { hosts, gateways },
    });
  const message = (subject: string, path: string, host: string) =>
    `advisory [NET-04] ${subject}: ${path} is "${host}", which stands for every host; allowed: names of hosts, or a ` +
    "domain after *. Name the hosts that are meant.";

  it.each<[string, TestResource]>([
    ["a gateway for a host", gateway(["ml.example.com"])],
    ["a gateway for a domain", gateway(["*.example.com"])],
    ["a gateway for a host of a namespace", gateway(["*/ml.example.com"])],
    ["a gateway that only the cluster reaches", gateway(["*"], "knative-local-gateway")],
    ["the other one", gateway(["*"], "cluster-local-gateway")],
    ["a route for a host", route(["ml.example.com"], ["public"])],
    ["a route of the mesh", route(["*"])],
    ["a route of the mesh in words", route(["*"], ["mesh"])],
    ["a route of a local gateway", route(["*"], ["knative-serving/knative-local-gateway", "mesh"])],
    ["other kinds", object("v1/Service", "a", "ml", { spec: { hosts: ["*"], gateways: ["public"] } })],
    [
      "gateways of another API",
      object("gateway.networking.k8s.io/v1/Gateway", "a", "ml", { spec: { servers: [{ hosts: ["*"] }] } }),
    ],
  ])("accepts %s", (_case, resource) => {
    expect(judge(resource)).toEqual([]);
  });

  it.each(["*", "*/*", "./*", "ml/*"])("finds a gateway for %s", (host) => {
    expect(judge(gateway(["a.example", host]))).toEqual([
      message("Gateway ml/public", "spec.servers[1].hosts[1]", host),
    ]);
  });

  it("finds a route for every host of a gateway", () => {
    const expected = [message("VirtualService ml/a", "spec.hosts[0]", "*")];
    expect(judge(route(["*"], ["public"]))).toEqual(expected);
    expect(judge(route(["*"], ["mesh", "istio-ingress/https"]))).toEqual(expected);
  });

  it("knows local gateways from configuration, by name or with their namespace", () => {
    expect(judge(gateway(["*"]), { gateways: ["public"] })).toEqual([]);
    expect(judge(route(["*"], ["ml/inner"]), { gateways: ["ml/inner"] })).toEqual([]);
    expect(judge(route(["*"], ["etl/inner"]), { gateways: ["ml/inner"] })).toHaveLength(1);
    expect(judge(gateway(["*"], "knative-local-gateway"), { gateways: [] })).toHaveLength(1);
  });

  it.each<[string, TestResource, string, string]>([
    [
      "the servers",
      object("networking.istio.io/v1/Gateway", "public", "ml", { spec: { servers: UNKNOWN_STRING } }),
      "Gateway ml/public",
      "spec.servers",
    ],
    ["the hosts", gateway(UNKNOWN_STRING), "Gateway ml/public", "spec.servers[1].hosts"],
    ["a host", gateway([UNKNOWN_STRING]), "Gateway ml/public", "spec.servers[1].hosts[0]"],
    ["the gateways", route(["*"], UNKNOWN_STRING), "VirtualService ml/a", "spec.gateways"],
    ["a gateway", route(["*"], [UNKNOWN_STRING]), "VirtualService ml/a", "spec.gateways"],
    ["a host of a route", route([UNKNOWN_STRING], ["public"]), "VirtualService ml/a", "spec.hosts[0]"],
  ])("cannot decide without knowing %s", (_case, resource, subject, path) => {
    expect(judge(resource)).toEqual([undecidedLine("NET-04", subject, path, TITLE)]);
  });
});

describe("NET-04 plain HTTP", () => {
  const judge = judgeBy(plainHttp);
  const gateway = (server: unknown, name = "public"): TestResource =>
    object("networking.istio.io/v1/Gateway", name, "ml", { spec: { servers: [server] } });
  const message = (observed: string, protocol: string) =>
    `advisory [NET-04] Gateway ml/public: spec.servers[0].tls.httpsRedirect is ${observed} on a port of protocol ` +
    `${protocol}; allowed: true on ports without TLS. Set it to true, and serve HTTPS on a port beside.`;

  it.each<[string, TestResource]>([
    ["HTTPS", gateway({ port: { protocol: "HTTPS" }, tls: { mode: "SIMPLE" } })],
    ["TLS that passes through", gateway({ port: { protocol: "TLS" } })],
    ["a redirect", gateway({ port: { protocol: "HTTP" }, tls: { httpsRedirect: true } })],
    ["a gateway that only the cluster reaches", gateway({ port: { protocol: "HTTP" } }, "knative-local-gateway")],
    ["other kinds", object("v1/Service", "a", "ml", { spec: { servers: [{ port: { protocol: "HTTP" } }] } })],
  ])("accepts %s", (_case, resource) => {
    expect(judge(resource)).toEqual([]);
  });

  it.each(["HTTP", "HTTP2", "GRPC"])("finds plain %s", (protocol) => {
    expect(judge(gateway({ port: { protocol } }))).toEqual([message("absent", protocol)]);
    expect(judge(gateway({ port: { protocol: protocol.toLowerCase() }, tls: { httpsRedirect: false } }))).toEqual([
      message("false", protocol),
    ]);
  });

  it.each<[string, unknown, string]>([
    ["the servers", UNKNOWN_STRING, "spec.servers"],
    ["a server", [UNKNOWN_STRING], "spec.servers[0].port.protocol"],
    ["the protocol", [{ port: { protocol: UNKNOWN_STRING } }], "spec.servers[0].port.protocol"],
    [
      "the redirect",
      [{ port: { protocol: "HTTP" }, tls: { httpsRedirect: UNKNOWN_STRING } }],
      "spec.servers[0].tls.httpsRedirect",
    ],
  ])("cannot decide without knowing %s", (_case, servers, path) => {
    const resource = object("networking.istio.io/v1/Gateway", "public", "ml", { spec: { servers } });
    expect(judge(resource)).toEqual([
      undecidedLine("NET-04", "Gateway ml/public", path, "Gateways take requests over TLS"),
    ]);
  });

  it("needs not know the protocol where requests are redirected", () => {
    expect(judge(gateway({ port: { protocol: UNKNOWN_STRING }, tls: { httpsRedirect: true } }))).toEqual([]);
  });
});
