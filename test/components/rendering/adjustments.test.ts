import { describe, expect, it } from "vitest";
import {
  edit,
  inTurn,
  isHook,
  type KubernetesObject,
  without,
  withoutCallbacks,
  withoutHooks,
  withoutKinds,
  withoutRuntimeFields,
} from "../../../components/rendering";

function object(kind: string, name: string, more: object = {}): KubernetesObject {
  return { apiVersion: "v1", kind, metadata: { name }, ...more };
}

const names = (objects: KubernetesObject[]) => objects.map(({ metadata }) => metadata.name);

describe("leaving out", () => {
  const objects = [object("Service", "a"), object("Secret", "b"), object("ConfigMap", "c")];

  it("leaves out what a test says, and whole kinds", () => {
    expect(names(without(({ metadata }) => metadata.name === "a")(objects))).toEqual(["b", "c"]);
    expect(names(withoutKinds("Service", "ConfigMap")(objects))).toEqual(["b"]);
  });

  it.each(["pre-install", "post-delete", "test", ""])("leaves out what has the hook %j", (hook) => {
    const job = object("Job", "migrate");
    job.metadata.annotations = { "helm.sh/hook": hook };
    expect(isHook(job)).toBe(true);
    expect(names(withoutHooks([job, ...objects]))).toEqual(["a", "b", "c"]);
  });
});

describe("edit", () => {
  const objects = [object("Service", "a"), object("Service", "b"), object("Secret", "a")];
  const mark = (each: KubernetesObject) => {
    each["spec"] = { marked: true };
  };
  const marked = (after: KubernetesObject[]) =>
    after.flatMap((each, index) => (each["spec"] === undefined ? [] : [index]));

  it("changes the one object of a kind and name", () => {
    expect(marked(edit("Service", "b", mark)(objects))).toEqual([1]);
  });

  it("changes every object of a kind where no name is given", () => {
    expect(marked(edit("Service", undefined, mark)(objects))).toEqual([0, 1]);
  });

  it("leaves what it was given as it was", () => {
    edit("Service", undefined, mark)(objects);
    expect(marked(objects)).toEqual([]);
  });
});

it("inTurn gives each adjustment what the one before made, and without any changes nothing", () => {
  const renamed = (suffix: string) =>
    edit("Service", undefined, ({ metadata }) => {
      metadata.name += suffix;
    });
  expect(names(inTurn(renamed("-1"), renamed("-2"))([object("Service", "a")]))).toEqual(["a-1-2"]);
  const objects = [object("Service", "a")];
  expect(inTurn()(objects)).toBe(objects);
});

describe("withoutCallbacks", () => {
  const type = (strategy: string) =>
    object("CustomResourceDefinition", strategy, { spec: { conversion: { strategy } } });

  it("leaves out what makes the API server ask a controller", () => {
    const kinds = ["ValidatingWebhookConfiguration", "MutatingWebhookConfiguration", "APIService", "Deployment"];
    expect(names(withoutCallbacks(kinds.map((kind) => object(kind, kind))))).toEqual(["Deployment"]);
  });

  it("makes types convert without a webhook, and leaves other conversions alone", () => {
    const [webhook, none] = withoutCallbacks([type("Webhook"), type("None")]);
    expect(webhook!["spec"]).toEqual({});
    expect(none!["spec"]).toEqual({ conversion: { strategy: "None" } });
  });
});

describe("withoutRuntimeFields", () => {
  it("drops status and the time of creation, which only a cluster writes", () => {
    const type = object("CustomResourceDefinition", "a", { status: { conditions: [] }, spec: {} });
    Object.assign(type.metadata, { creationTimestamp: null });
    expect(withoutRuntimeFields([type])).toEqual([object("CustomResourceDefinition", "a", { spec: {} })]);
  });

  it.each(["", "\n", "Cg=="])("drops the certificate %j, which a controller fills in", (caBundle) => {
    const webhook = { name: "w", clientConfig: { caBundle, service: { name: "s" } } };
    const [after] = withoutRuntimeFields([object("MutatingWebhookConfiguration", "a", { webhooks: [webhook] })]);
    expect(after!["webhooks"]).toEqual([{ name: "w", clientConfig: { service: { name: "s" } } }]);
    expect(webhook.clientConfig.caBundle).toBe(caBundle);
  });

  it("keeps a certificate that a chart made", () => {
    const webhooks = [{ name: "w", clientConfig: { caBundle: "LS0tLS1CRUdJTg==" } }, { name: "without" }];
    const [after] = withoutRuntimeFields([object("ValidatingWebhookConfiguration", "a", { webhooks })]);
    expect(after!["webhooks"]).toEqual(webhooks);
  });
});
