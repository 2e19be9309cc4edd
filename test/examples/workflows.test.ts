import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { PINS } from "../../rehearsal/toolchain/pins";
import { lintedWorkflow } from "../support/actionlint";
import { readCommand } from "../support/command-line";
import { read, root } from "../support/pages";
import { callsIn, stepsOf, workflows } from "../support/workflows";

const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
const BOOTSTRAP = "node cli/bootstrap.js mlstack";

/** Jobs by workflow and name. */
const jobs = workflows.flatMap((workflow) =>
  Object.entries(workflow.jobs).map(([name, job]) => ({ name: `${workflow.path} ${name}`, workflow, job })),
);

/** Scripts of npm that are programs of their own. */
const OWN_PROGRAMS = ["audit", "package"];

/** Every call of mlstack in the workflows, as the command line gets it. */
const calls = workflows.flatMap((workflow) =>
  stepsOf(workflow).flatMap(({ run = "" }) =>
    callsIn(run).flatMap(({ script, words }) => {
      if (script !== undefined && OWN_PROGRAMS.includes(script)) return [];
      const before = script === undefined ? BOOTSTRAP : (scripts[script] ?? `there is no script ${script}`);
      return { path: workflow.path, line: `${before} ${words.join(" ")}`.trim() };
    }),
  ),
);

const wordsOf = (line: string) => line.replace(BOOTSTRAP, "").trim().split(" ");

describe.each(workflows)("$path", (workflow) => {
  const { path, text, permissions, concurrency } = workflow;

  it("is without a mistake that actionlint finds", { timeout: 180_000 }, async () => {
    expect(await lintedWorkflow(join(root, path))).toEqual([]);
  });

  it("names actions by commits, each with its version behind it", () => {
    const pins = [...text.matchAll(/uses: (.+)$/gm)].map(([, pin = ""]) => pin);
    expect(pins).not.toEqual([]);
    expect(pins.filter((pin) => !/^[\w-]+\/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(pin))).toEqual([]);
  });

  it("gives a job no right that it does not name, and no time without an end", () => {
    expect([{}, { contents: "read" }]).toContainEqual(permissions);
    for (const job of Object.values(workflow.jobs)) {
      expect(job["timeout-minutes"]).toBeLessThanOrEqual(120);
      if (job.permissions === undefined) expect(permissions).toEqual({ contents: "read" });
    }
  });

  it("runs once at a time for what it is about", () => {
    expect(concurrency?.group).toMatch(/^[\w-]+/);
  });

  it("puts nothing that others write into a script", () => {
    const scripts = stepsOf(workflow).map(({ run = "" }) => run);
    expect(scripts.filter((script) => script.includes("${{"))).toEqual([]);
  });

  it("leaves no login in the checkout", () => {
    const checkouts = stepsOf(workflow).filter(({ uses }) => uses?.startsWith("actions/checkout@"));
    expect(checkouts.filter((step) => step.with?.["persist-credentials"] !== false)).toEqual([]);
  });
});

test("an action has the same commit in every workflow", () => {
  const pins = new Set(workflows.flatMap(stepsOf).flatMap(({ uses }) => uses ?? []));
  const actions = [...pins].map((pin) => pin.split("@")[0]);
  expect(actions.length).toBe(new Set(actions).size);
});

describe("rights to write", () => {
  const writing = jobs.flatMap(({ name, job }) =>
    Object.entries(job.permissions ?? {}).flatMap(([right, level]) => (level === "write" ? [`${name}: ${right}`] : [])),
  );

  it("are these alone", () => {
    expect(writing.sort()).toEqual([
      "examples/ci/deploy.yaml up: id-token",
      "examples/ci/drift.yaml drift: id-token",
      "examples/ci/pull-request-comment.yaml publish: pull-requests",
      "examples/ci/pull-request-comment.yaml publish: security-events",
      "examples/ci/pull-request.yaml preview: id-token",
      "examples/ci/release.yaml attach: contents",
      "examples/ci/release.yaml publish: id-token",
      "examples/policy-checks/github-workflow.yaml check: security-events",
      "examples/projects/policies-in-ci/pull-request.yaml preview: id-token",
    ]);
  });

  it("of the comment are not in the hands of a pull request: no code of it is there", () => {
    const comment = workflows.find(({ path }) => path.endsWith("pull-request-comment.yaml"))!;
    expect(comment.on).toHaveProperty("workflow_run");
    expect(stepsOf(comment).filter(({ uses }) => uses?.includes("checkout"))).toEqual([]);
    expect(stepsOf(comment).flatMap(({ run = "" }) => callsIn(run))).toEqual([]);
  });
});

