import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import {
  cronTaskManifest,
  notebookManifests,
  scheduledSparkJobManifest,
  webServiceManifests,
} from "../../../../components/workloads";
import { resourceKinds } from "../../../../components/workloads/workflows/argo/resource-kinds";
import { resourceRules } from "../../../../components/workloads/workflows/argo/rights";
import {
  cronWorkflowManifest,
  numberVariable,
  param,
  resourceStep,
  validateWorkflow,
  type WorkflowArgs,
  workflowDefinition,
  workflowManifest,
  workflowObjects,
  workflowTemplateManifest,
} from "../../../../components/workloads/workflows";
import { valueOf } from "../../../support/mocks";
import { upstreamFolder } from "../../../support/platform-mirror";
import { definitions } from "./steps";

interface Resource {
  action: string;
  manifest: string | pulumi.Output<string>;
  setOwnerReference?: boolean;
  successCondition?: string;
  failureCondition?: string;
}

interface Template {
  name: string;
  resource?: Resource;
  [field: string]: unknown;
}

const templatesOf = (args: WorkflowArgs) =>
  (workflowManifest("refit", args).spec as { templates: Template[] }).templates;

const resourceOf = (step: Parameters<typeof workflowDefinition>[0], name: string): Resource =>
  templatesOf({ definition: workflowDefinition(step) }).find((template) => template.name === name)!.resource!;

const proxy = (spec: object) => ({ apiVersion: "acme.com/v1", kind: "Proxy", metadata: { name: "proxy" }, spec });

describe("the manifest of a step that creates an object", () => {
  it("gets a random end behind its name, and belongs to the run", () => {
    const step = resourceStep("proxy", { successCondition: "status.ready == true", manifest: () => proxy({}) });
    const { action, setOwnerReference, manifest } = resourceOf(step, "proxy");
    expect({ action, setOwnerReference }).toEqual({ action: "create", setOwnerReference: true });
    expect(parse(manifest as string)).toMatchObject({ metadata: { generateName: "proxy-" } });
    expect(parse(manifest as string)).not.toHaveProperty("metadata.name");
  });

  it("keeps its name where it is applied, and stays when the run is deleted", () => {
    const step = resourceStep("proxy", { verb: "apply", successCondition: "", manifest: () => proxy({}) });
    const resource = resourceOf(step, "proxy");
    expect(resource).not.toHaveProperty("setOwnerReference");
    expect(resource).not.toHaveProperty("successCondition");
    expect(parse(resource.manifest as string)).toEqual(proxy({}));
  });

  it("quotes what variables hold, so that no value is read as YAML", () => {
    const step = resourceStep("proxy", {
      inputs: { day: param.string(), "max-depth": param.number() },
      successCondition: "",
      manifest: ({ inputs }) => proxy({ args: [`--day=${inputs.day}`, inputs["max-depth"]] }),
    });
    expect(resourceOf(step, "proxy").manifest).toContain(
      [
        '    - "--day={{=toJson(inputs.parameters.day)[1:-1]}}"',
        "    - \"{{=toJson(inputs.parameters['max-depth'])[1:-1]}}\"",
      ].join("\n"),
    );
  });

  it("has no key that YAML 1.1 reads as something else", () => {
    const spec = { n: "a", y: "b", on: "c", No: "d", "1": "e", "1e3": "f", null: "g", "~": "h", plain: "i" };
    const step = resourceStep("proxy", { verb: "apply", successCondition: "", manifest: () => proxy(spec) });
    const { manifest } = resourceOf(step, "proxy");
    expect(parse(manifest as string, { version: "1.1" })).toEqual(proxy(spec));
    expect(manifest).toContain('  plain: "i"');
  });

  it("takes numbers from inputs without quotes", () => {
    const step = resourceStep("proxy", {
      inputs: { count: param.number() },
      successCondition: "",
      manifest: () => proxy({ replicas: numberVariable("count") }),
    });
    expect(resourceOf(step, "proxy").manifest).toContain("  replicas: {{=asInt(inputs.parameters['count'])}}\n");
  });

  it("has all texts in quotes, as some are no texts in the YAML that Argo reads", () => {
    const step = resourceStep("proxy", {
      successCondition: "",
      manifest: () => proxy({ answers: ["n", "on", "0777"] }),
    });
    expect(resourceOf(step, "proxy").manifest).toContain('  answers:\n    - "n"\n    - "on"\n    - "0777"\n');
  });

  it("is an output of Pulumi where a leaf of it is one", async () => {
    const image = pulumi.output("ghcr.io/acme/proxy:1.0.0");
    const step = resourceStep("proxy", { successCondition: "", manifest: () => proxy({ image }) });
    const text = await valueOf(resourceOf(step, "proxy").manifest as pulumi.Output<string>);
    expect(parse(text)).toMatchObject({ spec: { image: "ghcr.io/acme/proxy:1.0.0" } });
  });
});

