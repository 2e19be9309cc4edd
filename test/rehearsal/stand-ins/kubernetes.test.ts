import { describe, expect, test } from "vitest";
import { differences } from "../../../rehearsal/stand-ins/differences";
import { KubernetesStandIn } from "../../../rehearsal/stand-ins/kubernetes/stand-in";
import type { ResourceName } from "../../../rehearsal/stand-ins/stand-in";
import { type Properties, UNKNOWN } from "../../../rehearsal/stand-ins/values";

const standIn = new KubernetesStandIn();

function resourceOf(token: string, name = "web"): ResourceName {
  return { urn: `urn:pulumi:dev::mlstack::${token}::${name}`, token, name };
}

function create(token: string, inputs: Properties) {
  const resource = resourceOf(token);
  return standIn.create({ ...resource, inputs: standIn.check(resource, undefined, inputs).inputs, preview: false });
}

test("the schema of a resource type is taken as charts spell it, and as the SDK does", () => {
  const token = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition";
  const spec = (extension: string) => ({
    group: "example.com",
    names: { kind: "Widget", plural: "widgets" },
    scope: "Namespaced",
    versions: [
      { name: "v1", served: true, storage: true, schema: { openAPIV3Schema: { type: "object", [extension]: true } } },
    ],
  });
  for (const extension of ["x-kubernetes-preserve-unknown-fields", "x_kubernetes_preserve_unknown_fields"]) {
    const given = { metadata: { name: "widgets.example.com" }, spec: spec(extension) };
    expect(standIn.check(resourceOf(token), undefined, given)).toEqual({ inputs: given, faults: [] });
  }
  const { faults } = standIn.check(resourceOf(token), undefined, { spec: spec("x-kubernetes-preserve-fields") });
  expect(faults).toHaveLength(1);
});

describe("an object is named as the provider names it", () => {
  const token = "kubernetes:core/v1:ConfigMap";

  test("after its resource, with a mark, where it has no name", () => {
    const { inputs } = standIn.check(resourceOf(token, "Settings"), undefined, { metadata: { namespace: "ml" } });

    expect(inputs).toEqual({
      metadata: {
        namespace: "ml",
        name: expect.stringMatching(/^settings-[0-9a-f]{8}$/) as string,
        annotations: { "pulumi.com/autonamed": "true" },
      },
    });
  });

  test("as before, where it was named so", () => {
    const { inputs } = standIn.check(resourceOf(token), { metadata: { name: "web-1" } }, {});

    expect(inputs["metadata"]).toMatchObject({ name: "web-1" });
  });

  test.each<[string, Properties]>([
    ["name", { name: "settings" }],
    ["prefix", { generateName: "settings-" }],
    ["name that is not known yet", { name: UNKNOWN }],
  ])("not at all, where it has a %s", (_, metadata) => {
    expect(standIn.check(resourceOf(token), undefined, { metadata }).inputs).toEqual({ metadata });
  });
});

describe("an object's id is", () => {
  test.each<[string, string, Properties, string]>([
    ["its namespace and name", "kubernetes:core/v1:ConfigMap", { metadata: { name: "a", namespace: "ml" } }, "ml/a"],
    [
      "in the usual namespace, where it names none",
      "kubernetes:core/v1:ConfigMap",
      { metadata: { name: "a" } },
      "default/a",
    ],
    [
      "its name alone, where its kind has no namespace",
      "kubernetes:core/v1:Namespace",
      { metadata: { name: "ml" } },
      "ml",
    ],
    [
      "its name alone, where its kind is not known",
      "kubernetes:karpenter.sh/v1:NodePool",
      { apiVersion: "karpenter.sh/v1", kind: "NodePool", metadata: { name: "gpu" } },
      "gpu",
    ],
    [
      "that of a release",
      "kubernetes:helm.sh/v3:Release",
      { chart: "karpenter", name: "karpenter", namespace: "kube-system" },
      "kube-system/karpenter",
    ],
  ])("%s", (_, token, inputs, id) => {
    expect(create(token, inputs).id).toBe(id);
  });
});

