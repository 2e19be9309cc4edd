import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { parse } from "yaml";
import { nameOf, stateOfText } from "../../cli/releases/recorded-state";
import { recordedReleases, RECORDED_STACKS, stateFile } from "../../cli/releases/release-files";
import type { PlannedResource } from "../../preflight/planned-resource";
import { diagramsPage } from "../../site/diagrams/page";
import { lastingFolder } from "../support/lasting-folder";
import { type Registered, startMocks } from "../support/mocks";
import { read, root } from "../support/pages";

const [release = ""] = recordedReleases();

describe("the diagrams in docs/diagrams.md", () => {
  let page: string;

  beforeAll(async () => {
    page = diagramsPage({ root, release, recorded: recorded(), registered: await registered() });
    if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(join(root, "docs", "diagrams.md"), page);
  });

  it("are what code and environments are; UPDATE_GOLDEN=1 draws them anew", () => {
    expect(read("docs/diagrams.md")).toBe(page);
  });

  it("show imports, components and waiting that are known", () => {
    const known = [
      ["Who imports whom", "policies", "preflight"],
      ["Folders of the platform", "tenants", "queues"],
      ["Environment local", "platform: MlPlatform", "platform-kueue: Kueue"],
      ["Environment prod", "cluster: Cluster", "cluster-network: Vpc"],
      ["What waits for what", "platform-kueue: Kueue", "platform-queues: Queues"],
    ];
    const drawn = known.map(([heading = "", from = "", to = ""]) => arrows(page, heading).has(`${from} → ${to}`));
    expect(drawn).toEqual(known.map(() => true));
  });
});

/** The arrows of the diagram under a heading, by the titles of their ends without how many resources are inside. */
function arrows(page: string, heading: string): Set<string> {
  const block = page.split(new RegExp(`^#+ ${heading}\n`, "m"))[1]?.split("```")[1] ?? "";
  const titles = new Map([...block.matchAll(/(n\d+)\["(.*?)(?: \+\d+)?"\]/g)].map(([, id, title]) => [id, title]));
  return new Set(
    [...block.matchAll(/(n\d+) -\.?-> (n\d+)/g)].map(([, from, to]) => `${titles.get(from)!} → ${titles.get(to)!}`),
  );
}

function recorded(): Record<string, PlannedResource[]> {
  return Object.fromEntries(
    RECORDED_STACKS.map((stack) => {
      const { resources = [] } = stateOfText(readFileSync(stateFile(release, stack), "utf8")).deployment;
      const planned = resources.map(({ urn, type, parent }) => ({
        ...{ urn, type, name: nameOf(urn), properties: {} },
        ...(parent === undefined ? {} : { parent }),
      }));
      return [stack, planned];
    }),
  );
}

/** What the local environment's program registers; what charts hold is not drawn, so they may be empty. */
async function registered(): Promise<PlannedResource[]> {
  const { config } = parse(read("stacks/Pulumi.local.yaml")) as { config: Record<string, object> };
  const kubeconfig = join(lastingFolder("diagrams"), "kubeconfig");
  writeFileSync(kubeconfig, "");
  config["mlstack:cluster"] = { ...config["mlstack:cluster"], kubeconfig };
  const values = Object.entries(config).map(([key, value]) => [key, JSON.stringify(value)]);
  const engine = await startMocks({ config: Object.fromEntries(values) as Record<string, string>, stack: "local" });
  vi.resetModules();
  await vi.importActual("../../stacks/index");
  const resources = await engine.resources();
  const urnsOf = (name: string) => resources.filter((each) => each.name === name).map(urnOf);
  return resources.map((resource) => ({
    ...{ urn: urnOf(resource), type: resource.type, name: resource.name, properties: {} },
    ...(resource.parent === undefined ? {} : { parent: urnsOf(resource.parent)[0]! }),
    dependencies: resource.dependsOn.flatMap(urnsOf),
  }));
}

function urnOf({ type, name }: Registered): string {
  return `${type}::${name}`;
}
