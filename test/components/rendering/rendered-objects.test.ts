import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import {
  edit,
  type KubernetesObject,
  type PlatformFacts,
  RenderedObjects,
  type Rendering,
} from "../../../components/rendering";
import type { RenderCall } from "../../../components/rendering/source";
import { childList, type MockedProgram, type Registered, startMocks, valueOf } from "../../support/mocks";

const NAMESPACE = "widgets-system";

function object(apiVersion: string, kind: string, name: string, more: object = {}): KubernetesObject {
  return { apiVersion, kind, metadata: { name, namespace: NAMESPACE }, ...more };
}

const namespace: KubernetesObject = { apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } };
const type: KubernetesObject = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "widgets.example" },
  spec: { group: "example", scope: "Namespaced", names: { kind: "Widget" }, versions: [] },
};
const account = object("v1", "ServiceAccount", "controller");
const controller = object("apps/v1", "Deployment", "controller");
const service = object("v1", "Service", "webhook");
const webhook: KubernetesObject = {
  apiVersion: "admissionregistration.k8s.io/v1",
  kind: "MutatingWebhookConfiguration",
  metadata: { name: "widgets" },
  webhooks: [{ name: "w", clientConfig: { caBundle: "Cg==" } }],
};
const widget = object("example/v1", "Widget", "first");
const hook = object("batch/v1", "Job", "migrate");
hook.metadata.annotations = { "helm.sh/hook": "pre-upgrade" };

interface Given {
  objects: KubernetesObject[];
  facts?: PlatformFacts;
  rendering?: Partial<Rendering>;
  calls?: RenderCall[];
}

/** Registers what a chart gives, whatever it is asked. */
async function register({ objects, facts = {}, rendering = {}, calls = [] }: Given) {
  const program = await startMocks({
    render: (call) => {
      calls.push(call);
      return Promise.resolve({ result: objects });
    },
  });
  const parent = new pulumi.ComponentResource("test:index:Part", "part");
  const chart = { chart: "widgets", repository: "https://charts.example", version: "1.0.0" };
  const sources = [{ chart, release: "widgets", namespace: NAMESPACE }];
  const all = new RenderedObjects("part-objects", { sources, facts, namespace: NAMESPACE, ...rendering }, { parent });
  return { program, all };
}

async function annotationsOf(program: MockedProgram, name: string): Promise<unknown> {
  return ((await program.inputsOf(name))["metadata"] as { annotations?: unknown }).annotations;
}

describe("the objects of a chart", () => {
  const objects = [widget, webhook, hook, service, controller, account, type, namespace];

  it("are resources of their own under their component, in phases, hooks left out", async () => {
    const { program, all } = await register({ objects });
    expect(await valueOf(all.ready)).toBe(true);
    expect(childList(await program.resources()).slice(1)).toEqual([
      "mlstack:internal:RenderedObjects part-objects < part",
      "kubernetes:core/v1:Namespace part-objects-namespace-widgets-system < part-objects",
      "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition " +
        "part-objects-custom-resource-definition-widgets.example < part-objects",
      "kubernetes:core/v1:ServiceAccount part-objects-service-account-controller < part-objects",
      "kubernetes:core/v1:Service part-objects-service-webhook < part-objects",
      "kubernetes:apps/v1:Deployment part-objects-deployment-controller < part-objects",
      "kubernetes:admissionregistration.k8s.io/v1:MutatingWebhookConfiguration " +
        "part-objects-mutating-webhook-configuration-widgets < part-objects",
      "kubernetes:example/v1:Widget part-objects-widget-first < part-objects",
    ]);
  });

  it("tell of which version the sources are, by which upgrades are planned", async () => {
    const { program } = await register({ objects });
    expect(await program.inputsOf("part-objects")).toEqual({ versions: { widgets: "1.0.0" } });
  });

  it("wait for all of the phase before, and for nothing within their own", async () => {
    const { program } = await register({ objects: [...objects, object("v1", "ConfigMap", "settings")] });
    const waits = Object.fromEntries(
      (await program.resources()).map(({ name, dependsOn }) => [name.replace("part-objects-", ""), dependsOn]),
    );
    const own = (...names: string[]) => names.map((name) => `part-objects-${name}`);
    expect(waits).toMatchObject({
      "namespace-widgets-system": [],
      "custom-resource-definition-widgets.example": own("namespace-widgets-system"),
      "service-account-controller": own("custom-resource-definition-widgets.example"),
      "config-map-settings": own("custom-resource-definition-widgets.example"),
      "deployment-controller": own("config-map-settings", "service-account-controller"),
      "service-webhook": own("config-map-settings", "service-account-controller"),
      "mutating-webhook-configuration-widgets": own("deployment-controller", "service-webhook"),
      "widget-first": own("mutating-webhook-configuration-widgets"),
    });
  });

  it("wait for the last phase that has any", async () => {
    const { program } = await register({ objects: [widget, namespace] });
    const { dependsOn } = await program.resource("part-objects-widget-first");
    expect(dependsOn).toEqual(["part-objects-namespace-widgets-system"]);
  });

  it("are named with their namespace where it is another one", async () => {
    const elsewhere = object("rbac.authorization.k8s.io/v1", "RoleBinding", "reader");
    elsewhere.metadata.namespace = "kube-system";
    const { program } = await register({ objects: [elsewhere] });
    expect((await program.resource("part-objects-role-binding-kube-system-reader")).type).toBe(
      "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding",
    );
  });

  it("are changed by the part after hooks are gone", async () => {
    const seen: string[] = [];
    const adjust = (given: KubernetesObject[]) => {
      seen.push(...given.map(({ kind }) => kind));
      return edit("ServiceAccount", "controller", (each) => {
        each["automountServiceAccountToken"] = false;
      })(given);
    };
    const { program } = await register({ objects: [hook, account], rendering: { adjust } });
    expect(seen).toEqual([]);
    expect(await program.inputsOf("part-objects-service-account-controller")).toMatchObject({
      automountServiceAccountToken: false,
    });
    expect(seen).toEqual(["ServiceAccount"]);
  });

  it("make what depends on the component wait for all of them", async () => {
    const { program, all } = await register({ objects: [account, widget] });
    new (class extends pulumi.CustomResource {
      constructor() {
        super("test:index:Later", "later", {}, { dependsOn: [all] });
      }
    })();
    expect((await program.resource("later")).dependsOn).toEqual([
      "part-objects-service-account-controller",
      "part-objects-widget-first",
    ]);
  });
});

