import { describe, expect, it } from "vitest";
import { resourceManifest } from "../../../../policies/gpu-ml/ml/resource-manifest";
import { UNKNOWN_STRING } from "../../analyzer";
import { judged, notKnown, workflow } from "./objects";

const created = (resource: object, action: unknown = "create") =>
  workflow({ templates: [{ name: "main", resource: { action, ...resource } }] });
const written = (manifest: unknown, action?: unknown) => created({ manifest }, action);

const AT = "Workflow ml/it: spec.templates[0].resource";
const manifestOf = (apiVersion: string, kind: string) => `{ apiVersion: ${apiVersion}, kind: ${kind} }`;
const change = (flags: unknown, manifest: string) => created({ flags, manifest }, "patch");
const STEP = "[{ op: add, path: /metadata/labels/a, value: '{{x}}' }]";
const rights = (kind: string, path = "manifest#kind") =>
  `mandatory [ML-02] ${AT}.${path} is "${kind}"; allowed: a kind that gives no rights. ` +
  "Create it with the platform instead of from a workflow.";
const kindless = (path: string) =>
  `mandatory [ML-02] ${AT}.${path} is an object without a kind that is known before the workflow runs; allowed: an ` +
  "object that names its apiVersion and kind. Write apiVersion and kind out; use one template for each kind.";