describe("a step whose kind is there to stay", () => {
  const image = "ghcr.io/acme/demand:1.4.0";
  const pod = { image, command: ["python", "-m", "demand"] };
  const name = "demand";
  const schedules = ["@daily"];
  const definition = definitions.minimal;
  const job = { image, sparkVersion: "4.0.1", mainFile: "local:///opt/a.py", executor: { replicas: 1 } };
  const ready = "status.readyReplicas > 0,!status.unavailableReplicas";
  const kinds: [kind: string, manifest: object, plural: string, success?: string][] = [
    ["Deployment", webServiceManifests(name, { image }).deployment, "apps deployments", ready],
    ["CronJob", cronTaskManifest(name, { schedule: "@daily", job: pod }), "batch cronjobs"],
    ["CronWorkflow", cronWorkflowManifest(name, { definition, schedules }), "argoproj.io cronworkflows"],
    ["WorkflowTemplate", workflowTemplateManifest(name, { definition }), "argoproj.io workflowtemplates"],
    [
      "ScheduledSparkApplication",
      scheduledSparkJobManifest(name, { ...job, schedule: "@daily" }),
      "sparkoperator.k8s.io scheduledsparkapplications",
    ],
    ["Notebook", notebookManifests(name, { image }).notebook, "kubeflow.org notebooks"],
    [
      "Tensorboard",
      { apiVersion: "tensorboard.kubeflow.org/v1alpha1", kind: "Tensorboard", metadata: { name }, spec: {} },
      "tensorboard.kubeflow.org tensorboards",
    ],
  ];

  it.each(kinds)("%s is applied under its own name, and waited for only where it tells", (kind, ...rest) => {
    const [manifest, plural, success] = rest;
    const step = workflowDefinition(resourceStep("step", { manifest: () => manifest }));
    expect(validateWorkflow("refit", { definition: step })).toEqual([]);
    const { resource } = templatesOf({ definition: step }).find(({ name: template }) => template === "step")!;
    expect(parse(resource!.manifest as string)).toMatchObject({ kind, metadata: { name } });
    expect(resource).toEqual({
      action: "apply",
      manifest: resource!.manifest,
      ...(success !== undefined && { successCondition: success }),
    });
    const [apiGroup, resources] = plural.split(" ");
    expect(resourceRules(step.templates)).toEqual([
      { apiGroups: [apiGroup], resources: [resources], verbs: ["create", "get", "patch"] },
    ]);
  });

  it.each([
    ["batch/v1", "CronJob", 52],
    ["argoproj.io/v1alpha1", "CronWorkflow", 52],
    ["sparkoperator.k8s.io/v1beta2", "ScheduledSparkApplication", 40],
    ["kubeflow.org/v1", "Notebook", 52],
    ["tensorboard.kubeflow.org/v1alpha1", "Tensorboard", 58],
  ])("a %s %s leaves room in its name for what its controller adds", (apiVersion, kind, longest) => {
    const reasonsOf = (length: number) => {
      const manifest = { apiVersion, kind, metadata: { name: "x".repeat(length) } };
      const definition = workflowDefinition(resourceStep("step", { manifest: () => manifest }));
      return validateWorkflow("refit", { definition }).map(({ reason }) => reason);
    };
    expect(reasonsOf(longest)).toEqual([]);
    expect(reasonsOf(longest + 1)).toEqual([
      `definition.templates[0].resource.manifest.metadata.name is "${"x".repeat(longest + 1)}"; ` +
        `allowed: at most ${longest} characters for a ${kind}. Shorten it.`,
    ]);
  });
});