describe("resource types", () => {
  const retained = (resources: Registered[]) => resources.filter((each) => each.retainOnDelete).map(({ name }) => name);

  it("stay when the part goes, and they alone", async () => {
    const { program } = await register({ objects: [type, account, widget] });
    expect(retained(await program.resources())).toEqual(["part-objects-custom-resource-definition-widgets.example"]);
  });

  it("are there once they are established", async () => {
    const { program } = await register({ objects: [type] });
    expect(await annotationsOf(program, "part-objects-custom-resource-definition-widgets.example")).toEqual({
      "pulumi.com/waitFor": "condition=Established",
    });
  });
});

describe("what is waited for", () => {
  const webhookName = "part-objects-mutating-webhook-configuration-widgets";

  it("is the certificate of a webhook, which its controller writes, and pods behind a Service", async () => {
    const { program } = await register({ objects: [webhook, service] });
    expect(await annotationsOf(program, webhookName)).toEqual({
      "pulumi.com/waitFor": "jsonpath={.webhooks[0].clientConfig.caBundle}",
    });
    expect((await program.inputsOf(webhookName))["webhooks"]).toEqual([{ name: "w", clientConfig: {} }]);
    expect(await annotationsOf(program, "part-objects-service-webhook")).toBeUndefined();
  });

  it("is neither where nodes are simulated: there are no webhooks, and nobody is behind a Service", async () => {
    const annotated = structuredClone(service);
    annotated.metadata.annotations = { own: "kept" };
    const { program } = await register({ objects: [webhook, annotated], facts: { simulated: true } });
    expect((await program.resources()).map(({ name }) => name)).not.toContain(webhookName);
    expect(await annotationsOf(program, "part-objects-service-webhook")).toEqual({
      own: "kept",
      "pulumi.com/skipAwait": "true",
    });
  });
});

describe("controllers that run beside simulated nodes", () => {
  it("keep their webhooks, whose certificates are waited for, and whose Services nobody watches", async () => {
    const facts = { simulated: true, runsControllers: true };
    const { program } = await register({ objects: [webhook, service], facts });
    expect(await annotationsOf(program, "part-objects-mutating-webhook-configuration-widgets")).toEqual({
      "pulumi.com/waitFor": "jsonpath={.webhooks[0].clientConfig.caBundle}",
    });
    expect(await annotationsOf(program, "part-objects-service-webhook")).toEqual({ "pulumi.com/skipAwait": "true" });
  });
});

describe("Secrets", () => {
  it("arrive as secrets", async () => {
    const secret = object("v1", "Secret", "keys", { type: "Opaque", data: { a: "eA==" }, stringData: { b: "y" } });
    const { program } = await register({ objects: [secret] });
    const { secretInputs, inputs } = await program.resource("part-objects-secret-keys");
    expect(secretInputs.sort()).toEqual(["data", "stringData"]);
    expect(inputs).toMatchObject({ type: "Opaque", data: { a: "eA==" }, stringData: { b: "y" } });
  });

  it.each([{}, { data: {} }, { data: null, stringData: {} }])(
    "that are empty at first (%j) are left to the controller that fills them",
    async (more) => {
      const { program } = await register({ objects: [object("v1", "Secret", "keys", more)] });
      const { inputs, secretInputs } = await program.resource("part-objects-secret-keys");
      expect(Object.keys(inputs).sort()).toEqual(["apiVersion", "kind", "metadata"]);
      expect(secretInputs).toEqual([]);
    },
  );
});

describe("outputs among the values of a chart", () => {
  it("are marks for the chart, and themselves in its objects", async () => {
    const calls: RenderCall[] = [];
    const { program } = await register({
      objects: [
        object("v1", "ConfigMap", "settings", { data: { host: "mlstack-output-0-", url: "s3://mlstack-output-0-/x" } }),
      ],
      calls,
      rendering: {
        sources: [
          {
            chart: { chart: "oci://registry.example/widgets", version: "1.0.0" },
            release: "widgets",
            namespace: NAMESPACE,
            values: { host: pulumi.output("lab") },
          },
        ],
      },
    });
    expect(await program.inputsOf("part-objects-config-map-settings")).toMatchObject({
      data: { host: "lab", url: "s3://lab/x" },
    });
    expect(JSON.parse(calls[0]!.args["jsonOpts"] as string)).toMatchObject({ values: { host: "mlstack-output-0-" } });
  });
});
