import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, readFile, symlink, writeFile, readlink, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { once } from "node:events";
import { checkoutRoot, stateFolder } from "../rehearsal/checkout";
import { keepFromLogging } from "../rehearsal/automatic-logs";
import { binaryOf, type Found } from "../rehearsal/toolchain/resolve";
import { PINS } from "../rehearsal/toolchain/pins";
import { removeOldFiles } from "./old-files";

/** Days until a source is transpiled again. Each change of one leaves a file behind, which ts-node never removes. */
const TRANSPILED_DAYS = 30;

/** What a command of Pulumi printed, and its exit code. */
export interface PulumiRun {
  code: number;
  output: string;
  complaints: string;
}

/** A Pulumi engine with the environment that it runs stacks in. */
export class Pulumi {
  /**
   * @param environment Variables that it runs with, beside those of this process.
   * @param isolated Whether Pulumi's own variables of this process are left out.
   */
  constructor(
    private readonly binary: string,
    private readonly environment: Record<string, string>,
    private readonly isolated: boolean,
  ) {}

  /** The environment variables that make another program, or a shell, use the same state. */
  get variables(): Record<string, string> {
    return this.environment;
  }

  /** The same engine with further environment variables, which win over its own. */
  with(variables: Record<string, string>): Pulumi {
    return new Pulumi(this.binary, { ...this.environment, ...variables }, this.isolated);
  }

  /** Runs a command with this terminal as its own and resolves to its exit code. */
  async run(args: string[]): Promise<number> {
    const child = spawn(this.binary, args, { cwd: checkoutRoot(), env: this.fullEnvironment(), stdio: "inherit" });
    // The terminal interrupts the whole group: Pulumi winds the update down, this process waits for it.
    const wait = () => undefined;
    process.on("SIGINT", wait);
    const terminate = () => child.kill("SIGTERM");
    process.on("SIGTERM", terminate);
    const [code] = (await once(child, "close")) as [number | null];
    process.off("SIGINT", wait).off("SIGTERM", terminate);
    return code ?? 1;
  }

  /** Runs a command quietly. @throws Error with all that it printed when it fails. */
  async quietly(args: string[]): Promise<string> {
    const { code, output, complaints } = await this.captured(args);
    if (code !== 0) throw new Error(`pulumi ${args.join(" ")} failed:\n${complaints}${output}`);
    return output;
  }

  /** Runs a command to its end, and tells what it printed and how it ended. */
  async captured(args: string[]): Promise<PulumiRun> {
    const child = spawn(this.binary, args, { cwd: checkoutRoot(), env: this.fullEnvironment() });
    const output: Buffer[] = [];
    const complaints: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => complaints.push(chunk));
    const [code] = (await once(child, "close")) as [number | null];
    return { code: code ?? 1, output: textOf(output), complaints: textOf(complaints) };
  }

  private fullEnvironment(): NodeJS.ProcessEnv {
    const path = [dirname(process.execPath), dirname(this.binary), process.env["PATH"] ?? ""].join(delimiter);
    return { ...(this.isolated ? withoutPulumiVariables() : process.env), ...this.environment, PATH: path };
  }
}

/**
 * Runs a command so that it leaves a log of its events, which tell more than it prints.
 *
 * @param use runs the command by the engine that it is given, with the arguments that name the log.
 * @returns what `use` resolves to, and the log: one JSON object a line; empty where the command wrote none.
 */