describe("an object is ready at once", () => {
  test.each<[string, Properties, Properties]>([
    ["kubernetes:apps/v1:Deployment", { spec: { replicas: 2 } }, { readyReplicas: 2 }],
    ["kubernetes:batch/v1:Job", { spec: {} }, { succeeded: 1, conditions: [{ type: "Complete", status: "True" }] }],
    ["kubernetes:core/v1:PersistentVolumeClaim", {}, { phase: "Bound" }],
    [
      "kubernetes:helm.sh/v3:Release",
      { chart: "karpenter", version: "1.14.1" },
      { status: "deployed", version: "1.14.1" },
    ],
  ])("%s", (token, inputs, status) => {
    expect(create(token, inputs).outputs["status"]).toMatchObject(status);
  });
});

describe("a change", () => {
  function replaces(token: string, olds: Properties, news: Properties, configuration: Properties = {}): boolean {
    const provider = new KubernetesStandIn();
    provider.configure(configuration);
    return differences(olds, news).some(provider.effect(resourceOf(token), olds, news).replaces);
  }

  test.each<[string, string, Properties, Properties, boolean]>([
    [
      "of a Deployment's replicas updates it",
      "kubernetes:apps/v1:Deployment",
      { spec: { replicas: 1 } },
      { spec: { replicas: 2 } },
      false,
    ],
    [
      "of a Deployment's selector replaces it",
      "kubernetes:apps/v1:Deployment",
      { spec: { selector: { a: "b" } } },
      { spec: { selector: { a: "c" } } },
      true,
    ],
    [
      "of a Job's template replaces it",
      "kubernetes:batch/v1:Job",
      { spec: { template: { a: 1 } } },
      { spec: { template: { a: 2 } } },
      true,
    ],
    [
      "of a name replaces any object",
      "kubernetes:karpenter.sh/v1:NodePool",
      { metadata: { name: "a" } },
      { metadata: { name: "b" } },
      true,
    ],
    [
      "of a release's values updates it",
      "kubernetes:helm.sh/v3:Release",
      { values: { a: 1 } },
      { values: { a: 2 } },
      false,
    ],
    [
      "of a ConfigMap's data replaces it",
      "kubernetes:core/v1:ConfigMap",
      { data: { a: "1" } },
      { data: { a: "2" } },
      true,
    ],
  ])("%s", (_, token, olds, news, expected) => {
    expect(replaces(token, olds, news)).toBe(expected);
  });

  test("of a ConfigMap's data updates it where the provider may", () => {
    const [olds, news] = [{ data: { a: "1" } }, { data: { a: "2" } }];

    expect(replaces("kubernetes:core/v1:ConfigMap", olds, news, { enableConfigMapMutable: "true" })).toBe(false);
  });

  test("deletes first, unless the new object has another name", () => {
    const token = "kubernetes:batch/v1:Job";
    const deletesFirst = (before: string, after: string) =>
      standIn.effect(resourceOf(token), { metadata: { name: before } }, { metadata: { name: after } }).deletesFirst;

    expect([deletesFirst("a", "a"), deletesFirst("a", "b")]).toEqual([true, false]);
  });
});

test("a custom resource is checked for its kind alone", () => {
  const token = "kubernetes:karpenter.sh/v1:NodePool";
  const { faults } = standIn.check(resourceOf(token), undefined, { apiVersion: "karpenter.sh/v1", anything: true });

  expect(faults.map(({ reason }) => reason)).toEqual([
    "kind is missing; allowed: a value, which a custom resource requires. Add it.",
  ]);
});

test("objects are checked in a preview even where the kubeconfig is not known yet", () => {
  const { inputs, faults } = standIn.checkConfig({ kubeconfig: UNKNOWN });

  expect(inputs["kubeconfig"]).not.toBe(UNKNOWN);
  expect(faults).toEqual([]);
});

test("a misspelt kind of Kubernetes itself fails", () => {
  expect(() => standIn.check(resourceOf("kubernetes:apps/v1:Deploymant"), undefined, {})).toThrow(
    /^kubernetes:apps\/v1:Deploymant is no resource of @pulumi\/kubernetes \d+\.\d+\.\d+\. Mend the type/,
  );
});

