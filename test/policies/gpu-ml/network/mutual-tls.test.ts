import { describe, expect, it } from "vitest";
import { Subject } from "../../../../policies/engine/subject";
import { meshMutualTls } from "../../../../policies/gpu-ml/network/mesh-mutual-tls";
import { mutualTls } from "../../../../policies/gpu-ml/network/mutual-tls";
import { analyze, analyzeStack, lines, UNKNOWN_STRING, urnOf, type TestResource } from "../../analyzer";
import { configured, object, undecidedLine, undecidedStackLine } from "./objects";

function policy(spec: unknown, namespace: string | undefined = "ml"): TestResource {
  return object("security.istio.io/v1/PeerAuthentication", "default", namespace, { spec });
}

describe("NET-03 modes of workloads", () => {
  const judge = (resource: TestResource, entry?: object) =>
    lines(analyze([mutualTls], resource, configured("NET-03", entry)));
  const message = (path: string, mode: string) =>
    `mandatory [NET-03] PeerAuthentication ml/default: ${path} is ${mode}; allowed: STRICT, or nothing where the mesh is ` +
    "STRICT. Set it to STRICT.";

  it.each<[string, TestResource]>([
    ["STRICT", policy({ mtls: { mode: "STRICT" } })],
    ["UNSET", policy({ mtls: { mode: "UNSET" } })],
    ["nothing", policy({})],
    ["STRICT for a port", policy({ portLevelMtls: { "8080": { mode: "STRICT" } } })],
    ["other kinds", object("networking.istio.io/v1/Sidecar", "a", "ml", { spec: { mtls: { mode: "DISABLE" } } })],
  ])("accepts %s", (_case, resource) => {
    expect(judge(resource)).toEqual([]);
  });

  it.each(["PERMISSIVE", "DISABLE"])("refuses %s, for workloads and for ports", (mode) => {
    expect(judge(policy({ mtls: { mode }, portLevelMtls: { "3306": { mode }, "80": { mode: "STRICT" } } }))).toEqual([
      message("spec.mtls.mode", mode),
      message('spec.portLevelMtls["3306"].mode', mode),
    ]);
  });

  it("sets the mode", () => {
    const { type, props } = policy({ portLevelMtls: { "3306": { mode: "PERMISSIVE" } } });
    const subject = new Subject({ type, name: "a", urn: "urn", props });
    expect([...mutualTls.judge(subject, { policies: [] })]).toMatchObject([
      { fix: [{ path: 'spec.portLevelMtls["3306"].mode', value: "STRICT" }] },
    ]);
  });

  it("leaves out policies that configuration names", () => {
    expect(judge(policy({ mtls: { mode: "DISABLE" } }), { policies: ["ml/default"] })).toEqual([]);
  });

  it.each<[string, unknown, string]>([
    ["the mode", { mtls: { mode: UNKNOWN_STRING } }, "spec.mtls.mode"],
    ["the settings", { mtls: UNKNOWN_STRING }, "spec.mtls.mode"],
    ["the ports", { portLevelMtls: UNKNOWN_STRING }, "spec.portLevelMtls"],
    ["a port", { portLevelMtls: { "80": UNKNOWN_STRING } }, 'spec.portLevelMtls["80"].mode'],
  ])("cannot decide without knowing %s", (_case, spec, path) => {
    expect(judge(policy(spec))).toEqual([
      undecidedLine(
        "NET-03",
        "PeerAuthentication ml/default",
        path,
        "Workloads of the mesh take connections with certificates only",
      ),
    ]);
  });
});

