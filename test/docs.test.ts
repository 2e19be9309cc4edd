import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it, test } from "vitest";
import { backendFolder, pulumiFolder } from "../cli/pulumi";
import { gpuPoolShape } from "../components/cluster";
import { nodeResources, SIMULATED_RESOURCES_ANNOTATION } from "../components/model";
import { CHARTS } from "../components/model/versions";
import { lockPath } from "../rehearsal/charts/lock-file";
import { moduleSources } from "../rehearsal/charts/module-sources";
import { clusterLayout } from "../rehearsal/cluster/layout";
import { OLDEST_OFFICIAL_PULUMI, PINS } from "../rehearsal/toolchain/pins";
import { TOOLS } from "../rehearsal/toolchain/tools";
import {
  allMatches,
  codeIn,
  files,
  folders,
  guides,
  PLATFORM_INDEX,
  prose,
  read,
  root,
  rows,
  section,
  titleOf,
  WORKLOADS_INDEX,
} from "./support/pages";

const exec = promisify(execFile);
const pages = files.filter((path) => path.endsWith(".md"));
const text = pages.map(read).join("\n");
const [readme, architecture] = [read("README.md"), read("docs/architecture.md")];

const manifest = JSON.parse(read("package.json")) as {
  scripts: Record<string, string>;
  engines: { node: string };
  dependencies: Record<string, string>;
};

describe.each(pages)("%s", (page) => {
  const markdown = prose(page);

  it("has only links that lead somewhere", () => {
    const links = allMatches(/\]\(([^)\s]+)\)/g, markdown.replaceAll(/`[^`]*`/g, "")).filter(
      (link) => !/^https?:/.test(link),
    );
    const broken = links.filter((link) => {
      const [path = "", anchor] = link.split("#");
      const target = path === "" ? page : join(dirname(page), path);
      if (!existsSync(join(root, target))) return true;
      return anchor !== undefined && !anchorsOf(target).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  it("names only files that are there, or that commands write", () => {
    const named = allMatches(new RegExp(`\`((?:${folders.join("|")})/[\\w./-]+)\``, "g"), markdown);
    const written = relative(root, lockPath());
    expect(named.filter((path) => path !== written && !existsSync(join(root, path)))).toEqual([]);
  });
});

