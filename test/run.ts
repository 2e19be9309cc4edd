import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { type Step, elapsed, runSteps } from "../cli/progress";
import { checkoutRoot } from "../rehearsal/checkout";
import { CONTROLLERS } from "../rehearsal/operators/controllers";
import { ensurePodPrograms } from "../rehearsal/operators/pod-programs";
import { missingForRealNodes } from "../rehearsal/real-node/prerequisites";
import { ensure } from "../rehearsal/toolchain/resolve";
import { type ToolName, TOOLS } from "../rehearsal/toolchain/tools";
import { setUpOf } from "./support/set-up-message";

/** What vitest's JSON report says, as far as it is read here. */
interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  success: boolean;
}

const CRASHED: Report = { numPassedTests: 0, numFailedTests: 1, numPendingTests: 0, success: false };

/** Tests that are run apart from `npm test`, by the argument that asks for them. */
const SUITES: Record<string, Suite> = {
  /** `npm run test:rehearsal`: real controllers take part. */
  "--rehearsal": { configuration: "vitest.rehearsal.config.mts", runs: () => REHEARSAL_RUNS },
  /** `npm run test:real`: containers run, on real nodes. */
  "--real": { configuration: "vitest.real.config.mts", runs: () => REAL_RUNS, lacks: missingForRealNodes },
};

/** Tests that are run apart. */
interface Suite {
  configuration: string;
  /** What is run, one after the other. */
  runs: () => Run[];
  /** What this machine lacks for them, and what to do; undefined for nothing. They take what every machine has by default. */
  lacks?: () => { what: string; remedy: string } | undefined;
}

/** A run of vitest, beside those before it. */
interface Run {
  args: string[];
  /** Whether the runs after it wait until what its tests share is there. False by default. */
  isAwaited?: boolean;
}

/**
 * What `npm run test:rehearsal` runs. The tests of the shared stack mostly wait, and others go beside them: as many as two cores
 * can do without stories that run into their time.
 */
const REHEARSAL_RUNS: Run[] = [
  // While the shared stack comes up, a third of two cores is idle.
  { args: ["--project", "early", "--maxWorkers", "1"] },
  { args: ["--project", "local-stack"], isAwaited: true },
  { args: ["--project", "own-cluster", "--maxWorkers", "2"] },
];

/** What `npm run test:real` runs: what has clusters of its own, then the stories on one that they share. */
const REAL_RUNS: Run[] = [{ args: ["--project", "node", "--maxWorkers", "1"] }, { args: ["--project", "stor*"] }];

/**
 * Control planes and Pulumi collect garbage less often while tests run, which is a quarter of what an API server does
 * otherwise. It has up to half a gibibyte more for it. Controllers keep their own settings.
 *
 * @see https://pkg.go.dev/runtime#hdr-Environment_Variables "GOGC" (Go 1.26)
 */
const LESS_GARBAGE_COLLECTION = { GOGC: "300" };

/**
 * `npm test`: formatting, lint, types, the toolchain, then every test but those of rehearsals. Arguments name test files
 * or other options of vitest; with arguments, only the tests run.
 */
export async function main(): Promise<void> {
  const started = Date.now();
  const suite = SUITES[process.argv[2] ?? ""];
  const chosen = process.argv.slice(suite === undefined ? 2 : 3);
  const isWhole = chosen.length === 0;
  const missing = suite?.lacks?.();
  if (missing !== undefined) {
    process.stdout.write(`Skipped: real nodes are not to be had here, as ${missing.what}. ${missing.remedy}\n`);
    finish({ ...CRASHED, numFailedTests: 0, success: true }, started);
    return;
  }
  try {
    const tools: Step[] = (Object.keys(TOOLS) as ToolName[]).map((name) => ({
      title: TOOLS[name].title,
      typical: `${TOOLS[name].typicalMinutes} min to build, once per version`,
      run: async (tell) => (await ensure(name, tell)).version,
    }));
    const isMain = suite === undefined;
    await runSteps([...(isWhole && isMain ? [checks] : []), ...tools, ...(isMain ? [] : [controllers])]);
  } catch (error) {
    process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
    finish(CRASHED, started);
    return;
  }
  const reports: Promise<Report>[] = [];
  for (const { args, isAwaited = false } of suite === undefined ? [{ args: chosen }] : runsOf(suite, chosen)) {
    const { isSetUp, report } = await runTests(args, suite === undefined ? {} : LESS_GARBAGE_COLLECTION);
    reports.push(report);
    if (isAwaited) await isSetUp;
  }
  finish((await Promise.all(reports)).reduce(sumOf), started);
}