describe("what is to be rendered", () => {
  const template = (options: object): [string, Properties] => [
    "kubernetes:helm:template",
    { jsonOpts: JSON.stringify(options) },
  ];

  test.each<[string, [string, Properties], string]>([
    [
      "a chart of a registry",
      template({ chart: "oci://public.ecr.aws/karpenter/karpenter", version: "1.14.1" }),
      "Chart karpenter 1.14.1 is not rendered in an offline plan",
    ],
    [
      "a chart of a mirror",
      template({ path: "/mirror/karpenter-1.14.1", chart: "karpenter" }),
      "Chart karpenter-1.14.1 is not rendered in an offline plan",
    ],
    [
      "manifests",
      ["kubernetes:kustomize:directory", { directory: "/mirror/katib-0.19.0/installs" }],
      "Manifests /mirror/katib-0.19.0/installs are not rendered in an offline plan",
    ],
  ])("is nothing for %s, and is said once", (_, [token, args], remark) => {
    const said: string[] = [];
    const provider = new KubernetesStandIn((line) => said.push(line));

    expect(provider.invoke(token, args)).toEqual({ result: [] });
    expect(provider.invoke(token, args)).toEqual({ result: [] });
    expect(said).toEqual([remark]);
  });

  test.each<[string, (folder: string) => [string, Properties]]>([
    ["a chart", (path) => template({ path, chart: "kueue" })],
    ["manifests", (directory) => ["kubernetes:kustomize:directory", { directory }]],
  ])("is what a renderer makes of %s on this machine, and nothing is said", async (_, call) => {
    const said: string[] = [];
    const asked: string[] = [];
    const renderer = (token: string) => {
      asked.push(token);
      return Promise.resolve({ result: [{ kind: "Namespace" }] });
    };
    const provider = new KubernetesStandIn((line) => said.push(line), renderer);
    const [token, args] = call(__dirname);

    expect(await provider.invoke(token, args)).toEqual({ result: [{ kind: "Namespace" }] });
    expect([asked, said]).toEqual([[token], []]);
    const elsewhere = await provider.invoke(...call("/mirror/kueue-0.19.2/kueue"));
    expect(elsewhere["result"]).toMatchObject([{ apiVersion: "stand-in.invalid/v1", metadata: { name: "kueue" } }]);
    expect([asked, said]).toEqual([[token], []]);
  });

  test.each<[string, [string, Properties], object]>([
    [
      "a chart of a mirror",
      template({
        ...{ path: "/some/where-1.2/mirror/keda-2.20.2", chart: "keda", release_name: "scaler", namespace: "keda" },
        ...{ values: { replicas: 2 }, kube_version: "v1.35.0", api_versions: ["apps/v1"] },
      }),
      {
        apiVersion: "stand-in.invalid/v1",
        kind: "UnrenderedChart",
        metadata: { name: "keda", namespace: "keda" },
        spec: {
          ...{ source: "keda-2.20.2", release: "scaler", namespace: "keda" },
          ...{ values: { replicas: 2 }, kube_version: "v1.35.0", api_versions: ["apps/v1"] },
        },
      },
    ],
    [
      "a chart of its publisher",
      template({ chart: "oci://public.ecr.aws/karpenter/karpenter", version: "1.14.1", release_name: "karpenter" }),
      {
        apiVersion: "stand-in.invalid/v1",
        kind: "UnrenderedChart",
        metadata: { name: "karpenter" },
        spec: { release: "karpenter", version: "1.14.1" },
      },
    ],
    [
      "manifests",
      ["kubernetes:kustomize:directory", { directory: "/some/mirror/hub-0.3.8/overlays/db" }],
      {
        apiVersion: "stand-in.invalid/v1",
        kind: "UnrenderedManifests",
        metadata: { name: "hub" },
        spec: { source: "hub-0.3.8/overlays/db" },
      },
    ],
  ])("is, beside a renderer, told by an object where %s is not on this machine", async (_, [token, args], object) => {
    const renderer = () => Promise.reject(new Error("nobody is asked"));
    expect(await new KubernetesStandIn(undefined, renderer).invoke(token, args)).toEqual({ result: [object] });
  });

  test("is refused where it is neither chart nor manifests", () => {
    expect(() => standIn.invoke("kubernetes:yaml:decode", {})).toThrow(
      "kubernetes:yaml:decode asks a real provider, and its stand-in has no answer; answered: " +
        "kubernetes:helm:template, kubernetes:kustomize:directory. Take the value from a resource or from the configuration instead.",
    );
  });
});
