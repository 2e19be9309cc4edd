import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { extract } from "tar";
import { CHARTS, MANIFESTS, type PinnedChart, type PinnedManifests } from "../../components/model/versions";
import { Problem } from "../problem";
import { checkPulled, type Lock } from "./lock-file";
import { type Fetch, fromRegistry } from "./registry";
import { fromRepository } from "./repository";

const exec = promisify(execFile);

/** One chart, or set of manifests, as it was pulled. */
export interface Pulled {
  name: string;
  version: string;
  from: string;
  digest: string;
  /** How it was known to be the right one, or that it was in the mirror already. */
  known: "pinned" | "locked" | "first seen" | "there already";
}

/** How a mirror is filled. */
export interface PullOptions {
  /** Folder of the mirror. */
  mirror: string;
  /** What was pulled before; what is new is added to it. */
  lock: Lock;
  /** Names of what to pull; everything by default. */
  only?: string[];
  /** What there is, by its name in the mirror; everything that is pinned by default. */
  sources?: Map<string, Pullable>;
  /** Asks for addresses; `fetch` by default. */
  get?: Fetch;
}

/** What there is to pull: every pinned chart and set of manifests. */
export type Pullable = { chart: PinnedChart } | { manifests: PinnedManifests };

/** Everything that is pinned, by its name in a mirror. */
export function pullables(): Map<string, Pullable> {
  const charts = Object.values<PinnedChart>(CHARTS).map((chart) => [basename(chart.chart), { chart }] as const);
  const manifests = Object.values<PinnedManifests>(MANIFESTS).map((each) => [each.name, { manifests: each }] as const);
  return new Map<string, Pullable>([...charts, ...manifests]);
}

/**
 * Fills a mirror with charts and manifests from their publishers, one after the other.
 *
 * What is there already is not pulled again. What is not the one that is pinned, or was pulled before, is not put there.
 *
 * @throws {Problem} when something cannot be had, or is another one.
 */
export async function* pull(options: PullOptions): AsyncGenerator<Pulled> {
  const { mirror, lock, only, sources = pullables(), get = fetch } = options;
  const chosen = wanted(sources, only);
  await mkdir(mirror, { recursive: true });
  for (const [name, source] of chosen) {
    const { version } = "chart" in source ? source.chart : source.manifests;
    const target = join(mirror, `${name}-${version}`);
    const pulled = existsSync(target)
      ? { name, version, from: "mirror", digest: lock[name]?.digest ?? "", known: "there already" as const }
      : "chart" in source
        ? await pullChart(name, source.chart, target, lock, get)
        : await pullManifests(name, source.manifests, target, lock);
    if (pulled.known !== "there already") lock[name] = { version, digest: pulled.digest };
    yield pulled;
  }
}

function wanted(all: Map<string, Pullable>, only: string[] | undefined): [string, Pullable][] {
  const unknown = (only ?? []).filter((name) => !all.has(name));
  if (unknown.length > 0) {
    throw new Problem(`there is no chart ${unknown.join(", ")}`, `Name some of ${[...all.keys()].join(", ")}.`);
  }
  return [...all].filter(([name]) => only?.includes(name) ?? true);
}

const NOT_A_CHART = "Check whether its publisher serves a Helm chart at the pinned address.";

async function pullChart(name: string, chart: PinnedChart, target: string, lock: Lock, get: Fetch): Promise<Pulled> {
  const { version, repository, digest: pinned, wrongIndex = false } = chart;
  const { bytes, told } = await (repository === undefined
    ? fromRegistry(chart.chart.replace(/^oci:\/\//, ""), version, get)
    : fromRepository(repository, chart.chart, version, get));
  const digest = createHash("sha256").update(bytes).digest("hex");
  const expected = { pinned, told: wrongIndex ? undefined : told, locked: lock[name] };
  const known = checkPulled(name, { version, digest }, expected);
  await inOnePiece(target, async (partial) => {
    const packed = join(partial, "chart.tgz");
    await writeFile(packed, bytes);
    await extract({ file: packed, cwd: partial }).catch((error: unknown) => {
      throw new Problem(`${name} ${version} cannot be unpacked: ${(error as Error).message}`, NOT_A_CHART);
    });
    if (!existsSync(join(partial, name, "Chart.yaml"))) {
      throw new Problem(`${name} ${version} has no ${name}/Chart.yaml in it`, NOT_A_CHART);
    }
    await rm(packed);
  });
  return { name, version, from: repository ?? chart.chart, digest, known };
}

async function pullManifests(name: string, source: PinnedManifests, target: string, lock: Lock): Promise<Pulled> {
  const { repository, version, tagPrefix, root } = source;
  const clone = await mkdtemp(join(tmpdir(), "mlstack-clone-"));
  try {
    const tag = `${tagPrefix}${version}`;
    await git(["clone", "--quiet", "--depth", "1", "--branch", tag, repository, clone], `${repository} ${tag}`);
    const digest = (await git(["-C", clone, "rev-parse", "HEAD"], repository)).trim();
    const known = checkPulled(name, { version, digest }, { pinned: undefined, told: undefined, locked: lock[name] });
    if (!existsSync(join(clone, root))) {
      throw new Problem(`${repository} ${tag} has no folder ${root}`, "Check the pinned root of the manifests.");
    }
    await inOnePiece(target, (partial) => cp(join(clone, root), partial, { recursive: true }));
    return { name, version, from: repository, digest, known };
  } finally {
    await rm(clone, { recursive: true, force: true });
  }
}

async function git(args: string[], what: string): Promise<string> {
  const env = { ...process.env, GIT_TERMINAL_PROMPT: "0" };
  const { stdout } = await exec("git", args, { env }).catch((error: unknown) => {
    const { stderr = "", message } = error as { stderr?: string; message: string };
    const reason = (stderr.trim() === "" ? message : stderr).trim().split("\n").at(-1) ?? "";
    throw new Problem(`${what} cannot be cloned: ${reason}`, "Check the network and that Git is on PATH.");
  });
  return stdout;
}

/** A cut-off pull leaves nothing that could be taken for a chart. */
async function inOnePiece(target: string, fill: (partial: string) => Promise<void>): Promise<void> {
  const partial = join(dirname(target), `.partial-${basename(target)}`);
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  try {
    await fill(partial);
    await rename(partial, target);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}