describe("a step whose kind has its state in another object", () => {
  const args = { definition: definitions.release, parameters: { day: "2026-01-01" } };
  const templates = templatesOf(args).filter(({ name }) => name.startsWith("distributed"));

  it("creates its own, waits for the other, then reads the outputs", () => {
    expect(templates.map(({ name, resource }) => `${name} ${resource?.action ?? "steps"}`)).toEqual([
      "distributed steps",
      "distributed-create create",
      "distributed-wait get",
      "distributed-read get",
    ]);
    const [whole, , wait] = templates;
    expect(whole).toMatchObject({
      steps: [[{ name: "create" }], [{ name: "wait" }], [{ name: "read" }]],
      synchronization: { mutexes: [{ name: "cluster" }] },
    });
    expect(wait!.resource).toMatchObject({
      successCondition: "status.terminalState == Completed",
      failureCondition: "status.terminalState == Failed",
    });
    expect(parse(wait!.resource!.manifest as string)).toEqual({
      apiVersion: "jobset.x-k8s.io/v1alpha2",
      kind: "JobSet",
      metadata: { name: "{{=toJson(inputs.parameters['object-name'])[1:-1]}}" },
    });
  });
});

describe("rights of a workflow", () => {
  const rulesOf = (args: WorkflowArgs, name: string) => {
    const objects = workflowObjects("refit", args, workflowManifest("refit", args)) as {
      kind: string;
      metadata: { name: string };
      rules: object;
    }[];
    return objects.find(({ kind, metadata }) => kind === "Role" && metadata.name === name)?.rules;
  };
  const reporting = { apiGroups: ["argoproj.io"], resources: ["workflowtaskresults"], verbs: ["create", "patch"] };

  it("are to report results, and nothing else, where programs run", () => {
    expect(rulesOf({ definition: definitions.trials, parameters: { day: "" } }, "refit")).toEqual([reporting]);
    expect(rulesOf({ definition: definitions.release, parameters: { day: "" } }, "refit")).toEqual([reporting]);
  });

  it("are to the kinds that steps create, where only Argo's own program runs", () => {
    expect(rulesOf({ definition: definitions.release, parameters: { day: "" } }, "refit-resources")).toEqual([
      reporting,
      { apiGroups: ["batch"], resources: ["jobs"], verbs: ["create", "get"] },
      { apiGroups: ["jobset.x-k8s.io"], resources: ["jobsets"], verbs: ["get"] },
      { apiGroups: ["trainer.kubeflow.org"], resources: ["trainjobs"], verbs: ["create", "get"] },
    ]);
  });

  it("name kinds that are not known by their plural, guessed or given", () => {
    const step = resourceStep("policy", {
      verb: "apply",
      successCondition: "",
      manifest: () => ({ apiVersion: "acme.com/v1", kind: "Policy", metadata: { name: "policy" } }),
    });
    const given = { ...step.body, resource: { ...step.body.resource!, resources: "policyset" } };
    const definition = (body: object) => ({ entrypoint: "policy", templates: [{ name: "policy", ...body }] });
    const rule = (resources: string) => ({
      apiGroups: ["acme.com"],
      resources: [resources],
      verbs: ["create", "get", "patch"],
    });
    expect(rulesOf({ definition: definition(step.body) }, "refit-resources")).toContainEqual(rule("policies"));
    expect(rulesOf({ definition: definition(given) }, "refit-resources")).toContainEqual(rule("policyset"));
  });

  it("include the deletion of artifacts only where these are deleted", () => {
    const args: WorkflowArgs = { definition: definitions.minimal, artifactCleanup: "OnWorkflowDeletion" };
    expect(rulesOf(args, "refit")).toEqual([
      reporting,
      { apiGroups: ["argoproj.io"], resources: ["workflowartifactgctasks"], verbs: ["list", "watch"] },
      { apiGroups: ["argoproj.io"], resources: ["workflowartifactgctasks/status"], verbs: ["patch"] },
    ]);
  });

  it("are bound to accounts that are given, and to those of steps", () => {
    const args: WorkflowArgs = { definition: structuredClone(definitions.release), parameters: { day: "" } };
    args.definition!.templates[1]!.container!.serviceAccountName = "lake";
    const given = { ...args, serviceAccountName: "demand", resourceServiceAccountName: "launcher" };
    const told = (of: WorkflowArgs) =>
      (
        workflowObjects("refit", of, workflowManifest("refit", of), "ml") as {
          kind: string;
          metadata: { name: string };
          subjects?: { name: string; namespace: string }[];
        }[]
      ).map(({ kind, metadata, subjects = [] }) =>
        [kind, metadata.name, ...subjects.map(({ name, namespace }) => `${namespace}/${name}`)].join(" "),
      );
    expect(told(args)).toEqual([
      "ServiceAccount refit",
      "ServiceAccount refit-resources",
      "Role refit",
      "Role refit-resources",
      "RoleBinding refit ml/refit ml/lake",
      "RoleBinding refit-resources ml/refit-resources",
      "Workflow refit",
    ]);
    expect(told(given)).toEqual([
      "Role refit",
      "Role refit-resources",
      "RoleBinding refit ml/demand ml/lake",
      "RoleBinding refit-resources ml/launcher",
      "Workflow refit",
    ]);
    expect(told({ ...given, createsRights: false })).toEqual(["Workflow refit"]);
  });
});

