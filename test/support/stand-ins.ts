import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { OfflineStack } from "../../cli/offline";
import { readStackFile, type StackFile } from "../../cli/stack-file";
import { checkoutRoot } from "../../rehearsal/checkout";
import { type Fault, FAULTS_VARIABLE } from "../../rehearsal/stand-ins/faults";
import { JOURNAL_VARIABLE, type JournalEntry, readJournal } from "../../rehearsal/stand-ins/journal";
import { find } from "../../rehearsal/toolchain/resolve";
import type { Outcome } from "./mlstack";
import { toolPath } from "./toolchain";

/** What programs of tests find in their scope, by the SDK that it is. */
const SCOPE = { aws: "aws", eks: "eks", k8s: "kubernetes", pulumi: "pulumi" };

/** A resource as it is in the state of a stack. */
export interface StateResource {
  urn: string;
  type: string;
  id?: string;
  parent?: string;
  dependencies?: string[];
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
}

/**
 * One stack that the real engine runs against the stand-ins for AWS, EKS and Kubernetes, on a backend of its own. The
 * state lasts from command to command, so that updates, failures and destroys can follow each other.
 */
export class StandInStack {
  private faults: Fault[] = [];
  private counts = 0;

  private constructor(
    private readonly folder: string,
    private readonly program: string,
    private readonly stackArguments: string[],
    private readonly variables: Record<string, string>,
  ) {}

  /** The repository's own program with the configuration of one of its environments, for example `dev`. */
  static async ofEnvironment(name: string): Promise<StandInStack> {
    // A copy of the state of hundreds of resources at each step would be a quarter of the time of a whole life.
    const atTheEnd = { PULUMI_SKIP_CHECKPOINTS: "true" };
    return StandInStack.prepared(checkoutRoot(), await readStackFile({ stack: name }), atTheEnd);
  }

  /**
   * A program of the test's own, in JavaScript; `aws`, `eks`, `k8s` and `pulumi` are in its scope. It is written anew with
   * {@link write}.
   */
  static async ofProgram(source: string, config: Record<string, string> = { "aws:region": "us-east-1" }) {
    const cache = join(checkoutRoot(), "node_modules", ".cache", "mlstack-test");
    await mkdir(cache, { recursive: true });
    // Inside node_modules, so that the program finds the packages of the checkout.
    const program = await mkdtemp(join(cache, "stand-ins-"));
    await writeFile(join(program, "Pulumi.yaml"), "name: mlstack\nruntime: nodejs\n");
    await writeFile(join(program, "package.json"), '{ "name": "program", "version": "0.0.0", "main": "index.js" }\n');
    const path = join(program, "Pulumi.test.yaml");
    await writeFile(path, JSON.stringify({ config }));
    const stack = await StandInStack.prepared(program, { name: "test", path, isDefault: false, embedded: false });
    await stack.write(source);
    return stack;
  }

  private static async prepared(program: string, stack: StackFile, variables: Record<string, string> = {}) {
    const built = join(checkoutRoot(), "bin", "rehearsal", "stand-ins", "aws", "main.js");
    if (!existsSync(built)) throw new Error(`${built} is missing: run the tests with npm test, which compiles it`);
    await toolPath("pulumi");
    const folder = await mkdtemp(join(tmpdir(), "mlstack-stand-ins-"));
    const offline = await OfflineStack.prepare(stack, await find("pulumi"), folder);
    return new StandInStack(folder, program, offline.stackArguments, { ...offline.pulumi.variables, ...variables });
  }

  /** Replaces the program. */
  async write(source: string): Promise<void> {
    // The SDKs take longer to load than most programs of tests take to run.
    const scope = Object.entries(SCOPE).map(
      ([name, sdk]) => `Object.defineProperty(globalThis, "${name}", { get: () => require("@pulumi/${sdk}") });`,
    );
    await writeFile(join(this.program, "index.js"), [...scope, source].join("\n"));
  }

