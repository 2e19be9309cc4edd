import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Environment } from "../../cli/environment";
import { policyArguments } from "../../cli/policy-packs";
import type { Outcome } from "./mlstack";
import { type ProgramGround, PulumiProgram } from "./pulumi-program";

/**
 * Pulumi programs of a test's own, run by the real engine with the real provider against an embedded control plane, and
 * judged by the compiled policy packs.
 */
export class PulumiProject {
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

  /** What programs run on. */
  get ground(): ProgramGround {
    const { controlPlane, pulumi } = this.environment;
    return { kubeconfig: controlPlane.layout.kubeconfig, variables: pulumi.variables };
  }

  /** Runs `pulumi preview` or `up` on a program with a stack of its own. */
  async run(command: "preview" | "up", source: string, ...args: string[]): Promise<Outcome> {
    const program = await PulumiProgram.create(this.ground);
    try {
      const items = Object.entries(this.packConfiguration).map(async ([pack, configuration]) => {
        return `${pack}=${await program.write(`${pack}.json`, JSON.stringify(configuration))}`;
      });
      return await program.run(command, source, ...policyArguments(await Promise.all(items)), ...args);
    } finally {
      await program.remove();
    }
  }

  /** Ends the control plane and removes all files. */
  async remove(): Promise<void> {
    await this.environment.controlPlane.remove();
    delete process.env["MLSTACK_STATE"];
    await rm(this.state, { recursive: true, force: true });
  }
}
