import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it, test } from "vitest";
import { backendFolder, pulumiFolder } from "../cli/pulumi";
import { gpuPoolShape } from "../components/cluster";
import { simulatedNodeResources } from "../components/cluster/node-back-ends/simulated/simulated-nodes";
import { SIMULATED_RESOURCES_ANNOTATION } from "../components/model";
import { clusterLayout } from "../rehearsal/cluster/layout";
import { OLDEST_OFFICIAL_PULUMI, PINS } from "../rehearsal/toolchain/pins";
import { TOOLS } from "../rehearsal/toolchain/tools";

const exec = promisify(execFile);
const root = join(__dirname, "..");
const read = (path: string) => readFileSync(join(root, path), "utf8");

/** A page without its blocks of code. */
const prose = (path: string) => read(path).replaceAll(/^```[^]*?^```$/gm, "");

/** Folders at the top that hold nothing of the project's own. */
const GENERATED = new Set([".git", ".mlstack", "bin", "coverage", "node_modules"]);
const topLevel = readdirSync(root, { withFileTypes: true }).filter(({ name }) => !GENERATED.has(name));
const folders = topLevel.filter((entry) => entry.isDirectory()).map(({ name }) => name);
const files = [
  ...topLevel.filter((entry) => entry.isFile()).map(({ name }) => name),
  ...folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((path) => join(folder, path)),
  ),
];
const pages = files.filter((path) => path.endsWith(".md"));
const text = pages.map(read).join("\n");
const [readme, architecture] = [read("README.md"), read("docs/architecture.md")];

const manifest = JSON.parse(read("package.json")) as { scripts: Record<string, string>; engines: { node: string } };

/** Everything that a pattern's first group matches. */
function allMatches(pattern: RegExp, where: string): string[] {
  return [...where.matchAll(pattern)].map(([, found = ""]) => found);
}

/** The part of a page under a heading, up to the next one of the same or a higher level. */
function section(page: string, heading: string): string {
  const [, hashes = "", body = ""] = new RegExp(`^(#+) ${heading}\\n([^]*)`, "m").exec(page) ?? [];
  expect(hashes, `there is a section "${heading}"`).not.toBe("");
  return body.split(new RegExp(`^#{1,${hashes.length}} `, "m"))[0] ?? "";
}

/** The cells of a section's tables, row by row, without headings. */
function rows(markdown: string): string[][] {
  return allMatches(/^\|(.*)\|$/gm, markdown)
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .filter((cells, index, lines) => !isRule(cells) && !isRule(lines[index + 1] ?? []));
}

function isRule(cells: string[]): boolean {
  return cells.length > 0 && cells.every((cell) => /^-+$/.test(cell));
}

function codeIn(cell: string): string[] {
  return allMatches(/`([^`]+)`/g, cell);
}

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

  it("names only files that are there", () => {
    const named = allMatches(new RegExp(`\`((?:${folders.join("|")})/[\\w./-]+)\``, "g"), markdown);
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
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
  const VERBS = ["up", "preview", "down", "status", "doctor", "toolchain prune"];
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
    expect(listed).toEqual([...verbs, ["bench", optionsOf("bench")]]);
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
  ])("of %s are the pinned ones", (name, pinned) => {
    const named = allMatches(new RegExp(`\\b${name}[\\s|]+v?(\\d+(?:\\.\\d+)+)`, "g"), text);
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
});

test("the README's example is a file of examples/, as it stands", () => {
  const example = /\]\((examples\/[\w-]+\.ts)\)[^\n]*\n\n```ts\n([^]*?)```/.exec(readme);
  expect(example?.[2]).toBe(read(example?.[1] ?? ""));
});

test("the README lists every component", () => {
  const listed = rows(section(readme, "Components")).map(([name = ""]) => codeIn(name)[0]);
  const described = allMatches(/^## (\w+)$/gm, read("docs/components.md"));
  expect(listed.sort()).toEqual(described.sort());
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
    expect(shown).toEqual(simulatedNodeResources(shape));
    expect(codeIn(prose("docs/simulation.md"))).toContain(SIMULATED_RESOURCES_ANNOTATION);
  });
});

describe("the messages in the guide to troubles", () => {
  const source = files
    .filter((path) => /^(cli|components|policies|rehearsal|stacks)\/.*\.(ts|js)$/.test(path))
    .map(read)
    .join("\n");
  const guide = read("docs/troubleshooting.md");
  const messages = ["Setting up", "Naming an environment", "The embedded cluster"].flatMap((heading) =>
    rows(section(guide, heading)).map(([message = ""]) => codeIn(message)[0] ?? message),
  );

  it.each(messages)("%s is one of the program's", (message) => {
    const parts = message.split("…").flatMap((part) => part.trim() || []);
    expect(parts).not.toEqual([]);
    expect(parts.filter((part) => !source.includes(part))).toEqual([]);
  });
});