  /** Faults of all further runs; none at first. */
  setFaults(...faults: Fault[]): void {
    this.faults = faults;
  }

  /** Lets every k-th operation fail that all providers together begin from now on, through all further runs. */
  failEvery(k: number): void {
    const folder = join(this.folder, `count-${++this.counts}`);
    this.setFaults({ action: "fail", count: { folder, at: k, repeats: true } });
  }

  /** Lets one operation fail, the k-th that all providers together begin from now on. */
  failAt(k: number): void {
    this.setFaults({ action: "fail", count: { folder: join(this.folder, `count-${++this.counts}`), at: k } });
  }

  preview(...args: string[]): Promise<Outcome> {
    return this.pulumi("preview", ...args);
  }

  up(...args: string[]): Promise<Outcome> {
    return this.pulumi("up", "--yes", "--skip-preview", ...args);
  }

  destroy(...args: string[]): Promise<Outcome> {
    return this.pulumi("destroy", "--yes", "--skip-preview", ...args);
  }

  /** Lets protected resources be destroyed. */
  async unprotect(): Promise<void> {
    await this.run(["state", "unprotect", "--all", "--yes", "--stack", this.stackArguments[1]!]);
  }

  /** Runs an update and interrupts it, like Ctrl-C, as soon as a resource of a name is there. */
  upInterruptedAfter(name: string): Promise<Outcome> {
    const isThere = () => readJournal(this.journalFile).some((entry) => entry.name === name);
    return this.run(["up", "--yes", "--skip-preview", ...this.stackArguments], isThere);
  }

  /** Runs a Pulumi command on the stack. */
  async pulumi(command: string, ...args: string[]): Promise<Outcome> {
    const { code, output, complaints } = await this.run([command, ...this.stackArguments, ...args]);
    return { code, output: output + complaints };
  }

  /** The finished operations since the last call, in the order in which they ended. */
  async journal(): Promise<JournalEntry[]> {
    const entries = readJournal(this.journalFile);
    await rm(this.journalFile, { force: true });
    return entries;
  }

  /** The resources of the stack, the stack itself and providers included. */
  async resources(): Promise<StateResource[]> {
    const { output } = await this.run(["stack", "export", "--stack", this.stackArguments[1]!]);
    const { deployment } = JSON.parse(output) as { deployment: { resources?: StateResource[] } };
    return deployment.resources ?? [];
  }

  /** The outputs of the stack, secrets in the clear. */
  async outputs(): Promise<Record<string, unknown>> {
    const { output } = await this.run([
      "stack",
      "output",
      "--json",
      "--show-secrets",
      "--stack",
      this.stackArguments[1]!,
    ]);
    return JSON.parse(output) as Record<string, unknown>;
  }

  /** Removes stack, backend and program. */
  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
    if (this.program !== checkoutRoot()) await rm(this.program, { recursive: true, force: true });
  }

  private get journalFile(): string {
    return join(this.folder, "journal");
  }

  private async run(args: string[], interruptWhen?: () => boolean): Promise<Outcome & { complaints: string }> {
    const binary = await toolPath("pulumi");
    const path = [dirname(process.execPath), dirname(binary), process.env["PATH"] ?? ""].join(delimiter);
    const own = { [JOURNAL_VARIABLE]: this.journalFile, [FAULTS_VARIABLE]: JSON.stringify(this.faults) };
    const env = { ...process.env, ...this.variables, ...own, PATH: path };
    const child = spawn(binary, [...args, "--cwd", this.program, "--non-interactive"], { env });
    let output = "";
    let complaints = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (complaints += chunk.toString()));
    const watch =
      interruptWhen &&
      setInterval(() => {
        if (!interruptWhen()) return;
        clearInterval(watch);
        child.kill("SIGINT");
      }, 100);
    const [code] = (await once(child, "close")) as [number | null];
    clearInterval(watch);
    return { code, output, complaints };
  }
}
