import { childAt, isTreeObject, isUnknown, joinPaths, stringAt, type Tree } from "../../../components/model";
import { textList } from "../../engine/parameters";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";
import { judgeFlags, targetsIn, type Target } from "./kubectl-flags";
import { documentsOf, itemsOf, kindOf } from "./nested-objects";
import { templatesOf, unknownTemplatesOf, workflowsOf, type Place } from "./workflow";

const kinds = textList("a list of the kinds, as group and kind, that no workflow may create or change", [
  "rbac.authorization.k8s.io/Role",
  "rbac.authorization.k8s.io/RoleBinding",
  "rbac.authorization.k8s.io/ClusterRole",
  "rbac.authorization.k8s.io/ClusterRoleBinding",
  "certificates.k8s.io/CertificateSigningRequest",
  "admissionregistration.k8s.io/MutatingWebhookConfiguration",
  "admissionregistration.k8s.io/ValidatingWebhookConfiguration",
  "apiregistration.k8s.io/APIService",
]);

/**
 * ML-02: what a workflow creates is written in its template, and gives nobody rights. Rules about pods judge those of
 * the objects in manifests.
 *
 * @see https://argo-workflows.readthedocs.io/en/release-4.1/fields/ "ResourceTemplate"
 */
export const resourceManifest: ResourceRule<{ kinds: string[] }> = {
  id: "ML-02",
  title: "Workflows create objects that can be read and give no rights",
  why: "A manifest is text to every other check, so a workflow may create any object with the rights it runs with.",
  remediation:
    "Write the whole object in `manifest`, with variables in its values only, and leave rights to the platform.",
  url: "https://argo-workflows.readthedocs.io/en/latest/fields/#resourcetemplate",
  severity: "high",
  level: "mandatory",
  family: "ml",
  parameters: { kinds },
  examples: {
    bad: `
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: { name: train, namespace: ml }
spec:
  entrypoint: main
  templates:
    - name: main
      resource: { action: create, manifest: "{{workflow.parameters.object}}" }
`,
    good: `
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: { name: train, namespace: ml }
spec:
  entrypoint: main
  templates:
    - name: main
      resource:
        action: create
        manifest: |
          apiVersion: v1
          kind: ConfigMap
          metadata: { generateName: result- }
          data: { loss: "{{workflow.parameters.loss}}" }
`,
  },
  *judge(subject, parameters) {
    for (const path of unknownTemplatesOf(subject)) yield undecided(path);
    for (const template of workflowsOf(subject).flatMap(templatesOf)) {
      const place: Place = { path: joinPaths(template.path, "resource"), tree: childAt(template.tree, "resource") };
      yield* judgeResource(place, parameters.kinds);
    }
  },
};

function* judgeResource({ path, tree }: Place, refused: string[]): Iterable<Judgement> {
  if (isUnknown(tree)) yield undecided(path);
  const action = childAt(tree, "action");
  if (!isTreeObject(tree) || action === "get") return;
  const manifest = tree.manifest;
  if (isTreeObject(tree.manifestFrom)) {
    yield {
      path: `${path}.manifestFrom`,
      observed: "an object that is known only when the workflow runs",
      allowed: "a manifest in the template",
      remedy: "Write the object in manifest, with variables in its values only.",
    };
  }
  const given = action === "delete" ? [] : refused;
  yield* judgeFlags(tree, path, given);
  if (isUnknown(manifest)) yield undecided(`${path}.manifest`);
  if (typeof manifest !== "string" || manifest.trim() === "") return;
  const documents = documentsOf(manifest, `${path}.manifest`);
  if (documents.length === 0) {
    yield {
      path: `${path}.manifest`,
      observed: "no YAML or JSON before its variables are filled in",
      allowed: "objects with variables in their values only",
      remedy: "Write the object out, with variables in its values only.",
    };
  }
  for (const document of documents.flatMap((one) => itemsOf(one))) {
    const isPatch = action === "patch" && childAt(document.tree, "kind") === undefined;
    const target = isPatch ? targetsIn(tree).at(-1) : undefined;
    yield* target === undefined ? judgeDocument(document, given) : judgePatch(document, target, path);
  }
}

/**
 * Judges the change of an object that flags name. No rule about pods reads such a change, so it is for metadata.
 *
 * @see https://github.com/argoproj/argo-workflows/blob/v4.0.5/workflow/executor/resource.go "kubectl patch <kind> <name>"
 */
function* judgePatch({ path, tree }: Place, target: Target, resource: string): Iterable<Judgement> {
  if (isUnknown(target.word)) {
    yield undecided(`${resource}.flags[${target.index}]`);
  } else if (!isOfMetadata(tree)) {
    yield {
      path,
      observed: "a change of more than metadata in an object that flags name",
      allowed: "a change of metadata, or an object that names its apiVersion and kind",
      remedy: "Use the merge strategy `merge` with an object that names its apiVersion, kind and name.",
    };
  }
}

function isOfMetadata(patch: Tree): boolean {
  if (Array.isArray(patch)) return patch.every((step) => /^\/metadata(\/|$)/.test(stringAt(step, "path") ?? ""));
  return isTreeObject(patch) && Object.keys(patch).every((field) => field === "metadata");
}

function* judgeDocument({ path, tree }: Place, refused: string[]): Iterable<Judgement> {
  const kind = kindOf(tree);
  if (kind === undefined) {
    yield {
      path,
      observed: "an object without a kind that is known before the workflow runs",
      allowed: "an object that names its apiVersion and kind",
      remedy: "Write apiVersion and kind out; use one template for each kind.",
    };
  } else if (refused.includes(kind)) {
    yield {
      path: joinPaths(path, "kind"),
      observed: JSON.stringify(stringAt(tree, "kind")),
      allowed: "a kind that gives no rights",
      remedy: "Create it with the platform instead of from a workflow.",
    };
  }
}
