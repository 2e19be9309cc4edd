import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { destroyOrder } from "../../../cli/teardown/order";
import { checkoutRoot } from "../../../rehearsal/checkout";
import type { JournalEntry } from "../../../rehearsal/stand-ins/journal";
import { StandInStack } from "../../support/stand-ins";

/**
 * A platform as `MlPlatform` builds one, with the components' own machinery: parts with a namespace and rendered objects of
 * every phase, one of them after another, and a tenant after both. Only the charts are made up. No child says anything of
 * what its component depends on.
 */
const program = `
const rendering = ${JSON.stringify(join(checkoutRoot(), "bin", "components", "rendering"))};
const { RenderedObjects } = require(rendering);
require(rendering + "/render.js").render = async ({ part }) => chartOf(part);
const object = (apiVersion, kind, name, spec) => ({ apiVersion, kind, metadata: { name }, ...(spec && { spec }) });
const matchLabels = { app: "it" };
const template = { metadata: { labels: matchLabels }, spec: { containers: [{ name: "main" }] } };
const versions = [{ name: "v1", served: true, storage: true }];
const chartOf = (part) => [
  object("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", part),
  object("example.com/v1", "Setting", part),
  object("apps/v1", "Deployment", part, { selector: { matchLabels }, template }),
  object("v1", "ConfigMap", part),
  object("apiextensions.k8s.io/v1", "CustomResourceDefinition", "settings." + part,
    { group: part, scope: "Cluster", names: { kind: "Setting", plural: "settings" }, versions }),
];
class Part extends pulumi.ComponentResource {
  constructor(name, opts) {
    super("mlstack:index:Part", name, {}, opts);
    const dependsOn = [new k8s.core.v1.Namespace(name + "-namespace", {}, { parent: this })];
    const source = { sources: [{ part: name, chart: { chart: name, version: "1.0.0" } }], facts: { fullTypes: true }, namespace: name };
    this.ready = new RenderedObjects(name, source, { parent: this, dependsOn }).ready;
    this.registerOutputs({ ready: this.ready });
  }
}
class Platform extends pulumi.ComponentResource {
  constructor(opts) {
    super("mlstack:index:MlPlatform", "platform", {}, opts);
    const kueue = new Part("kueue", { parent: this });
    const trainer = new Part("trainer", { parent: this });
    const queues = new Part("queues", { parent: this, dependsOn: [kueue] });
    const parts = { parent: this, dependsOn: [kueue, queues, trainer] };
    const tenant = new pulumi.ComponentResource("mlstack:index:Tenant", "tenant", {}, parts);
    new k8s.core.v1.Namespace("tenant-namespace", {}, { parent: tenant });
    const queue = object("example.com/v1", "LocalQueue", "q");
    new k8s.apiextensions.CustomResource("tenant-queue", queue, { parent: tenant });
    this.registerOutputs();
  }
}
new Platform({ dependsOn: [new k8s.core.v1.Namespace("ground", {})] });
`;

/** Names of the resources of one part, in the order in which they have to go. */
const partInOrder = (part: string) => [
  `${part}-setting-${part}`,
  `${part}-validating-webhook-configuration-${part}`,
  `${part}-deployment-${part}`,
  `${part}-config-map-${part}`,
  `${part}-namespace`,
];

/** With the real engine, against the stand-in for Kubernetes, which notes when each deletion began and ended. */
describe("the parts of a platform, destroyed by the real engine", { timeout: 120_000 }, () => {
  let stack: StandInStack;
  let deletions: JournalEntry[];
  let foretold: string[];
  beforeAll(async () => {
    stack = await StandInStack.ofProgram(program, {});
    const { code, output } = await stack.up();
    expect(code, output).toBe(0);
    await stack.journal();
    foretold = destroyOrder(await stack.resources()).map(({ resource }) => resource.urn.split("::").at(-1)!);
    const destroyed = await stack.destroy();
    expect(destroyed.code, destroyed.output).toBe(0);
    deletions = await stack.journal();
  }, 240_000);
  afterAll(() => stack.remove());

  const deletionOf = (name: string): JournalEntry => {
    const found = deletions.find((entry) => entry.name === name);
    expect(found, name).toBeDefined();
    return found!;
  };

  it.each(["kueue", "trainer", "queues"])(
    "go phase by phase within %s: custom resources, then webhooks, then their controller",
    (part) => {
      const names = partInOrder(part);
      names.slice(1).forEach((name, index) => {
        expect(deletionOf(names[index]!).ended, name).toBeLessThanOrEqual(deletionOf(name).started);
      });
      expect(foretold.filter((name) => names.includes(name))).toEqual(names);
    },
  );

  it("go after all in the parts that depend on them, although the children of these say nothing of it", () => {
    const waits = [
      [partInOrder("queues"), partInOrder("kueue")],
      [["tenant-namespace", "tenant-queue"], ["queues", "kueue", "trainer"].flatMap(partInOrder)],
      [[...["kueue", "trainer"].flatMap(partInOrder)], ["ground"]],
    ] as const;
    for (const [dependants, dependencies] of waits) {
      const lastEnd = Math.max(...dependants.map((name) => deletionOf(name).ended));
      const firstStart = Math.min(...dependencies.map((name) => deletionOf(name).started));
      expect(lastEnd, dependencies[0]).toBeLessThanOrEqual(firstStart);
      const lastForetold = Math.max(...dependants.map((name) => foretold.indexOf(name)));
      expect(lastForetold).toBeLessThan(Math.min(...dependencies.map((name) => foretold.indexOf(name))));
    }
  });

  it("leave their resource types, and nothing of them in the state", async () => {
    expect(deletions.filter(({ type }) => type.endsWith(":CustomResourceDefinition"))).toEqual([]);
    expect(await stack.resources()).toEqual([]);
  });
});