const folders = [
  "jobset",
  "trainer",
  "training-operator-v1",
  "mpi-operator",
  "spark-operator",
  "kserve",
  "notebooks",
  "argo-workflows",
];
const crdFiles = folders.flatMap((folder) => filesIn(join(upstreamFolder, folder, "crds")));

function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".yaml"))
    .map((entry) => join(entry.parentPath, entry.name));
}

interface Crd {
  spec?: {
    group: string;
    names: { kind: string; plural: string };
    versions: { schema: { openAPIV3Schema: Schema } }[];
  };
}

interface Schema {
  properties?: Record<string, Schema>;
  items?: Schema;
  "x-kubernetes-preserve-unknown-fields"?: boolean;
}

/** Needs upstream's types beside the checkout, some of which no Go module carries. */
describe.skipIf(crdFiles.length === 0)("the kinds that are known", () => {
  const crds = crdFiles
    .filter((file) => !file.includes("/minimal/"))
    .flatMap((file) => parseAllDocuments(readFileSync(file, "utf8")).map((document) => document.toJS() as Crd | null))
    .filter((crd): crd is Required<Crd> => crd?.spec !== undefined);

  // Kinds of Kubernetes have no CRD, Experiments one without fields, and those of Ray are not at hand.
  const withFields = resourceKinds().filter(
    ({ group, kind }) => !["apps", "batch", "ray.io"].includes(group) && kind !== "Experiment",
  );

  it.each(withFields.map((kind) => [kind.kind, kind] as const))("%s has the fields that are waited for", (_, known) => {
    const awaited = known.awaits ?? { apiVersion: `${known.group}/`, kind: known.kind, resources: known.resources };
    const group = awaited.apiVersion.split("/")[0];
    const found = crds.filter((crd) => crd.spec.group === group && crd.spec.names.kind === awaited.kind);
    if (["PaddleJob", "JAXJob", "XGBoostJob"].includes(known.kind) && found.length === 0) return;
    expect(found.length, `${group} ${awaited.kind}`).toBeGreaterThan(0);
    expect(found[0]?.spec.names.plural).toBe(awaited.resources);
    const schemas = found.flatMap((crd) => crd.spec.versions.map(({ schema }) => schema.openAPIV3Schema));
    const fields = [known.success ?? "", known.failure ?? ""].join(",").match(/status\.[\w.]+/g) ?? [];
    for (const field of new Set(fields))
      expect(
        schemas.some((schema) => hasField(schema, field.split("."))),
        field,
      ).toBe(true);
  });

  function hasField(schema: Schema | undefined, [key, ...rest]: string[]): boolean {
    if (key === undefined) return true;
    if (schema === undefined) return false;
    if (schema["x-kubernetes-preserve-unknown-fields"] === true) return true;
    return hasField(/^\d+$/.test(key) ? schema.items : schema.properties?.[key], rest);
  }
});
