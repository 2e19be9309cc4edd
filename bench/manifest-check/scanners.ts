import { basename, join } from "node:path";
import { checkoutRoot } from "../../rehearsal/checkout";
import { build } from "../../rehearsal/toolchain/build";
import { missingPython, pythonOf, type PythonEnvironment } from "../../rehearsal/toolchain/python-environment";
import type { Tool } from "../../rehearsal/toolchain/tools";

/** Name of a program that scans manifests. */
export type ScannerName = "mlstack check" | "checkov" | "kube-score";

/** One thing that a scanner reports. */
export interface Finding {
  /** Name of the file, without folders. */
  file: string;
  /** Id of the check, as the scanner names it. */
  check: string;
}

/** A program that scans manifests, ready to run. */
export interface Scanner {
  name: ScannerName;
  /** Its version, where it is not this project's. */
  version?: string;
  program: string;
  /** Its arguments, by the folder with the manifests and the names of these. */
  args: (folder: string, files: readonly string[]) => string[];
  /** What it reports, from what it prints. */
  findings: (output: string) => Finding[];
}

/** Scanners that are there, and why others are not. */
export interface Scanners {
  ready: Scanner[];
  leftOut: string[];
}

/** Version of checkov; a test holds its requirements file to it. */
export const CHECKOV_VERSION = "3.3.30";

/** Version of kube-score; a test holds its `go.mod` file to it. */
export const KUBE_SCORE_VERSION = "1.20.0";

/** kube-score's grade of what it has nothing against. */
const ALL_OK = 10;

/** The scanners, of which the others' are installed into the tool cache on first use. */
export async function scanners(tell: (doing: string) => void): Promise<Scanners> {
  const found = [
    ownCheck(),
    await unlessMissing("checkov", () => checkov(tell)),
    await unlessMissing("kube-score", () => kubeScore(tell)),
  ];
  return {
    ready: found.filter((scanner) => typeof scanner !== "string"),
    leftOut: found.filter((reason) => typeof reason === "string"),
  };
}

/** The scanner or, where it cannot be installed, a sentence that says why. */
async function unlessMissing(name: ScannerName, install: () => Promise<Scanner>): Promise<Scanner | string> {
  try {
    return await install();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    // Installers end with what stopped them.
    return `${name} is left out: ${reason.trim().split("\n").at(-1) ?? ""}.`;
  }
}

function ownCheck(): Scanner {
  const bootstrap = join(checkoutRoot(), "cli", "bootstrap.js");
  return {
    name: "mlstack check",
    program: process.execPath,
    args: (folder) => [bootstrap, "mlstack", "check", "--format", "json", folder],
    findings: findingsOfMlstack,
  };
}

async function checkov(tell: (doing: string) => void): Promise<Scanner> {
  const requirements = join(checkoutRoot(), "bench", "manifest-check", "checkov-requirements.txt");
  const environment: PythonEnvironment = { name: "checkov", requirements };
  const missing = missingPython(environment);
  if (missing !== undefined) throw new Error(missing);
  tell("checkov, which is installed once");
  const program = await pythonOf(environment);
  return {
    name: "checkov",
    version: CHECKOV_VERSION,
    program,
    args: (folder) => ["-m", "checkov.main", "--directory", folder, "--framework", "kubernetes", ...CHECKOV_OUTPUT],
    findings: findingsOfCheckov,
  };
}

/** JSON of what failed alone, without its code; and no call to its maker's service, which has texts for guidelines. */
const CHECKOV_OUTPUT = ["--output", "json", "--quiet", "--compact", "--skip-download"];

const KUBE_SCORE: Tool = {
  name: "kube-score",
  title: "kube-score",
  version: KUBE_SCORE_VERSION,
  // From where the modules of the other tools are.
  modules: ["../../bench/manifest-check/kube-score"],
  builds: [
    {
      binary: "kube-score",
      package: "github.com/zegl/kube-score/cmd/kube-score",
      stamps: { "main.version": KUBE_SCORE_VERSION },
      versionArguments: ["version"],
      versionText: `kube-score version: ${KUBE_SCORE_VERSION}`,
    },
  ],
  instead: "; only the benchmark of manifests needs it",
  typicalMinutes: 1,
};

async function kubeScore(tell: (doing: string) => void): Promise<Scanner> {
  const folder = await build(KUBE_SCORE, (doing) => {
    tell(`kube-score, which is built once: ${doing}`);
  });
  return {
    name: "kube-score",
    version: KUBE_SCORE_VERSION,
    program: join(folder, "kube-score"),
    args: (manifests, files) => ["score", "--output-format", "json", ...files.map((file) => join(manifests, file))],
    findings: findingsOfKubeScore,
  };
}

/** What `mlstack check --format json` reports; what it cannot decide is no finding. */
export function findingsOfMlstack(output: string): Finding[] {
  const report = JSON.parse(output) as { findings: { file?: string; rule: string; undecided: boolean }[] };
  return report.findings.flatMap(({ file, rule, undecided }) =>
    file === undefined || undecided ? [] : [{ file: basename(file), check: rule }],
  );
}

/** What `checkov --output json` reports; its report is a list where it has several frameworks. */
export function findingsOfCheckov(output: string): Finding[] {
  type Report = { results?: { failed_checks: { file_path: string; check_id: string }[] } };
  const reports = [JSON.parse(output) as Report | Report[]].flat();
  const failed = reports.flatMap(({ results }) => results?.failed_checks ?? []);
  return failed.map(({ file_path, check_id }) => ({ file: basename(file_path), check: check_id }));
}

/** What `kube-score score --output-format json` reports: each check, and each of its comments as `check: comment`. */
export function findingsOfKubeScore(output: string): Finding[] {
  type Check = { check: { id: string }; grade: number; skipped: boolean; comments: { summary: string }[] | null };
  const objects = JSON.parse(output) as { file_name: string; checks: Check[] }[];
  return objects.flatMap(({ file_name, checks }) => {
    const failed = checks.filter(({ grade, skipped }) => !skipped && grade < ALL_OK);
    const ids = failed.flatMap(({ check: { id }, comments }) => [
      id,
      ...(comments ?? []).map(({ summary }) => `${id}: ${summary}`),
    ]);
    return ids.map((check) => ({ file: basename(file_name), check }));
  });
}
