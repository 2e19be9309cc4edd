import { writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { format, resolveConfig } from "prettier";
import { describe, expect, it, test } from "vitest";
import { version } from "../../package.json";
import { programs, projectFile, projects, PROJECTS, TEMPLATE } from "../support/example-projects";
import { allMatches, codeIn, files, read, root, rows, section } from "../support/pages";

interface Manifest {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
}

const manifestOf = (folder: string) => JSON.parse(read(join(folder, "package.json"))) as Manifest;
const folders = [...projects.map((name) => join(PROJECTS, name)), TEMPLATE];

test("the index of the examples has every project, with what the cluster must have", () => {
  const listed = rows(section(read("examples/README.md"), "Projects to copy")).map(([link = ""]) => codeIn(link)[0]);
  expect(listed.sort()).toEqual(projects);
});

describe.each(folders.filter((folder) => files.includes(join(folder, "package.json"))))("%s", (folder) => {
  it("asks for the versions that the tests run with, and for this one of the package", () => {
    const own = manifestOf(".");
    const pinned: Record<string, string> = { ...own.dependencies, ...own.devDependencies, mlstack: version };
    const { dependencies, devDependencies } = manifestOf(folder);
    for (const [name, asked] of Object.entries({ ...dependencies, ...devDependencies })) {
      expect([name, asked]).toEqual([name, pinned[name]]);
    }
  });

  it("asks for what it imports, and nothing else", () => {
    const { dependencies } = manifestOf(folder);
    const sources = files.filter((path) => dirname(path) === folder && path.endsWith(".ts")).map(read);
    const imported = sources.flatMap((source) => allMatches(/ from "((?:@[^/"]+\/)?[^./"][^/"]*)/g, source));
    const peers = ["@pulumi/pulumi"];
    expect([...new Set([...imported, ...peers])].sort()).toEqual(Object.keys(dependencies).sort());
  });
});

describe.each([...programs.map((name) => join(PROJECTS, name)), TEMPLATE])("the settings of %s", (folder) => {
  const settings = projectFile(folder).config ?? {};

  it("are those that its program reads, each with a description", () => {
    const source = read(join(folder, "index.ts"));
    const reads = allMatches(/(?:onfig(?:\(\))?\.(?:get|require)(?:Number|Boolean)?|setting)\("(\w+)"\)/g, source);
    expect(Object.keys(settings).sort()).toEqual([...new Set(reads)].sort());
    expect(Object.values(settings).filter(({ description }) => !/^[A-Z].{10}/.test(description))).toEqual([]);
  });

  it("have no secret as a default", () => {
    const names = Object.entries(settings).filter(([, { default: value }]) => value !== undefined);
    expect(names.filter(([name]) => /password|token|secret|key/i.test(name))).toEqual([]);
  });
});

test("pulumi new asks for settings of the template, and offers what they are by default", () => {
  const { config = {}, template } = projectFile(TEMPLATE);
  const offered = Object.entries(template!.config).map(([name, asked]) => [name, asked.description, asked.default]);
  expect(offered.length).toBeGreaterThan(0);
  expect(offered).toEqual(
    offered.map(([name = ""]) => [name, config[name]?.description, String(config[name]?.default)]),
  );
});

test.each(programs)("%s is named after its folder", (name) => {
  expect(projectFile(join(PROJECTS, name)).name).toBe(name);
});

test("images are asked for by the version of the package", () => {
  const settings = programs.flatMap((name) => projectFile(join(PROJECTS, name)).config?.["version"] ?? []);
  expect(settings.length).toBeGreaterThan(3);
  expect(new Set(settings.map((setting) => setting.default))).toEqual(new Set([version]));
});

/** Files of projects that are modules of the stories in the stack, with the package in place of the components. */
const ofStories = programs.flatMap((name) =>
  files
    .filter((path) => dirname(path) === join(PROJECTS, name) && path.endsWith(".ts") && basename(path) !== "index.ts")
    .map((path) => {
      const folder = basename(path) === "story.ts" ? "" : name;
      return { path, module: join("stacks/scenarios", folder, basename(path)) };
    }),
);

test.each(ofStories)("$path is $module, by imports from the package", async ({ path, module }) => {
  const text = read(module)
    .replaceAll(/"(?:\.\.\/)+components\/(\w+)"/g, '"mlstack/$1"')
    .replaceAll('"../story"', '"./story"');
  const formatted = await format(text, { ...(await resolveConfig(join(root, path))), filepath: path });
  if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(join(root, path), formatted);
  expect(read(path)).toBe(formatted);
});

test("every story of the stack has its project", () => {
  const stories = files.flatMap((path) => /^stacks\/scenarios\/([\w-]+)\/workloads\.ts$/.exec(path)?.[1] ?? []);
  const complete = stories.map((name) => join(PROJECTS, name, "workloads.ts")).filter((path) => files.includes(path));
  expect(stories.length).toBeGreaterThan(3);
  expect(complete).toHaveLength(stories.length);
});
