import { existsSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, it } from "vitest";
import * as platform from "../../../components/platform";
import { podSecurityLabels, type PodSecurityLevel } from "../../../components/platform/part/part-namespace";
import { isKnown, problemsOf, type Registered, startMocks, valueOf } from "../../support/mocks";
import { read, root, section } from "../../support/pages";
import type { PartCase } from "../../support/part-case";
import { type PartTry, tryArgs, tryPart } from "../../support/part-tries";
import { allCases, platformCases, titleOf } from "./all-cases";

/** What every part tells. */
interface PartOutputs {
  namespace?: pulumi.Output<string>;
  ready?: pulumi.Output<boolean>;
}

/** Parts without a namespace of their own, and something that they refuse in the place of one of Kubernetes' own. */
const withoutNamespace: Record<string, { args: object; path: string }> = {
  Queues: { args: { systemPoolPercent: 101 }, path: "systemPoolPercent" },
  S3ArtifactStore: { args: { bucketName: "A" }, path: "bucketName" },
  TrainingRuntime: { args: { image: "train" }, path: "image" },
};

/** Parts whose page is a section of another one. */
const pageElsewhere: Record<string, string> = { NvidiaDevicePlugin: "docs/components.md" };

/** Stands for whatever a chart has. */
const anyObject = { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "anything" } };

const parts = platformCases.map((partCase) => [titleOf(partCase), partCase] as const);

/** Everything by which the API server asks a controller. */
function callbacksIn(resources: Registered[]): string[] {
  const asking = /:(ValidatingWebhookConfiguration|MutatingWebhookConfiguration|APIService)$/;
  const isConverting = ({ inputs }: Registered) =>
    JSON.stringify(inputs["spec"] ?? {}).includes('"strategy":"Webhook"');
  return resources.filter((each) => asking.test(each.type) || isConverting(each)).map(({ type }) => type);
}

describe("Every component of the platform", () => {
  it("has a case, so that tests over all parts find it", () => {
    const classes = Object.entries(platform as Record<string, unknown>).filter(
      ([, value]) => typeof value === "function" && value.prototype instanceof pulumi.ComponentResource,
    );
    const tried = new Set(allCases.map(({ part }) => part));
    const missing = classes.map(([name]) => name).filter((name) => !tried.has(name));
    expect(missing).toEqual(["MlPlatform"]);
  });
});

describe.each(parts)("%s", { timeout: 60_000 }, (_, partCase) => {
  const { part, create } = partCase;
  let bare: PartTry;
  beforeAll(async () => {
    bare = await tryPart(partCase, await tryArgs(partCase));
  });

  it("tells its namespace, where it has one, and when it is ready", async () => {
    const args = await tryArgs(partCase);
    await startMocks();
    const { namespace, ready } = create("part", args as never) as PartOutputs;
    expect(await valueOf(ready!)).toBe(true);
    const made = bare.resources.filter(({ type }) => type === "kubernetes:core/v1:Namespace").map(nameOf);
    if (part in withoutNamespace) expect([namespace, made]).toEqual([undefined, []]);
    else expect(made).toContain(await valueOf(namespace!));
  });

  it("does not know in a preview whether it will be ready", async () => {
    const args = await tryArgs(partCase);
    const program = await startMocks({ preview: true, render: () => Promise.resolve({ result: [anyObject] }) });
    const { ready } = create("part", args as never) as PartOutputs;
    expect(await isKnown(ready!)).toBe(false);
    await program.resources();
  });

  it("names its children after itself", () => {
    const [own, ...children] = bare.resources;
    expect(own).toMatchObject({ type: `mlstack:index:${part}`, name: "part", parent: undefined });
    expect(children.filter(({ parent }) => parent === undefined)).toEqual([]);
    const strangers = children.filter(({ name, type }) => {
      // The bucket in S3 is named after the store.
      const isBucket = part === "S3ArtifactStore" && name === "part" && type === "mlstack:index:ArtifactBucket";
      return !name.startsWith("part-") && !isBucket;
    });
    expect(strangers.map(({ name }) => name)).toEqual([]);
  });

  it("registers nothing when an argument is wrong", async () => {
    const wrong = withoutNamespace[part] ?? { args: { namespace: "kube-system" }, path: "namespace" };
    const args = { ...(await tryArgs(partCase)), ...wrong.args };
    const program = await startMocks();
    const { message, reasons } = problemsOf(() => create("part", args as never));
    expect(message).toBe(`${part} "part": 1 invalid input`);
    expect(reasons[0]).toMatch(new RegExp(`^${wrong.path} is .*; allowed: .*\\. .*\\.$`));
    expect(await program.resources()).toEqual([]);
  });

  it("holds the pods of each of its namespaces to a level", () => {
    const namespaces = bare.resources.filter(({ type }) => type === "kubernetes:core/v1:Namespace");
    for (const namespace of namespaces) {
      const { labels = {} } = namespace.inputs["metadata"] as { labels?: Record<string, string> };
      const level = labels["pod-security.kubernetes.io/enforce"] as PodSecurityLevel;
      expect(Object.values(platform.PodSecurityLevel)).toContain(level);
      expect(labels).toMatchObject(podSecurityLabels(level));
    }
  });

  it("lets the API server ask nobody where no controller runs", async () => {
    const { resources } = await tryPart(partCase, await tryArgs(partCase, { platform: { simulated: true } }));
    expect(resources.length).toBeGreaterThan(1);
    expect(callbacksIn(resources)).toEqual([]);
  });

  it("has a page on what it creates and needs, on its options, on upgrades and on removal", () => {
    const page = pageElsewhere[part] ?? `docs/platform/${kebab(part)}.md`;
    expect(existsSync(join(root, page))).toBe(true);
    if (part in pageElsewhere) {
      expect(section(read(page), part)).not.toBe("");
      return;
    }
    const text = read(page);
    const headings = [...text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
    expect(text.startsWith(`# ${part}\n`)).toBe(true);
    expect(text.split("\n## ")[0]).toMatch(/\bcreates?\b/i);
    expect(headings).toEqual(expect.arrayContaining(["Needs", "Options", "Upgrades", "Removal"]));
  });
});

describe("Parts with webhooks", () => {
  it("have them where controllers run, or the search for them would find nothing anywhere", async () => {
    const partCase = allCases.find(({ part }) => part === "Kueue")!;
    const { resources } = await tryPart(partCase, await tryArgs(partCase));
    expect(new Set(callbacksIn(resources).map((type) => type.split(":").at(-1)))).toEqual(
      new Set(["APIService", "MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"]),
    );
  });
});

function nameOf({ inputs }: Registered): string {
  return (inputs["metadata"] as { name: string }).name;
}

/** File name of a part's page. */
function kebab(part: PartCase["part"]): string {
  const names: Record<string, string> = { KServe: "kserve" };
  return names[part] ?? part.replace(/(?<=[a-z0-9])(?=[A-Z])/g, "-").toLowerCase();
}
