import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { Environment } from "../../cli/environment";
import { checkoutRoot } from "../../rehearsal/checkout";
import { policyArguments } from "../../cli/policy-packs";
import { toolPath } from "./toolchain";
import type { Outcome } from "./mlstack";

/**
 * Pulumi programs of a test's own, run by the real engine with the real provider against an embedded control plane, and
 * judged by the compiled policy packs.
 */
export class PulumiProject {
  private programs = 0;

  private constructor(
    private readonly state: string,
    readonly environment: Environment,
  ) {}

  /** Starts a control plane and prepares a local backend, both in a folder outside the checkout. */
  static async create(): Promise<PulumiProject> {
    const state = await mkdtemp(join(tmpdir(), "mlstack-project-"));
    process.env["MLSTACK_STATE"] = state;
    const environment = await Environment.open({ stack: "local" });
    for (const step of environment.steps()) await step.run(() => undefined);
    return new PulumiProject(state, environment);
  }

  /** Configuration of policy packs by their name, in the form of Pulumi; by default every rule is as it is. */
  packConfiguration: Record<string, object> = {};

  /** Runs `pulumi preview` or `up` on a program in JavaScript; `k8s`, `pulumi` and `provider` are in its scope. */
  async run(command: "preview" | "up", program: string, ...args: string[]): Promise<Outcome> {
    // Inside node_modules, so that the program finds the packages of the checkout.
    const folder = join(
      checkoutRoot(),
      "node_modules",
      ".cache",
      "mlstack-test",
      `program-${process.pid}-${++this.programs}`,
    );
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "Pulumi.yaml"), "name: program\nruntime: nodejs\n");
    await writeFile(join(folder, "package.json"), '{ "name": "program", "version": "0.0.0", "main": "index.js" }\n');
    const { kubeconfig } = this.environment.controlPlane.layout;
    await writeFile(
      join(folder, "index.js"),
      `const k8s = require("@pulumi/kubernetes"); const pulumi = require("@pulumi/pulumi");
const provider = new k8s.Provider("cluster", { kubeconfig: ${JSON.stringify(kubeconfig)} });
${program}`,
    );
    try {
      await this.pulumi(folder, ["stack", "init", `test-${this.programs}`, "--secrets-provider", "passphrase"]);
      const agreed = command === "up" ? ["--yes"] : [];
      const items = Object.entries(this.packConfiguration).map(async ([pack, configuration]) => {
        await writeFile(join(folder, `${pack}.json`), JSON.stringify(configuration));
        return `${pack}=${join(folder, `${pack}.json`)}`;
      });
      const policies = policyArguments(await Promise.all(items));
      return await this.pulumi(folder, [command, ...agreed, ...policies, ...args]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** Ends the control plane and removes all files. */
  async remove(): Promise<void> {
    await this.environment.controlPlane.remove();
    delete process.env["MLSTACK_STATE"];
    await rm(this.state, { recursive: true, force: true });
  }

  private async pulumi(folder: string, args: string[]): Promise<Outcome> {
    const binary = await toolPath("pulumi");
    const path = [dirname(process.execPath), dirname(binary), process.env["PATH"] ?? ""].join(delimiter);
    const env = { ...process.env, ...this.environment.pulumi.variables, PATH: path };
    const child = spawn(binary, [...args, "--cwd", folder, "--non-interactive"], { env });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
    const [code] = (await once(child, "close")) as [number | null];
    return { code, output };
  }
}
