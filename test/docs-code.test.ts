import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { explainedAdvisories } from "../cli/audit/explained";
import { listedChanges } from "../cli/releases/listed-changes";
import { readPolicyFile } from "../cli/policy-file";
import type { Tree } from "../components/model";
import { ALL_RULES } from "../policies";
import { judgeAll } from "../policies/engine/judge-all";
import { settingsOf } from "../policies/engine/settings";
import { Subject } from "../policies/engine/subject";
import { priceFileProblems } from "../preflight/cost/price-file";
import { outputsOf } from "../rehearsal/container-stand-ins/argo-executor/outputs";
import { toldUsage } from "../rehearsal/container-stand-ins/metrics-server/told-usage";
import { FRAGMENTS } from "./support/fragments";
import { files, read } from "./support/pages";
import { scratchFolder } from "./support/scratch";
import { toolPath } from "./support/toolchain";

const exec = promisify(execFile);

interface Block {
  page: string;
  language: string;
  code: string;
}

/** Pages whose blocks are written by tests, each from what it is about. */
const WRITTEN = /^docs\/policies\/[A-Z]+-\d+\.md$/;

const pages = files.filter((path) => path.endsWith(".md") && !WRITTEN.test(path));
const blocks = pages.flatMap((page) =>
  [...read(page).matchAll(/^```(ts|yaml)\n([^]*?)^```$/gm)].map(([, language = "", code = ""]): Block => {
    return { page, language, code };
  }),
);

/** Files that tests run, deploy or read, by the language of blocks that may be parts of them. */
const SOURCES: Record<string, string[]> = {
  ts: files.filter((path) => /^(examples|templates)\/.*\.ts$/.test(path)),
  yaml: files.filter((path) => /^(examples|stacks|templates)\/.*\.ya?ml$/.test(path)),
};

/** What a block means to the code that reads the like of it; it throws where that is wrong. */
type Reader = (code: string) => unknown;

/** Blocks of YAML that are in no file, by their page and what they begin with. */
const READ: { page: string; start: string; reader: Reader }[] = [
  { page: "docs/plan.md", start: "prices:", reader: readPrices },
  { page: "docs/plan.md", start: "rules:", reader: readPolicies },
  { page: "docs/policies.md", start: "profile:", reader: readPolicies },
  { page: "docs/policies.md", start: "metadata:", reader: readExemption },
  {
    page: "docs/simulation.md",
    start: "metadata:\n  annotations:\n    mlstack.dev/simulate-outputs",
    reader: readOutputs,
  },
  { page: "docs/simulation.md", start: "metadata:\n  annotations:\n    mlstack.dev/simulate-usage", reader: readUsage },
  {
    page: "docs/supply-chain.md",
    start: "- advisory:",
    reader: (code) => {
      expect(explainedAdvisories(code)).toHaveLength(1);
    },
  },
  {
    page: "docs/upgrades.md",
    start: "- from:",
    reader: (code) => {
      expect(listedChanges(code)).toHaveLength(1);
    },
  },
];

/** Pages whose blocks another test reads, and which one. */
const READ_ELSEWHERE: Record<string, string> = {
  "docs/configuration.md": "test/stacks/documentation.test.ts",
};

const isReadHere = ({ page, code }: Block) => READ.find((entry) => entry.page === page && code.startsWith(entry.start));

describe.each(blocks.filter(({ language }) => language === "ts"))("the program in $page", ({ page, code }) => {
  it("is a file of examples/ or a template, or a part of one, or compiles with what is around it", () => {
    const isFragment = FRAGMENTS.some((fragment) => fragment.page === page && fragment.block === code);
    expect(isFragment || isInFile(code, SOURCES["ts"]!)).toBe(true);
  });
});

describe.each(blocks.filter(({ language }) => language === "yaml"))("the YAML in $page", (block) => {
  it("is a part of a file that tests read, or is read here", async () => {
    const elsewhere = READ_ELSEWHERE[block.page];
    if (elsewhere !== undefined) {
      expect(read(elsewhere)).toContain(block.page);
      return;
    }
    const entry = isReadHere(block);
    if (entry === undefined) expect(isInFile(block.code, SOURCES["yaml"]!)).toBe(true);
    else await entry.reader(block.code);
  });
});