describe("ML-02 manifests of workflows", () => {
  it.each([
    ["a template without resource", workflow()],
    ["a resource with flags alone", created({ flags: ["--selector=a=b", "--force", "--filenames"] })],
    ["an empty manifest", written(" ")],
    ["an object with variables in its values", written("{ apiVersion: v1, kind: ConfigMap, data: { a: '{{x}}' } }")],
    ["several objects", written(`${manifestOf("v1", "Service")}\n---\n${manifestOf("batch/v1", "Job")}`)],
    ["a kind of the same name in another group", written(manifestOf("example.com/v1", "Role"))],
    ["whatever is read only", written("{{x}}", "get")],
    ["to delete rights", written(manifestOf("rbac.authorization.k8s.io/v1", "Role"), "delete")],
    ["steps that change metadata", change(["pod", "{{pod.name}}"], STEP)],
    [
      "a step that changes all metadata",
      change(["--force", 1, "pod/main"], "[{ op: add, path: /metadata, value: {} }]"),
    ],
    [
      "a part of the metadata",
      change(["-n", "{{workflow.namespace}}", "pod", "main"], "metadata: { labels: { a: b } }"),
    ],
    ["a kind of the same name in another group in flags", change(["roles.example.com", "main"], STEP)],
    ["a name that is a refused kind's", change(["pod", "role"], STEP)],
    ["to delete rights by flags", created({ flags: ["role", "main"] }, "delete")],
    ["a resource that is no object", workflow({ templates: [{ resource: "Job" }] })],
    ["a manifest that is no text", written(1)],
  ])("accepts %s", (_case, resource) => {
    expect(judged(resourceManifest, resource)).toEqual([]);
  });

  it.each([
    ["Role", "rbac.authorization.k8s.io/v1"],
    ["RoleBinding", "rbac.authorization.k8s.io/v1"],
    ["ClusterRole", "rbac.authorization.k8s.io/v1"],
    ["ClusterRoleBinding", "rbac.authorization.k8s.io/v1"],
    ["CertificateSigningRequest", "certificates.k8s.io/v1"],
    ["MutatingWebhookConfiguration", "admissionregistration.k8s.io/v1"],
    ["ValidatingWebhookConfiguration", "admissionregistration.k8s.io/v1"],
    ["APIService", "apiregistration.k8s.io/v1"],
  ])("refuses a %s", (kind, apiVersion) => {
    expect(judged(resourceManifest, written(manifestOf(apiVersion, kind)))).toEqual([rights(kind)]);
  });

  it.each(["create", "apply", "patch", "replace", UNKNOWN_STRING])("refuses rights by the action %s", (action) => {
    const manifest = manifestOf("rbac.authorization.k8s.io/v1", "Role");

    expect(judged(resourceManifest, written(manifest, action))).toEqual([rights("Role")]);
  });

  it("looks into lists and further documents, and at the manifests of manifests", () => {
    const role = manifestOf("rbac.authorization.k8s.io/v1", "Role");
    const list = `{ apiVersion: v1, kind: List, items: [${manifestOf("v1", "Service")}, ${role}] }`;
    const inner = JSON.stringify({
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Workflow",
      spec: { templates: [{ resource: { action: "create", manifest: role } }] },
    });

    expect(judged(resourceManifest, written(list))).toEqual([rights("Role", "manifest#items[1].kind")]);
    expect(judged(resourceManifest, written(`${manifestOf("v1", "Service")}\n---\n${role}`))).toEqual([
      rights("Role", "manifest#[1].kind"),
    ]);
    expect(judged(resourceManifest, written(inner))).toEqual([
      rights("Role", "manifest#spec.templates[0].resource.manifest#kind"),
    ]);
  });

  it.each([
    [4, 1],
    [5, 0],
  ])("looks into %d lists inside each other", (depth, findings) => {
    const nested = Array.from({ length: depth }).reduce<object>(
      (item) => ({ apiVersion: "v1", kind: "List", items: [item] }),
      { apiVersion: "rbac.authorization.k8s.io/v1", kind: "Role" },
    );

    expect(judged(resourceManifest, written(JSON.stringify(nested)))).toHaveLength(findings);
  });

  it.each([
    ["a variable as a whole", "{{inputs.parameters.object}}", "manifest#"],
    ["a variable kind", "{ apiVersion: v1, kind: '{{x}}' }", "manifest#"],
    ["a variable apiVersion", "{ apiVersion: '{{x}}', kind: Role }", "manifest#"],
    ["no kind", "{ apiVersion: v1 }", "manifest#"],
    ["a word", "Job", "manifest#"],
    ["an item without kind", "{ apiVersion: v1, kind: List, items: [{ apiVersion: v1 }] }", "manifest#items[0]"],
  ])("refuses a manifest with %s", (_case, manifest, path) => {
    expect(judged(resourceManifest, written(manifest))).toEqual([kindless(path)]);
    expect(judged(resourceManifest, written(manifest, "delete"))).toEqual([kindless(path)]);
  });

  it.each([
    ["a step beyond", "[{ op: add, path: /metadata/a }, { op: add, path: /spec/replicas, value: 2 }]"],
    ["a step at a place that begins alike", "[{ op: remove, path: /metadataOfOthers }]"],
    ["a step at a variable place", "[{ op: add, path: '{{x}}', value: 2 }]"],
    ["a step without place", "[{ op: add }]"],
    ["a number", "7"],
    ["a field beside", "{ metadata: {}, spec: { replicas: 2 } }"],
    ["a word", "Job"],
  ])("refuses to change by flags more than metadata, such as %s", (_case, manifest) => {
    expect(judged(resourceManifest, change(["deployment", "main"], manifest))).toEqual([
      `mandatory [ML-02] ${AT}.manifest# is a change of more than metadata in an object that flags name; allowed: a ` +
        "change of metadata, or an object that names its apiVersion and kind. Use the merge strategy `merge` with an " +
        "object that names its apiVersion, kind and name.",
    ]);
  });

  it.each([
    ["flags that name nothing", change(["--force"], "{ metadata: {} }")],
    ["another action", created({ flags: ["pod", "main"], manifest: "{ metadata: {} }" }, "apply")],
    ["a variable kind", change(["pod", "main"], "{ kind: '{{x}}' }")],
    ["nothing but a variable", change(["pod", "main"], "{{x}}")],
  ])("takes a manifest for an object beside %s", (_case, resource) => {
    expect(judged(resourceManifest, resource)).toEqual([kindless("manifest#")]);
  });

  it.each([
    [0, "role"],
    [0, "Roles"],
    [0, "clusterrole/main"],
    [0, "rolebindings.rbac.authorization.k8s.io"],
    [0, "roles.v1.rbac.authorization.k8s.io/main"],
    [1, "--force", "role"],
    [2, "-n", "ml", "role"],
  ])("refuses rights by the flag %d of those behind it", (index, ...flags) => {
    const told = (action: string) =>
      judged(resourceManifest, created({ flags: [...flags, "main"] }, action)).map((line) => line.split(";")[0]);

    for (const action of ["create", "patch", "replace"])
      expect(told(action)).toEqual([`mandatory [ML-02] ${AT}.flags[${index}] is "${flags[index]!}"`]);
  });

  it("knows how kubectl calls the kinds that configuration lists", () => {
    const told = (kind: string, flag: string) =>
      judged(resourceManifest, created({ flags: [flag, "main"] }), { kinds: [kind] });

    expect(told("networking.k8s.io/NetworkPolicy", "networkpolicies")).toEqual([
      `mandatory [ML-02] ${AT}.flags[0] is "networkpolicies"; allowed: a kind that gives no rights. Change it with the ` +
        "platform instead of from a workflow.",
    ]);
    expect(told("/Secret", "secret")).toHaveLength(1);
    expect(told("/Secret", "secretstore")).toEqual([]);
  });

  it("refuses text that is no YAML", () => {
    expect(judged(resourceManifest, written("kind: ["))).toEqual([
      `mandatory [ML-02] ${AT}.manifest is no YAML or JSON before its variables are filled in; allowed: objects with ` +
        "variables in their values only. Write the object out, with variables in its values only.",
    ]);
  });

  it("refuses a manifest that comes with the run", () => {
    expect(judged(resourceManifest, created({ manifestFrom: { artifact: { name: "job" } } }))).toEqual([
      `mandatory [ML-02] ${AT}.manifestFrom is an object that is known only when the workflow runs; allowed: a ` +
        "manifest in the template. Write the object in manifest, with variables in its values only.",
    ]);
    expect(judged(resourceManifest, created({ manifestFrom: null }))).toEqual([]);
  });

  it.each([
    "-f",
    "-k",
    "--filename",
    "--kustomize",
    "--filename=https://example.com/a",
    "-fhttps://example.com",
    "-f=",
  ])("refuses the flag %s", (flag) => {
    expect(judged(resourceManifest, created({ flags: ["--force", 1, flag] }))).toEqual([
      `mandatory [ML-02] ${AT}.flags[2] is a flag that names objects elsewhere; allowed: flags that name no file, page ` +
        "or folder. Write the object in manifest.",
    ]);
  });

  it("refuses the kinds that configuration lists", () => {
    const parameters = { kinds: ["/Secret"] };

    expect(judged(resourceManifest, written(manifestOf("v1", "Secret")), parameters)).toEqual([rights("Secret")]);
    expect(judged(resourceManifest, written(manifestOf("rbac.authorization.k8s.io/v1", "Role")), parameters)).toEqual(
      [],
    );
    for (const kinds of ["/Secret", ["a", 1]]) {
      expect(judged(resourceManifest, workflow(), { kinds })).toEqual([]);
      expect(resourceManifest.parameters.kinds.accepts(kinds)).toBe(false);
    }
  });

  it.each([
    ["the manifest", written(UNKNOWN_STRING), "spec.templates[0].resource.manifest"],
    ["the resource", workflow({ templates: [{ resource: UNKNOWN_STRING }] }), "spec.templates[0].resource"],
    ["the templates", workflow({ templates: UNKNOWN_STRING }), "spec.templates"],
    ["what is changed", change([UNKNOWN_STRING, "main"], STEP), "spec.templates[0].resource.flags[0]"],
  ])("leaves it to the update while %s is not known", (_case, resource, path) => {
    expect(judged(resourceManifest, resource)).toEqual([notKnown(resourceManifest, "Workflow ml/it", path)]);
  });
});