describe("NET-03 the mode of the mesh", () => {
  const release = (chart: unknown = "istiod", namespace: unknown = "istio-system"): TestResource => ({
    type: "kubernetes:helm.sh/v3:Release",
    name: "istiod",
    props: { chart, namespace },
  });
  const deployment = (labels: object): TestResource =>
    object("apps/v1/Deployment", "istiod", "istio-system", {
      metadata: { name: "istiod", namespace: "istio-system", labels },
    });
  const strict = policy({ mtls: { mode: "STRICT" } }, "istio-system");
  const judge = (...resources: TestResource[]) => lines(analyzeStack([meshMutualTls], resources));
  const message = (subject: string, path: string) =>
    `mandatory [NET-03] ${subject}: ${path} is "istio-system", where no PeerAuthentication of the stack sets a mode for ` +
    "the whole mesh; allowed: a namespace with one of mode STRICT and without selector. Add it, so that the whole mesh " +
    "asks for certificates.";
  const ofRelease = message("Release istiod", "namespace");

  it.each<[string, TestResource[]]>([
    ["a release with a policy for the mesh", [release(), strict]],
    ["a rendered control plane with one", [deployment({ app: "istiod" }), strict]],
    [
      "an open policy for the mesh, which has a finding of its own",
      [release(), policy({ mtls: { mode: "PERMISSIVE" } }, "istio-system")],
    ],
    ["a disabled one likewise", [release(), policy({ mtls: { mode: "DISABLE" } }, "istio-system")]],
    ["a stack without Istio", [policy({ mtls: {} })]],
    ["other charts", [release("istiod-remote")]],
    ["Istio's other charts", [release("base")]],
    ["other Deployments", [deployment({ app: "other" })]],
    [
      "a Service of the control plane",
      [object("v1/Service", "istiod", "istio-system", { metadata: { labels: { app: "istiod" } } })],
    ],
  ])("accepts %s", (_case, resources) => {
    expect(judge(...resources)).toEqual([]);
  });

  it.each<[string, TestResource[], string]>([
    ["without a policy", [release()], ofRelease],
    ["from a repository", [release("oci://registry.example/charts/istiod")], ofRelease],
    ["from a file", [release("./charts/istiod-1.30.0.tgz")], ofRelease],
    ["rendered", [deployment({ app: "istiod" })], message("Deployment istio-system/istiod", "metadata.namespace")],
    ["with a policy elsewhere", [release(), policy({ mtls: { mode: "STRICT" } })], ofRelease],
    ["with a policy that says no mode", [release(), policy({ mtls: { mode: "UNSET" } }, "istio-system")], ofRelease],
    ["with an empty policy", [release(), policy({}, "istio-system")], ofRelease],
    [
      "with a policy for some workloads",
      [release(), policy({ mtls: { mode: "STRICT" }, selector: { matchLabels: { app: "a" } } }, "istio-system")],
      ofRelease,
    ],
  ])("refuses Istio %s", (_case, resources, expected) => {
    expect(judge(...resources)).toEqual([expected]);
  });

  it("files the finding under the control plane", () => {
    expect(analyzeStack([meshMutualTls], [release()])).toMatchObject([{ urn: urnOf(release()) }]);
  });

  it("takes the default namespace where none is named", () => {
    const { type, name } = release();
    expect(judge({ type, name: name!, props: { chart: "istiod" } })[0]).toContain('namespace is "default", where');
  });

  it.each([[{ password: "hunter2" }], [["ml"]], [7]])(
    "says no more of a namespace that is no text: %j",
    (namespace) => {
      expect(judge(release("istiod", namespace))[0]).toContain("namespace is no text, where no PeerAuthentication");
    },
  );

  it.each<[string, TestResource[], string]>([
    ["the chart", [release(UNKNOWN_STRING)], "chart"],
    ["its namespace", [release("istiod", UNKNOWN_STRING)], "namespace"],
    ["the policy's namespace", [release(), policy({ mtls: { mode: "STRICT" } }, UNKNOWN_STRING)], "namespace"],
    ["the policy's mode", [release(), policy({ mtls: { mode: UNKNOWN_STRING } }, "istio-system")], "namespace"],
    [
      "the policy's selector",
      [release(), policy({ mtls: { mode: "STRICT" }, selector: UNKNOWN_STRING }, "istio-system")],
      "namespace",
    ],
  ])("cannot decide without knowing %s", (_case, resources, path) => {
    expect(judge(...resources)).toEqual([
      undecidedStackLine("NET-03", "Release istiod", path, "The mesh takes connections with certificates only"),
    ]);
  });
});
