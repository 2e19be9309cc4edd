import { dirname, join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { parse } from "yaml";
import { PHASE_TITLES } from "../cli/teardown/platform-stages";
import { gpuPoolShape } from "../components/cluster";
import { SOURCES } from "../components/model/module-sources";
import { DRAIN_PHASES } from "../components/model/platform-types";
import { CHARTS } from "../components/model/versions";
import { type MlPlatformArgs, PLATFORM_PARTS, type PlatformPart, validateMlPlatform } from "../components/platform";
import { sourcesOfPart } from "../components/platform/ml-platform/part-sources";
import { PARTS_AFTER_TENANTS, platformParts } from "../components/platform/ml-platform/platform-parts";
import { PodSecurityLevel } from "../components/platform/part";
import { readEnvironment } from "../stacks/config";
import { type Registered, startMocks } from "./support/mocks";
import { allMatches, codeIn, files, guides, PLATFORM_INDEX, read, root, rows, section, titleOf } from "./support/pages";
import type { PartCase } from "./support/part-case";

const page = read("docs/platform/ml-platform.md");

/** A row of the table of all parts. */
interface Row {
  component: string;
  link: string;
  part: string;
  from: string;
  namespaces: string[];
  local: string;
}

describe("the table of the platform's parts", () => {
  const table = rows(read(PLATFORM_INDEX).split("\n## ")[0] ?? "").map(
    ([name = "", part = "", , from = "", namespace = "", local = ""]): Row => {
      const [, component = "", link = ""] = /^\[`(\w+)`\]\((.+)\)$/.exec(name) ?? [];
      return { component, link, part: codeIn(part)[0] ?? "", from, namespaces: codeIn(namespace), local };
    },
  );
  const ofParts = table.filter(({ part }) => PLATFORM_PARTS.includes(part as PlatformPart));
  const sourcesOf = ({ part }: Row) => sourcesOfPart(part as PlatformPart);

  it("has every part, by the names of its component and of its arguments", () => {
    const inputProperties = argumentsOf("MlPlatform");
    const classOf = (part: string) =>
      inputProperties[part]?.$ref
        ?.split(":")
        .at(-1)
        ?.replace(/Settings$/, "s")
        .replace(/Args$/, "");
    // Where a part has no arguments of its own, they have the name of those that all have.
    const own = ofParts.filter(({ part }) => classOf(part) !== "ChartPart");

    expect(ofParts.map(({ part }) => part).sort()).toEqual(PLATFORM_PARTS.toSorted());
    expect(own.map(({ component }) => component)).toEqual(own.map(({ part }) => classOf(part)));
  });

  it("has every page, under the title of its component", () => {
    const own = guides.filter((path) => path.startsWith(dirname(PLATFORM_INDEX)) && path !== PLATFORM_INDEX);
    const linked = table.filter(({ link }) => !link.startsWith("../"));
    expect(linked.map(({ link }) => join(dirname(PLATFORM_INDEX), link)).sort()).toEqual(own.toSorted());
    expect(linked.map(({ component }) => component)).toEqual(
      linked.map(({ link }) => titleOf(join(dirname(PLATFORM_INDEX), link))),
    );
  });

  it("has the charts and manifests of each part, in the pinned versions", () => {
    const named = ofParts.map(({ from }) => [...from.matchAll(/`([\w-]+)` ([\d.]+)/g)].map(([, ...source]) => source));
    const pinned = ofParts.map((row) =>
      sourcesOf(row).map((key) => [SOURCES[key]!.name, SOURCES[key]!.version.replace(/^v/, "")]),
    );
    expect(named.map((sources) => sources.sort())).toEqual(pinned.map((sources) => sources.sort()));
  });

  it("leads to pages that name these versions too", () => {
    const pages = ofParts.map((row) => ({ row, text: read(join(dirname(PLATFORM_INDEX), row.link.split("#")[0]!)) }));
    const versionsOf = (row: Row) => sourcesOf(row).map((key) => SOURCES[key]!.version.replace(/^v/, ""));
    const silent = pages.filter(({ row, text }) => versionsOf(row).some((version) => !text.includes(version)));
    expect(silent.map(({ row }) => row.component)).toEqual([]);
  });

  it("tells charts from manifests, and both from what is our own", () => {
    const kindOf = (keys: readonly string[]) => {
      if (keys.length === 0) return "our own objects";
      return keys.every((key) => key in CHARTS) ? (keys.length > 1 ? "charts" : "chart") : "manifests";
    };
    expect(ofParts.map(({ from }) => from.split(" `")[0])).toEqual(ofParts.map((row) => kindOf(sourcesOf(row))));
  });

  it("says no of what no Go module carries, and tells what the local stack has", () => {
    const { config } = parse(read("stacks/Pulumi.local.yaml")) as {
      config: { "mlstack:platform": { parts: Record<string, object> } };
    };
    const present = Object.keys(config["mlstack:platform"].parts);
    const isAbsent = (row: Row) => sourcesOf(row).some((key) => SOURCES[key]!.module === undefined);

    expect(ofParts.filter(({ local }) => local === "no")).toEqual(ofParts.filter(isAbsent));
    expect(
      table
        .filter(({ local, part }) => local === "in it" && part !== "")
        .map(({ part }) => part)
        .sort(),
    ).toEqual(present.sort());
  });

  it("has the namespaces that parts make", async () => {
    const made = await madeNamespaces();
    const listed = table.filter(({ component, part }) => made.has(component) && part !== "tenants");
    const namesOf = (component: string) => made.get(component)!.map(([name]) => name);

    expect(listed.length).toBeGreaterThan(25);
    expect(listed.map(({ component, namespaces }) => [component, namespaces.toSorted()])).toEqual(
      listed.map(({ component }) => [component, namesOf(component).sort()]),
    );
  });

  it("is completed by a table of all namespaces that are less than restricted", async () => {
    const all = [...(await madeNamespaces()).values()].flat();
    const open = all.filter(([, level]) => level !== PodSecurityLevel.restricted && level !== undefined);
    // Several parts share a namespace, and the training operator would do with less.
    const expected = new Map(open);
    // The device plugin is not like the other parts, and has no case.
    expected.set("nvidia-device-plugin", PodSecurityLevel.privileged);

    const listed = rows(section(page, "Namespaces")).flatMap(([names = "", level = ""]) =>
      codeIn(names).map((name) => [name, codeIn(level)[0]]),
    );
    expect(Object.fromEntries(listed)).toEqual(Object.fromEntries(expected));
  });
});

/** Sections that every page has, in this order, with others between them. */
const SECTIONS = ["Needs", "Options", "Upgrades", "Removal"];

/** Arguments that all parts have, which some pages leave to the list of all parts. */
const COMMON = ["platform", "namespace", "version", "replicas", "resources", "values", "patches"];

describe.each(guides.filter((path) => path.startsWith(dirname(PLATFORM_INDEX)) && path !== PLATFORM_INDEX))(
  "%s",
  (path) => {
    it("has the sections that every page has", () => {
      const headings = allMatches(/^## (.+)$/gm, read(path));
      expect(headings.filter((heading) => SECTIONS.includes(heading))).toEqual(SECTIONS);
    });

    it("names every argument of its component under its options", () => {
      const named = new Set(codeIn(section(read(path), "Options")).map((code) => code.split(/[.[]/)[0]));
      const known = [...named, ...COMMON, ...(titleOf(path) === "MlPlatform" ? PLATFORM_PARTS : [])];
      expect(Object.keys(argumentsOf(titleOf(path))).filter((argument) => !known.includes(argument))).toEqual([]);
    });
  },
);

describe("the page of MlPlatform", () => {
  it("draws the order in which parts are created", () => {
    const drawn = drawnOrder(/```mermaid\n([^]*?)```/.exec(page)?.[1] ?? "");
    const before = PLATFORM_PARTS.filter((part) => !PARTS_AFTER_TENANTS.includes(part));
    const after = new Map<string, string[]>(before.map((part) => [part, platformParts[part].after]));

    for (const part of before) {
      const inPicture = [...ancestors(part, drawn)].filter((other) => before.includes(other as PlatformPart));
      expect([part, inPicture.sort()]).toEqual([part, [...ancestors(part, after)].sort()]);
    }
    for (const late of PARTS_AFTER_TENANTS) {
      const inPicture = ancestors(late, drawn);
      const needed = [...before, "tenants", ...platformParts[late].after];
      expect([late, needed.filter((other) => !inPicture.has(other))]).toEqual([late, []]);
    }
  });

  it("lists the steps in which a platform is drained", () => {
    const listed = allMatches(/^\d\. (.+)$/gm, section(page, "Removal"));
    expect(listed).toEqual(DRAIN_PHASES.map((phase) => PHASE_TITLES[phase]));
  });

  it("quotes messages as they are", () => {
    const queues = { queues: [{ name: "research", quotas: [{ pool: "t4", gpus: 99 }] }] };
    const pools = [
      gpuPoolShape("t4", { instanceType: "g4dn.xlarge", minNodes: 2, maxNodes: 4 }),
      gpuPoolShape("a10g", { instanceType: "g5.12xlarge", minNodes: 1, maxNodes: 2 }),
    ];
    const tenants = { research: { limits: { gpus: 99 }, queues: [{ clusterQueue: "research" }] } };
    const shared = { queues: [{ name: "research", quotas: [{ pool: "t4" }, { pool: "a10g" }] }] };
    const image = `registry.example.com/minio@sha256:${"0".repeat(64)}`;
    const wrong: MlPlatformArgs[] = [
      { queues: {}, pools },
      { trainer: {}, kueue: {} },
      { trainer: { version: "2.0.0" }, jobSet: {}, kueue: {} },
      { kserve: {} },
      { pipelines: {} },
      { pipelines: {}, seaweedFs: {} },
      { seaweedFs: {}, minio: { image } },
      { trainingOperator: { jobs: ["PyTorchJob", "MPIJob"] }, mpiOperator: {} },
      { gpuOperator: {}, devicePlugin: {} },
      { kueue: {}, queues, pools },
      { kueue: {}, queues: shared, pools, tenants },
      { tenants: { a: {}, b: { namespace: "a" } } },
    ];
    const reasons = wrong.flatMap((args) => validateMlPlatform("platform", args).map(({ reason }) => reason));
    const quoted = rows(section(page, "What is refused")).map(
      ([, message = ""]) => /^`(.*)`$/.exec(message)?.[1] ?? "",
    );

    expect(quoted).toHaveLength(wrong.length);
    const isSaid = (message: string) => reasons.some((reason) => reason.startsWith(message.split(" …")[0]!));
    expect(quoted.filter((message) => message === "" || !isSaid(message))).toEqual([]);
  });
});

test("the guide to the configuration quotes what is said of a platform", () => {
  const guide = section(read("docs/configuration.md"), "Platform");
  const { config } = parse(read("stacks/Pulumi.local.yaml")) as { config: Record<string, unknown> };
  const wrong = structuredClone(config["mlstack:platform"]) as { parts: Record<string, Record<string, unknown>> };
  delete wrong.parts["jobSet"];
  wrong.parts["certManager"] = {};
  wrong.parts["kueue"] = { replica: 2 };
  wrong.parts["queues"] = { queues: [{ name: "research", quotas: [{ pool: "t5" }] }] };
  wrong.parts["tenants"] = { research: { namespace: "ml" } };
  const entries = Object.entries({ ...config, "mlstack:platform": wrong });
  const values = Object.fromEntries(entries.map(([key, value]) => [key, JSON.stringify(value)]));
  const said = problemsIn(() => readEnvironment(values, { stack: "local" }));

  const quoted = allMatches(/^ {2}(mlstack:.+)$/gm, guide);
  expect(quoted).toHaveLength(5);
  const isSaid = (message: string) => said.some((line) => message.split("… ").every((part) => line.includes(part)));
  expect(quoted.filter((message) => !isSaid(message))).toEqual([]);
});

function problemsIn(reading: () => unknown): string[] {
  try {
    reading();
  } catch (error) {
    return (error as Error).message.split("\n");
  }
  return [];
}

/** Arguments of a component with references to their types, as Pulumi's analyser reads them. */
function argumentsOf(component: string): Record<string, { $ref?: string }> {
  const { resources } = JSON.parse(read("packaging/schema.json")) as {
    resources: Record<string, { inputProperties: Record<string, { $ref?: string }> }>;
  };
  return resources[`mlstack:index:${component}`]!.inputProperties;
}

/** The cases of all parts, one area after the other. */
async function allCases(): Promise<PartCase[]> {
  const found = files.filter((path) => /^test\/components\/platform\/[\w-]+\/cases\.ts$/.test(path));
  const modules = await Promise.all(found.map((path) => import(join(root, path)) as Promise<{ cases: PartCase[] }>));
  return modules.flatMap(({ cases }) => cases);
}

/** Names and Pod Security levels of the namespaces that each component makes by default. */
async function madeNamespaces(): Promise<Map<string, [name: string, level: string | undefined][]>> {
  const made = new Map<string, [string, string | undefined][]>();
  for (const { part, create, required, options } of await allCases()) {
    const store = options["artifactStore"]?.find((value) => value !== undefined);
    const program = await startMocks();
    create("part", { ...(store === undefined ? {} : { artifactStore: store }), ...required } as never);
    const namespaces = (await program.resources()).filter(({ type }) => type === "kubernetes:core/v1:Namespace");
    made.set(part, namespaces.map(nameAndLevel));
  }
  return made;
}

function nameAndLevel({ inputs }: Registered): [string, string | undefined] {
  const { name, labels } = inputs["metadata"] as { name: string; labels: Record<string, string> };
  return [name, labels["pod-security.kubernetes.io/enforce"]];
}

/** What each part of a picture comes after; an arrow from or to a group is one from or to all that is in it. */
function drawnOrder(picture: string): Map<string, string[]> {
  const groups = new Map<string, Set<string>>();
  const open: string[] = [];
  const arrows: [string, string][] = [];
  for (const line of picture.split("\n").map((each) => each.trim())) {
    const group = /^subgraph (\w+)/.exec(line)?.[1];
    const names = line.includes("subgraph") || line.startsWith("flowchart") ? [] : allMatches(/(\w+)/g, line);
    if (group !== undefined) groups.set(group, new Set());
    if (group !== undefined) open.push(group);
    else if (line === "end") open.pop();
    else {
      const [from, to] = names;
      if (from !== undefined && to !== undefined) arrows.push([from, to]);
      for (const name of names) for (const each of open) groups.get(each)!.add(name);
    }
  }
  const members = (name: string): string[] => [...(groups.get(name) ?? [])].flatMap(members).concat(name);
  const after = new Map<string, string[]>();
  for (const [from, to] of arrows) {
    for (const later of members(to)) after.set(later, [...(after.get(later) ?? []), ...members(from)]);
  }
  return after;
}

/** Everything that comes before something, directly or through others; groups are not parts and drop out later. */
function ancestors(name: string, after: Map<string, string[]>): Set<string> {
  const found = new Set<string>();
  const visit = (each: string) => {
    for (const other of after.get(each) ?? []) {
      if (found.has(other)) continue;
      found.add(other);
      visit(other);
    }
  };
  visit(name);
  return found;
}
