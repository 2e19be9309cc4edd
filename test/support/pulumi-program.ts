import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { basename, delimiter, dirname, join } from "node:path";
import { checkoutRoot } from "../../rehearsal/checkout";
import type { Outcome } from "./mlstack";
import { toolPath } from "./toolchain";

/** What a program of a test's own runs on. */
export interface ProgramGround {
  /** Path of the kubeconfig of its cluster. */
  kubeconfig: string;
  /** Variables that name the engine's plugins and passphrase. */
  variables: Record<string, string>;
  /** Address of the backend of its stack, which it then shares with others; by default it has one of its own. */
  backend?: string;
  /** Folders of further plugins of the engine; none by default. */
  plugins?: string[];
}

let programs = 0;

/** A Pulumi program with one stack and a backend of its own; one in JavaScript is brought up version by version. */
export class PulumiProgram {
  private constructor(
    private readonly folder: string,
    private readonly ground: ProgramGround,
  ) {}

  /** Makes the program's folder and its stack. */
  static async create(ground: ProgramGround): Promise<PulumiProgram> {
    const name = `program-${process.pid}-${++programs}`;
    // Inside node_modules, so that the program finds the packages of the checkout.
    const folder = join(checkoutRoot(), "node_modules", ".cache", "mlstack-test", name);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "Pulumi.yaml"), "name: program\nruntime: nodejs\n");
    await writeFile(join(folder, "package.json"), '{ "name": "program", "version": "0.0.0", "main": "index.js" }\n');
    return PulumiProgram.in(folder, ground);
  }

  /** Takes the program that a folder holds, and makes its stack. */
  static async in(folder: string, ground: ProgramGround): Promise<PulumiProgram> {
    await mkdir(join(folder, "backend"), { recursive: true });
    const program = new PulumiProgram(folder, ground);
    await program.pulumi("stack", "init", basename(folder), "--secrets-provider", "passphrase");
    return program;
  }

  /** Makes a program from a template as `pulumi new` does, without its stack. */
  static async generated(folder: string, ground: ProgramGround, template: string, ...args: string[]) {
    await mkdir(folder);
    const program = new PulumiProgram(folder, ground);
    const outcome = await program.pulumi("new", template, "--generate-only", "--yes", ...args);
    return { program, outcome };
  }

  /** Runs a command of the engine on a version of the program; `k8s`, `pulumi` and `provider` are in its scope. */
  async run(command: "preview" | "up" | "destroy", source: string, ...args: string[]): Promise<Outcome> {
    await writeFile(
      join(this.folder, "index.js"),
      `const k8s = require("@pulumi/kubernetes"); const pulumi = require("@pulumi/pulumi");
const provider = new k8s.Provider("cluster", { kubeconfig: ${JSON.stringify(this.ground.kubeconfig)} });
${source}`,
    );
    return this.pulumi(command, ...(command === "preview" ? [] : ["--yes"]), ...args);
  }

  /** Writes a file beside the program. @returns its path. */
  async write(name: string, text: string): Promise<string> {
    const path = join(this.folder, name);
    await writeFile(path, text);
    return path;
  }

  /** Removes the program's folder, and leaves what it created. */
  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Runs a command of the engine on the program as it is. */
  async pulumi(...args: string[]): Promise<Outcome> {
    const binary = await toolPath("pulumi");
    const env = await this.environment();
    const child = spawn(binary, [...args, "--cwd", this.folder, "--non-interactive"], { env });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
    const [code] = (await once(child, "close")) as [number | null];
    return { code, output };
  }

  /** What the engine is run with; it is on the path, with its plugins, and keeps its state in the folder, or where the ground says. */
  async environment(): Promise<NodeJS.ProcessEnv> {
    const binary = await toolPath("pulumi");
    const { variables, backend = `file://${join(this.folder, "backend")}`, plugins = [] } = this.ground;
    const path = [dirname(process.execPath), dirname(binary), ...plugins, process.env["PATH"] ?? ""].join(delimiter);
    return { ...process.env, ...variables, PULUMI_BACKEND_URL: backend, PATH: path };
  }
}
