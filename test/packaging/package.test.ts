import { readdirSync, readFileSync, statSync } from "node:fs";
import { extname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AREAS, specifierOf } from "../../packaging/areas";
import { PACKS } from "../../policies";
import { checkoutRoot } from "../../rehearsal/checkout";
import { Consumer, type InstalledManifest } from "../support/consumer";
import { OLDER_TEMPLATE, TypedPrograms } from "../support/consumer-types";
import { expectGolden } from "../support/golden";
import { packAlone } from "../support/pack-alone";
import { read } from "../support/pages";
import { PulumiProgram } from "../support/pulumi-program";
import { PulumiProject } from "../support/pulumi-project";
import { components, LOADED, WATCHED } from "./loaded-rooms";
import { WRONG_PROGRAMS } from "./wrong-programs";

const areas = Object.keys(AREAS) as (keyof typeof AREAS)[];

const packs = Object.keys(PACKS);
const bundles = packs.map((pack) => `policies/${pack}/index.js`);

describe("the package that npm packs", () => {
  let consumer: Consumer;
  // Declarations of all components are made, which takes its time on a busy machine.
  beforeAll(async () => {
    consumer = await Consumer.install();
  }, 300_000);
  afterAll(() => consumer.remove());

  const paths = () => consumer.archive.files.map(({ path }) => path);
  /** Modules, without their endings; a policy pack is one file that has all that it needs in it. */
  const modules = () => paths().flatMap((path) => (bundles.includes(path) ? [] : (/^(.+)\.js$/.exec(path)?.[1] ?? [])));
  const text = (path: string) => readFileSync(join(consumer.installed, path), "utf8");

  it("has, beside compiled modules, only what is listed", () => {
    const compiled = modules().flatMap((module) => [".js", ".js.map", ".d.ts"].map((ending) => module + ending));
    const others = paths().filter((path) => !compiled.includes(path));
    expect(compiled.filter((path) => !paths().includes(path))).toEqual([]);
    expectGolden("package-files.txt", `${others.sort().join("\n")}\n`);
  });

  it("has modules of these rooms alone", () => {
    expect([...new Set(modules().map(roomOf))].sort()).toEqual([
      "components",
      ...components("cluster", "internal", "model", "platform", "rendering", "workloads"),
      "policies",
      "preflight",
    ]);
  });

  it("takes no more than 3.75 MB to download, and 13.75 MB on disk", () => {
    expect(consumer.archive.size).toBeLessThan(3_750_000);
    expect(consumer.archive.unpackedSize).toBeLessThan(13_750_000);
  });

  it("declares what its modules and declarations import, and nothing else", () => {
    const { dependencies, peerDependencies } = consumer.manifest;
    const imported = paths()
      .filter((path) => /\.(js|d\.ts)$/.test(path) && !bundles.includes(path))
      .flatMap((path) => [...text(path).matchAll(/^(?!\s*\*).*?(?:\bfrom |\brequire\(|\bimport\()"([^."][^"]*)"/gm)])
      .map(([, specifier = ""]) => specifier)
      .filter((specifier) => !specifier.startsWith("node:"))
      .map((specifier) => specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/"));
    expect([...new Set(imported)].sort()).toEqual(Object.keys({ ...dependencies, ...peerDependencies }).sort());
    expect(Object.keys(peerDependencies)).toEqual(["@pulumi/pulumi"]);
  });

  it("asks for its dependencies from the versions on that the tests run with", () => {
    const { dependencies, peerDependencies } = consumer.manifest;
    for (const [name, range] of Object.entries({ ...dependencies, ...peerDependencies })) {
      const manifest = join(checkoutRoot(), "node_modules", name, "package.json");
      const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { version: string };
      expect(range, name).toBe(`^${version.replace(/^v/, "")}`);
    }
  });

  it("has packs that stand alone, each of one file, which declare what they need in the same versions", () => {
    const { dependencies, peerDependencies } = consumer.manifest;
    for (const pack of packs) {
      const manifest = JSON.parse(text(`policies/${pack}/package.json`)) as InstalledManifest;
      expect(Object.keys(manifest.dependencies)).toEqual(
        expect.arrayContaining(["@pulumi/policy", "@pulumi/pulumi", "fastest-levenshtein", "yaml"]),
      );
      expect({ ...dependencies, ...peerDependencies }).toMatchObject(manifest.dependencies);
      expect(text(`policies/${pack}/index.js`)).not.toMatch(/require\([`"']\./);
    }
  });

  it("lets bundlers leave out what is not used", () => {
    expect(consumer.manifest.sideEffects).toBe(false);
  });

  it("has source maps with the sources", () => {
    const { sources, sourcesContent } = JSON.parse(text("components/workloads/jobs/gpu-job.js.map")) as {
      sources: string[];
      sourcesContent: string[];
    };
    const source = "components/workloads/jobs/gpu-job.ts";
    expect(sources).toEqual(["gpu-job.ts"]);
    expect(sourcesContent).toEqual([readFileSync(join(checkoutRoot(), source), "utf8")]);
  });

  it("names no path of the machine that it was built on", () => {
    const files = readdirSync(consumer.installed, { recursive: true, encoding: "utf8" });
    // Without the slash in front a relative path through the root of the machine is found too.
    const folders = [checkoutRoot(), consumer.folder].map((folder) => folder.replace(/^\//, ""));
    const naming = files
      .filter((path) => statSync(join(consumer.installed, path)).isFile())
      .filter((path) => folders.some((folder) => text(path).includes(folder)));
    expect(naming).toEqual([]);
  });

  it("explains itself without links into the checkout", () => {
    expect(text("README.md")).toContain("# The package\n");
    expect(text("README.md")).not.toMatch(/\]\((?!https:)/);
  });

  describe.each(areas)("%s", (area) => {
    const { rooms, packages } = LOADED[area];

    it("loads its own area, and what that stands on", async () => {
      const files = await consumer.json<string[]>(
        `load-${areas.indexOf(area)}.cjs`,
        `require(${JSON.stringify(specifierOf(area))});
console.log(JSON.stringify(Object.keys(require.cache)));`,
      );
      const own = files.flatMap((file) => file.split("node_modules/mlstack/")[1] ?? []);
      const others = files.map((file) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? "");
      expect([...new Set(own.map(roomOf))].filter((room) => room !== "components").sort()).toEqual(rooms);
      expect(WATCHED.filter((name) => others.includes(name)).sort()).toEqual(packages);
    });

    it("exports the same names to ECMAScript modules", async () => {
      const [names, imported] = await consumer.json<[string[], string[]]>(
        `names-${areas.indexOf(area)}.mjs`,
        `import { createRequire } from "node:module";
import * as area from ${JSON.stringify(specifierOf(area))};
const names = Object.keys(createRequire(import.meta.url)(${JSON.stringify(specifierOf(area))}));
console.log(JSON.stringify([names, Object.keys(area)]));`,
      );
      expect(names.length).toBeGreaterThan(5);
      expect(names.filter((name) => !imported.includes(name))).toEqual([]);
    });
  });

  describe("programs that import it", () => {
    const sources = {
      right: pagePrograms(),
      wrong: WRONG_PROGRAMS.map(({ source }) => source),
      all: areas.map((area) => `export * from ${JSON.stringify(specifierOf(area))};`),
    };
    const paths = { right: [] as string[], wrong: [] as string[], all: [] as string[] };
    let typed: TypedPrograms;
    beforeAll(async () => {
      for (const kind of ["right", "wrong", "all"] as const) {
        const named = sources[kind].map((source, index): [string, string] => [`${kind}-${index}.ts`, source]);
        paths[kind] = await consumer.write(Object.fromEntries(named));
      }
      await consumer.write({ "cost-center.ts": read("examples/projects/policy-pack/cost-center.ts") });
      typed = new TypedPrograms(consumer.folder, Object.values(paths).flat());
    });

    it("compile as its page shows them", () => {
      expect(paths.right).toHaveLength(3);
      expect(paths.right.map((path) => typed.errors(path))).toEqual([[], [], []]);
    });

    it("compile also in projects of Pulumi's older templates", () => {
      const other = new TypedPrograms(consumer.folder, paths.right, OLDER_TEMPLATE);
      expect(paths.right.map((path) => other.errors(path))).toEqual([[], [], []]);
    });

    it.each(WRONG_PROGRAMS.map((program, index) => ({ ...program, index })))(
      "do not compile with $mistake",
      ({ error, index }) => {
        expect(typed.errors(paths.wrong[index]!)).toEqual([expect.stringContaining(error)]);
      },
    );

    it.each(areas)("see types and descriptions of all that is in %s, and of its arguments", (area) => {
      expect(typed.gaps(paths.all[areas.indexOf(area)]!)).toEqual([]);
    });

    it("find no mistakes in its declarations", () => {
      expect(typed.errorsOfDeclarations()).toEqual([]);
    });

    it("are offered arguments by an editor, with what they mean, and wait for no provider that they do not use", async () => {
      const source = `import { GpuJob } from "mlstack/workloads";
new GpuJob("train", { image: "a/b:1", /* here */ });`;
      const [path = ""] = await consumer.write({ "edited.ts": source });
      const edited = new TypedPrograms(consumer.folder, [path]);
      const offered = edited.completions(path, "/* here */");
      expect(offered.get("gpus")).toBe("GPUs of each pod, whole ones unless they are shared, from 1; 1 by default.");
      expect(offered.get("pool")).toMatch(/^Name of /);
      expect([...edited.packages()].filter((name) => name.startsWith("@pulumi/")).sort()).toEqual([
        "@pulumi/kubernetes",
        "@pulumi/pulumi",
      ]);
    });
  }, 120_000);

  describe("a program that imports it, under the real engine", { timeout: 180_000 }, () => {
    const inPackage = packs.flatMap((pack) => ["--policy-pack", `node_modules/mlstack/policies/${pack}`]);
    let project: PulumiProject;
    let program: PulumiProgram;
    beforeAll(async () => {
      project = await PulumiProject.create();
      await consumer.write({
        "Pulumi.yaml": "name: consumer\nruntime: nodejs\n",
        "package.json": '{ "name": "consumer", "version": "1.0.0", "main": "index.ts" }\n',
        "tsconfig.json": '{ "compilerOptions": { "strict": true, "module": "nodenext", "target": "es2022" } }\n',
      });
      program = await PulumiProgram.in(consumer.folder, project.ground);
      await program.pulumi("config", "set", "kubeconfig", project.ground.kubeconfig);
    }, 300_000);
    afterAll(() => project.remove());

    it("comes up as the page shows it, judged by the packs in the package", async () => {
      await consumer.write({ "index.ts": pagePrograms()[0]! });
      const { code, output } = await program.pulumi("up", "--yes", ...inPackage);
      expect(output).toMatch(/kubernetes:batch\/v1:Job report-job created/);
      expect(output).toMatch(/finished: true/);
      for (const pack of packs) {
        expect(output).toMatch(
          new RegExp(`[✅⚠].* ${pack}@v[\\d.]+ \\(local: node_modules/mlstack/policies/${pack}\\)`),
        );
      }
      expect(code).toBe(0);
    });

    it("is stopped for what a rule forbids, by packs whose folders are copied elsewhere, each with what it declares", async () => {
      const alone = await Promise.all(packs.map((pack) => packAlone(join(consumer.installed, "policies", pack))));
      const privileged = `
new k8s.core.v1.Pod("shell", {
  metadata: { name: "shell" },
  spec: { containers: [{ name: "main", image: "a/b:1", securityContext: { privileged: true } }] },
}, { provider: cluster.provider });`;
      await consumer.write({ "index.ts": pagePrograms()[0]! + privileged });
      const named = alone.flatMap((folder) => ["--policy-pack", folder]);
      const { code, output } = await program.pulumi("preview", ...named);
      for (const [index, pack] of packs.entries())
        expect(output).toMatch(new RegExp(`${pack}@v[\\d.]+ \\(local: ${alone[index]!}\\)`));
      expect(output).toContain("[POD-01] Pod default/shell: spec.containers[0].securityContext.privileged is true");
      expect(code).not.toBe(0);
    });

    it("is stopped by Pulumi's type check for a wrong argument", async () => {
      await consumer.write({ "index.ts": WRONG_PROGRAMS[1]!.source });
      const { code, output } = await program.pulumi("preview");
      expect(output).toContain(WRONG_PROGRAMS[1]!.error.replace("TS2322: ", ""));
      expect(code).not.toBe(0);
    });

    it("goes again", async () => {
      await consumer.write({ "index.ts": pagePrograms()[0]! });
      const { code } = await program.pulumi("destroy", "--yes");
      expect(code).toBe(0);
    });
  });

  it("finds the programs that components read beside themselves", async () => {
    const manifests = await consumer.json<object>(
      "beside.cjs",
      `const { driftMonitorManifests } = require("mlstack/workloads");
const reference = { persistentVolumeClaim: "data", files: "latest/*.csv" };
const recent = { persistentVolumeClaim: "requests", files: "*.jsonl" };
console.log(JSON.stringify(driftMonitorManifests("watch", { schedule: "15 * * * *", reference, recent })));`,
    );
    const program = readFileSync(join(checkoutRoot(), "components/workloads/monitoring/drift-monitor/main.py"), "utf8");
    expect(JSON.stringify(manifests)).toContain(JSON.stringify(program).slice(1, -1));
  });
});

/** The programs that the page of the package shows. */
function pagePrograms(): string[] {
  const page = readFileSync(join(checkoutRoot(), "docs", "package.md"), "utf8");
  return [...page.matchAll(/```ts\n([^]*?)```/g)].map(([, source = ""]) => source);
}

/** The room that a module of the package is in. */
function roomOf(path: string): string {
  const [top = "", room = ""] = path.split("/");
  return top === "components" && extname(room) === "" && path.split("/").length > 2 ? `${top}/${room}` : top;
}
