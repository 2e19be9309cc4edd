import { describe, expect, it } from "vitest";
import { resourceManifest } from "../../../../policies/gpu-ml/ml/resource-manifest";
import { UNKNOWN_STRING } from "../../analyzer";
import { judged, notKnown, workflow } from "./objects";

const created = (resource: object, action: unknown = "create") =>
  workflow({ templates: [{ name: "main", resource: { action, ...resource } }] });
const written = (manifest: unknown, action?: unknown) => created({ manifest }, action);

const AT = "Workflow ml/it: spec.templates[0].resource";
const manifestOf = (apiVersion: string, kind: string) => `{ apiVersion: ${apiVersion}, kind: ${kind} }`;
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
  ])("leaves it to the update while %s is not known", (_case, resource, path) => {
    expect(judged(resourceManifest, resource)).toEqual([notKnown(resourceManifest, "Workflow ml/it", path)]);
  });
});