export async function withEventLog<Result>(
  pulumi: Pulumi,
  use: (engine: Pulumi, logArguments: string[]) => Promise<Result>,
): Promise<{ result: Result; log: string }> {
  const folder = await mkdtemp(join(tmpdir(), "mlstack-events-"));
  try {
    const path = join(folder, "events.jsonl");
    // Without debug commands Pulumi knows no --event-log; its own Automation API does the same.
    const result = await use(pulumi.with({ PULUMI_DEBUG_COMMANDS: "true" }), ["--event-log", path]);
    return { result, log: await readFile(path, "utf8").catch(() => "") };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A chunk may end inside a character. */
function textOf(chunks: Buffer[]): string {
  return Buffer.concat(chunks).toString();
}

/** Folder of the local Pulumi state: backend, plugins, passphrase and the configuration that stacks run with. */
export function pulumiFolder(state: string = stateFolder()): string {
  return join(state, "pulumi");
}

/** Where the file backend keeps a stack's state and locks. */
export function backendFolder(state?: string): string {
  return join(pulumiFolder(state), "backend");
}

/**
 * A Pulumi that keeps all it knows in the state folder: no login, no account, no download where the tools were built
 * here. Secrets in its state are encrypted with a random passphrase that lies beside it, readable by its owner only.
 */
export async function embeddedPulumi(engine: Found, provider: Found, state = stateFolder()): Promise<Pulumi> {
  const folder = pulumiFolder(state);
  const [home, temporary] = [join(folder, "home"), join(folder, "tmp")];
  for (const owned of [backendFolder(state), temporary]) await mkdir(owned, { recursive: true, mode: 0o700 });
  await linkProvider(home, provider);
  await keepFromLogging(home);
  const passphrase = join(folder, "passphrase");
  if (!existsSync(passphrase)) await writeFile(passphrase, randomBytes(32).toString("base64url"), { mode: 0o600 });
  const cache = join(checkoutRoot(), "node_modules", ".cache");
  const transpiled = join(cache, "mlstack-transpiled");
  await removeOldFiles(transpiled, TRANSPILED_DAYS);
  const environment = {
    PULUMI_HOME: home,
    // The provider leaves a copy of the kubeconfig behind for every start; here it goes with the rest of the state.
    TMPDIR: temporary,
    PULUMI_BACKEND_URL: `file://${backendFolder(state)}`,
    PULUMI_CONFIG_PASSPHRASE_FILE: passphrase,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_REGISTRY_RESOLVE: "true",
    // A copy of the whole state at every step would be most of what an update does.
    PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS: "true",
    ...(provider.folder === undefined ? {} : { PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true" }),
    // The embedded API server is ours alone: no need to be gentle.
    PULUMI_K8S_CLIENT_QPS: "1000",
    PULUMI_K8S_CLIENT_BURST: "2000",
    NODE_COMPILE_CACHE: join(cache, "mlstack-compile"),
    // By default beside the temporary files, which are new with every state.
    TS_NODE_CACHE_DIRECTORY: transpiled,
  };
  return new Pulumi(binaryOf(engine, "pulumi"), environment, true);
}

/**
 * The same engine, which keeps its state at the end of an update rather than at each step: with hundreds of resources, most
 * of an update is spent on keeping it. Only for updates after whose death nothing is lost.
 */
export function withoutCheckpoints(engine: Pulumi): Pulumi {
  return engine.with({ PULUMI_SKIP_CHECKPOINTS: "true" });
}

/** A Pulumi that uses whatever backend, account and plugins its user has. */
export function usersPulumi(engine: Found): Pulumi {
  return new Pulumi(binaryOf(engine, "pulumi"), {}, false);
}

/** A user's passphrase, backend or compression would otherwise reach into a state that is not theirs. */
function withoutPulumiVariables(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("PULUMI_")));
}

/** Makes the provider known as an installed plugin; a link suffices, and a newer build replaces it. */
async function linkProvider(home: string, provider: Found): Promise<void> {
  if (provider.folder === undefined) return;
  const name = "pulumi-resource-kubernetes";
  const folder = join(home, "plugins", `resource-kubernetes-v${PINS.kubernetesProvider}`);
  const [link, target] = [join(folder, name), binaryOf(provider, name)];
  await mkdir(folder, { recursive: true });
  if ((await readlink(link).catch(() => undefined)) === target) return;
  await rm(link, { force: true });
  await symlink(target, link).catch(() => copyFile(target, link));
}