test("the comment follows the workflow that makes the plan, by its name and its artifact", () => {
  const named = (end: string) => workflows.find(({ path }) => path.endsWith(end))!;
  const [plan, comment] = [named("pull-request.yaml"), named("pull-request-comment.yaml")];
  expect(comment.on).toMatchObject({ workflow_run: { workflows: [plan.name] } });
  const artifact = (workflow: typeof plan, action: string) =>
    stepsOf(workflow).find(({ uses }) => uses?.startsWith(action))?.with?.["name"];
  expect(artifact(comment, "actions/download-artifact")).toBe(artifact(plan, "actions/upload-artifact"));
});

test("Pulumi is the version that is pinned here", () => {
  const versions = workflows.flatMap(stepsOf).flatMap((step) => step.with?.["pulumi-version"] ?? []);
  expect(new Set(versions)).toEqual(new Set([PINS.pulumi]));
});

describe("a release", () => {
  const { publishConfig } = JSON.parse(read("package.json")) as { publishConfig: Record<string, unknown> };
  const { jobs: releasing } = workflows.find(({ path }) => path === "examples/ci/release.yaml")!;

  it("is published with its provenance, also by hand", () => {
    expect(releasing["publish"]!.steps.slice(-2).map(({ run }) => run)).toEqual([
      'npm run package -- "$GITHUB_SERVER_URL/$GITHUB_REPOSITORY"',
      "npm publish ./bin/package --provenance --access public",
    ]);
    expect(publishConfig).toEqual({ access: "public", provenance: true });
  });

  it("asks for known vulnerabilities before, by the command that knows which are explained", () => {
    const runs = releasing["publish"]!.steps.map(({ run = "" }) => run);
    const asking = runs.findIndex((run) => run.split("\n").includes("npm run audit"));
    expect(asking).toBeGreaterThan(-1);
    expect(asking).toBeLessThan(runs.findIndex((run) => run.startsWith("npm publish")));
  });

  it("needs no token of npm, and its rights to write are not where code of the package runs", () => {
    expect(workflows.filter(({ text }) => /NODE_AUTH_TOKEN|secrets\./.test(text))).toEqual([]);
    expect(
      releasing["attach"]!.steps.filter(({ uses = "", run = "" }) => /checkout/.test(uses) || /npm|node/.test(run)),
    ).toEqual([]);
  });
});

describe("the commands in workflows", () => {
  it("are scripts that there are", () => {
    for (const script of OWN_PROGRAMS) expect(scripts[script]).toBe(`node cli/bootstrap.js ${script}`);
  });

  it("are those of previews, plans, checks, updates and bills", () => {
    expect(new Set(calls.map(({ line }) => readCommand(wordsOf(line)).verb))).toEqual(
      new Set(["check", "plan", "preview", "sbom", "up"]),
    );
  });

  it.each(calls)("$path: $line", ({ line }) => {
    expect(line.startsWith(BOOTSTRAP)).toBe(true);
    expect(readCommand(wordsOf(line)).wrong).toBeUndefined();
  });

  it.each([
    ["plam --offline", "there is no command plam --offline"],
    ["plan --ofline", "there is no option --ofline"],
    ["plan --format html", "error: option '--format <format>' argument 'html' is invalid."],
    ["preview a.yaml", "takes no a.yaml"],
    ["charts push", "there is no command push"],
  ])("are read as the command line does, which refuses %s", (line, wrong) => {
    expect(readCommand(line.split(" ")).wrong).toContain(wrong);
  });
});