describe("the calls of Pulumi in the docs", { timeout: 60_000 }, () => {
  const shell = pages.map((page) => read(page).replaceAll(/\\\n\s*/g, " ")).join("\n");
  const calls = [...shell.matchAll(/(?:`|^|&& )pulumi ([a-z][^`\n|#&>]*)/gm)].map(([, words = ""]) => words.trim());
  // Without it, Pulumi asks whether there is a newer one.
  const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
  const commandOf = (call: string) => /^[a-z]+(?: [a-z][a-z-]*)?(?= |$)/.exec(call)?.[0] ?? call;
  const commands = [...new Set(calls.map(commandOf))];

  it.each(commands)("pulumi %s: is one of its commands, and has the options", async (command) => {
    const { stdout } = await exec(await toolPath("pulumi"), [...command.split(" "), "--help"], { env });
    expect(stdout).toMatch(new RegExp(`^  pulumi ${command.split(" ")[0]!}`, "m"));
    const own = calls.filter((call) => commandOf(call) === command);
    const options = own.flatMap((call) => call.match(/--[a-z][\w-]*/g) ?? []);
    expect(options.filter((option) => !stdout.includes(option))).toEqual([]);
  });
});

test("every exception is needed", () => {
  const isUsed = (entry: (typeof READ)[number]) => blocks.filter((block) => isReadHere(block) === entry).length === 1;
  expect(READ.filter((entry) => !isUsed(entry))).toEqual([]);
  expect(
    FRAGMENTS.filter(({ page, block }) => !blocks.some((each) => each.page === page && each.code === block)),
  ).toEqual([]);
  expect(FRAGMENTS.filter(({ block }) => isInFile(block, SOURCES["ts"]!))).toEqual([]);
});

/** Whether the lines of a block stand in a file one after the other, all of them as far to the right. */
function isInFile(code: string, paths: string[]): boolean {
  const wanted = code.trimEnd().split("\n");
  return paths.some((path) => {
    const lines = read(path).split("\n");
    return lines.some((line, start) => {
      const indent = " ".repeat(Math.max(line.length - wanted[0]!.length, 0));
      return wanted.every((each, offset) => lines[start + offset] === (each === "" ? "" : indent + each));
    });
  });
}

function readPrices(code: string): void {
  expect(priceFileProblems(parse(code) as Tree)).toEqual([]);
}

async function readPolicies(code: string): Promise<void> {
  const path = join(await scratchFolder(), "policies.yaml");
  await writeFile(path, code);
  expect(Object.keys((await readPolicyFile(path, [])).content)).not.toEqual([]);
}

/** An object with the metadata of a block. */
function annotated<T extends object>(code: string, object: T) {
  const { metadata } = parse(code) as { metadata: { annotations: Record<string, string> } };
  return { ...object, metadata: { name: "train", namespace: "ml", ...metadata } };
}

/** The rule that the annotation names finds fault with its own bad example, and lets it pass so. */
function readExemption(code: string): void {
  const rule = ALL_RULES.find(({ id }) => code.includes(`exempt-${id}:`))!;
  const props = annotated(code, parseAllDocuments(rule.examples.bad)[0]!.toJS() as object);
  const subject = new Subject({ type: "kubernetes:core/v1:Pod", name: "train", urn: "urn:train", props });
  const reports = judgeAll([rule], settingsOf("policies", [rule], {}), [subject], "2026-12-01");
  const exempted = reports.filter(({ exemption }) => exemption !== undefined);
  expect(exempted.map(({ finding }) => finding.rule)).toContain(rule.id);
}

function readOutputs(code: string): void {
  const names = ["accuracy", "trial"].map((name) => ({ name }));
  const { parameters = [] } = outputsOf(annotated(code, { spec: { containers: [] } }), {
    name: "train",
    outputs: { parameters: names },
  });
  expect(parameters.map(({ name }) => name)).toEqual(["accuracy", "trial"]);
}

function readUsage(code: string): void {
  const spec = { containers: [{ name: "main", image: "a/b:1" }] };
  expect(Object.keys(toldUsage(annotated(code, { spec }))![0]!.usage)).toEqual(["cpu", "memory"]);
}