/** What headings are called in links, as GitHub makes it. */
function anchorsOf(page: string): string[] {
  return allMatches(/^#+ (.+)$/gm, prose(page)).map((heading) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

describe("the commands in the docs", () => {
  const VERBS = [
    ...["up", "preview", "plan", "rehearse", "down", "leftovers", "status", "doctor"],
    ...["check", "versions", "sbom", "charts pull", "image build", "release record", "toolchain prune"],
  ];
  /** Every command line that prints a help, without `--help`. */
  const CALLS = ["mlstack", ...VERBS.map((verb) => `mlstack ${verb}`), "bench"];
  const help = new Map<string, string>();
  beforeAll(async () => {
    const bootstrap = join(root, "cli", "bootstrap.js");
    const helpOf = (call: string) => exec(process.execPath, [bootstrap, ...call.split(" "), "--help"]);
    await Promise.all(CALLS.map(async (call) => help.set(call, (await helpOf(call)).stdout)));
  });

  const optionsOf = (call: string) =>
    allMatches(/^ +(?:-\w, )?(--[\w-]+)/gm, help.get(call) ?? "").filter((option) => option !== "--help");

  /** Each `npm run` in the docs, without comments: what stands there, the script and its arguments. */
  const commands = [...text.matchAll(/npm run ([\w-]+)(?: -- ([^`\n|#]*))?/g)].map(
    ([command, script = "", args = ""]) => {
      return { command, script, args };
    },
  );

  it("are scripts of package.json", () => {
    expect(commands.length).toBeGreaterThan(20);
    expect(commands.filter(({ script }) => manifest.scripts[script] === undefined)).toEqual([]);
  });

  it("have only options that their help lists", () => {
    const wrong = commands.filter(({ script, args }) => {
      const call = `${manifest.scripts[script]?.replace("node cli/bootstrap.js ", "") ?? ""} ${args}`;
      const known = optionsOf(CALLS.filter((name) => call.startsWith(name)).at(-1) ?? "");
      return allMatches(/(--[a-z][\w-]*)/g, args).some((option) => ![...known, "--help"].includes(option));
    });
    expect(wrong).toEqual([]);
  });

  it("are all in the README's table, with all their options", () => {
    const listed = rows(section(readme, "Other commands")).map(([command = "", , options = ""]) => [
      codeIn(command)[0]?.replace(/^npm run (mlstack -- )?/, ""),
      codeIn(options).sort(),
    ]);
    const verbs = VERBS.map((verb) => [verb, optionsOf(`mlstack ${verb}`).sort()]);
    expect(listed).toEqual([...verbs, ["bench", optionsOf("bench").sort()], ["mutation", []]]);
    const offered = allMatches(/^ {2}(\w+) /gm, help.get("mlstack")?.split("Commands:")[1] ?? "");
    expect(offered).toEqual([...VERBS.map((verb) => verb.split(" ")[0]), "help"]);
  });
});

describe("the versions in the docs", () => {
  it.each([
    ["Pulumi(?: engine)?", [PINS.pulumi, OLDEST_OFFICIAL_PULUMI]],
    ["pulumi-kubernetes(?: provider)?", [PINS.kubernetesProvider]],
    ["kube-scheduler", [PINS.kubernetes]],
    ["etcd", [PINS.etcd]],
    ["KWOK", [PINS.kwok]],
    ["Go", [PINS.go.replace(/\.0$/, "")]],
    ["`@pulumi/aws`", [manifest.dependencies["@pulumi/aws"]]],
    ["`@pulumi/eks`", [manifest.dependencies["@pulumi/eks"]]],
    ["Karpenter", [CHARTS.karpenter.version, CHARTS.karpenter.version.replace(/\.\d+$/, "")]],
  ])("of %s are the pinned ones", (name, pinned) => {
    const named = allMatches(new RegExp(`(?<!\\w)${name}[\\s|(]+v?(\\d+(?:\\.\\d+)+)`, "g"), text);
    expect(named).not.toEqual([]);
    expect(named.filter((version) => !pinned.includes(version))).toEqual([]);
  });

  it("of Node is the one that package.json asks for", () => {
    expect(readme).toContain(`older than ${manifest.engines.node.replace(">=", "")}`);
  });

  it.each(Object.values(TOOLS))("of $name are in the README's output and the architecture's table", (tool) => {
    expect(readme).toContain(`${tool.title}: ${tool.version} from tool cache`);
    const row = rows(section(architecture, "Toolchain")).find(([name]) => name === `\`${tool.name}\``);
    expect(row?.[2]).toBe(tool.version);
  });

  it("are followed by the number of charts and manifests that Go modules carry", () => {
    expect(readme).toContain(`Charts and manifests of the platform: ${moduleSources().length} from Go modules`);
  });
});

test("the README's example is a file of examples/, as it stands", () => {
  const example = /\]\((examples\/[\w-]+\.ts)\)[^\n]*\n\n```ts\n([^]*?)```/.exec(readme);
  expect(example?.[2]).toBe(read(example?.[1] ?? ""));
});

describe("every component", () => {
  const { resources } = JSON.parse(read("packaging/schema.json")) as { resources: Record<string, unknown> };
  const components = Object.keys(resources).map((token) => token.split(":").at(-1)!);
  const guide = read("docs/components.md");
  const sections = allMatches(/^## (\w+)$/gm, guide);

  it("is in one of the README's tables", () => {
    const listed = rows(section(readme, "Components")).flatMap((cells) => allMatches(/\[`(\w+)`\]/g, cells.join("|")));
    expect(listed.sort()).toEqual(components.toSorted());
  });

  it("has a section in the guide, or a page of its own", () => {
    const indices = ["docs/components.md", PLATFORM_INDEX, WORKLOADS_INDEX];
    const titles = guides.filter((page) => !indices.includes(page)).map(titleOf);
    expect([...sections, ...titles].sort()).toEqual(components.toSorted());
  });

  it("with a section is in the table of the guide", () => {
    const table = rows(guide.split("\n## ")[0] ?? "");
    expect(table.map(([name = ""]) => codeIn(name)[0]).sort()).toEqual(sections.toSorted());
  });
});

describe("the architecture", () => {
  it("draws rooms that are there, and leaves none out", () => {
    const tree = /```\n([^]*?)```/.exec(section(architecture, "Rooms"))?.[1] ?? "";
    let parent = "";
    const drawn = [...tree.matchAll(/^( *)(\S+)/gm)].map(([, indent, name = ""]) => {
      if (indent === "") parent = name;
      return indent === "" ? name : join(parent, name);
    });
    expect(drawn.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    const visible = folders.filter((name) => !name.startsWith("."));
    expect(visible.filter((name) => !drawn.includes(`${name}/`))).toEqual([]);
  });

  it("lists and draws the imports that ESLint allows", async () => {
    const config = (await import(join(root, "eslint.config.mjs"))) as {
      default: { rules?: Record<string, unknown> }[];
    };
    const messages = allMatches(
      /"message":"([^"]+)"/g,
      JSON.stringify(config.default.map(({ rules }) => rules?.["no-restricted-imports"])),
    );
    const allowed = [...new Set(messages)].map((message): [room: string, open: string[]] => {
      const [, room = "", own = ""] = /^(\S+) may import only (.+) \(/.exec(message) ?? [];
      return [room, own.split(", ").filter((name) => name !== room)];
    });
    expect(allowed.length).toBeGreaterThan(5);

    const imports = section(architecture, "Who may import whom");
    const listed = rows(imports).map(([room = "", open = ""]) => [codeIn(room)[0], codeIn(open)]);
    expect(listed).toEqual(allowed);

    const rooms = new Map([...imports.matchAll(/(\w+)\["([^"]+)"\]/g)].map(([, id, room]) => [id, room]));
    const arrows = [...imports.matchAll(/^ *(\w+)(?:\[[^\]]+\])? --> (\w+)/gm)].map(([, from, to]) => [
      rooms.get(from),
      rooms.get(to),
    ]);
    const pairs = allowed.flatMap(([room, open]) => open.map((other) => [room, other]));
    expect(arrows.sort()).toEqual(pairs.sort());
  });

  it("says where every part of the state lies", () => {
    const { folder, ...parts } = clusterLayout("state");
    const paths = [...Object.values(parts), backendFolder("state"), pulumiFolder("state")];
    const listed = rows(section(architecture, "Embedded cluster")).flatMap(([path = ""]) => codeIn(path));
    expect(folder).toBe(join("state", "cluster"));
    expect(
      paths
        .map((path) => relative("state", path))
        .filter((path) => !listed.some((entry) => `${entry}/`.startsWith(`${path}/`))),
    ).toEqual([]);
  });
});

describe("the guide to the simulation", () => {
  const guide = read("docs/simulation.md");

  it("spells the annotation as the stages do", () => {
    const grammar = /^mlstack\.dev\/simulate: ".+"$/m.exec(guide)?.[0];
    expect(grammar).toBeDefined();
    expect(read("rehearsal/cluster/stages/pods.yaml")).toContain(grammar);
  });

  it("shows the resources of a real instance type, as pools write them", () => {
    const shown = JSON.parse(/```json\n([^]*?)```/.exec(guide)?.[1] ?? "") as unknown;
    const shape = gpuPoolShape("t4", { instanceType: "g4dn.xlarge", maxNodes: 1 });
    expect(shown).toEqual(nodeResources(shape));
    expect(codeIn(prose("docs/simulation.md"))).toContain(SIMULATED_RESOURCES_ANNOTATION);
  });
});

describe("the messages in the guide to troubles", () => {
  const source = files
    .filter((path) => /^(cli|components|policies|rehearsal|stacks)\/.*\.(ts|js)$/.test(path))
    .map(read)
    .join("\n");
  const guide = read("docs/troubleshooting.md");
  const headings = [
    "Setting up",
    "Naming an environment",
    "The embedded cluster",
    "Planning for AWS",
    "Destroying on AWS",
  ];
  const messages = headings.flatMap((heading) =>
    rows(section(guide, heading)).map(([message = ""]) => codeIn(message)[0] ?? message),
  );

  it.each(messages)("%s is one of the program's", (message) => {
    const parts = message.split("…").flatMap((part) => part.trim() || []);
    expect(parts).not.toEqual([]);
    expect(parts.filter((part) => !source.includes(part))).toEqual([]);
  });
});