/** The runs of a suite; tests that are chosen run together. */
function runsOf({ configuration, runs }: Suite, chosen: string[]): Run[] {
  const all: Run[] = chosen.length > 0 ? [{ args: chosen }] : runs();
  return all.map((run) => ({ ...run, args: ["--config", configuration, ...run.args] }));
}

/** Checks that run before the tests, beside one another as each keeps one core busy; what they find is told together. */
const checks: Step = {
  title: "Formatting, lint and types (prettier, eslint, tsc)",
  typical: "40 s",
  run: async () => {
    const tools = [
      ["prettier", "--check", "."],
      ["eslint", "."],
      ["tsc", "-p", "tsconfig.json"],
    ];
    const complaints = (await Promise.all(tools.map(check))).filter((complaint) => complaint !== undefined);
    if (complaints.length > 0) throw new Error(complaints.join("\n\n"));
    return undefined;
  },
};

/** The programs of the platform's controllers. */
const controllers: Step = {
  title: "Controllers of the platform",
  typical: "20 min to build all, once per version",
  run: async (tell) => {
    const parts = CONTROLLERS.map(({ part }) => part);
    return `${Object.keys((await ensurePodPrograms(parts, tell)).images).length} programs`;
  },
};

/** Runs a tool; what it printed where it failed. */
async function check([tool = "", ...args]: string[]): Promise<string | undefined> {
  const child = spawn(join(checkoutRoot(), "node_modules", ".bin", tool), args, {
    cwd: checkoutRoot(),
    env: environment(),
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  return code === 0 ? undefined : `${tool} ${args.join(" ")} failed:\n${output}`;
}

/** One run of vitest. */
interface TestRun {
  /** When what its tests share is there, as their global setup says, or when it is over. */
  isSetUp: Promise<unknown>;
  report: Promise<Report>;
}

async function runTests(chosen: string[], variables: NodeJS.ProcessEnv): Promise<TestRun> {
  const folder = await mkdtemp(join(await cacheFolder(), "report-"));
  const file = join(folder, "report.json");
  const vitest = join(checkoutRoot(), "node_modules", "vitest", "vitest.mjs");
  const args = [vitest, "run", "--reporter=default", "--reporter=json", `--outputFile.json=${file}`, ...chosen];
  const child = spawn(process.execPath, args, {
    cwd: checkoutRoot(),
    env: { ...environment(), ...variables },
    stdio: ["inherit", "inherit", "inherit", "ipc"],
  });
  const closed = once(child, "close") as Promise<[number | null]>;
  const report = closed.then(([code]) => reportOf(code)).catch(() => CRASHED);
  return { isSetUp: Promise.race([setUpOf(child), closed]), report };

  async function reportOf(code: number | null): Promise<Report> {
    const report = existsSync(file) ? (JSON.parse(await readFile(file, "utf8")) as Report) : CRASHED;
    await rm(folder, { recursive: true });
    // Vitest also fails for what no test reports, such as an unhandled rejection.
    if (code !== 0 && report.numFailedTests === 0) return { ...report, numFailedTests: 1, success: false };
    return report;
  }
}

async function cacheFolder(): Promise<string> {
  const folder = join(checkoutRoot(), "node_modules", ".cache", "mlstack-test");
  await mkdir(folder, { recursive: true });
  return folder;
}

function sumOf(one: Report, other: Report): Report {
  return {
    numPassedTests: one.numPassedTests + other.numPassedTests,
    numFailedTests: one.numFailedTests + other.numFailedTests,
    numPendingTests: one.numPendingTests + other.numPendingTests,
    success: one.success && other.success,
  };
}

function environment(): NodeJS.ProcessEnv {
  return { ...process.env, PATH: [dirname(process.execPath), process.env["PATH"] ?? ""].join(delimiter) };
}

function finish(report: Report, started: number): void {
  const skipped = report.numPendingTests > 0 ? `, ${report.numPendingTests} skipped` : "";
  process.stdout.write(`\nAfter ${elapsed(started)}:\n`);
  process.stdout.write(`${report.numPassedTests} passed, ${report.numFailedTests} failed${skipped}\n`);
  process.exitCode = report.success && report.numFailedTests === 0 ? 0 : 1;
}
