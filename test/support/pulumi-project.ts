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

  /**
   * Starts a control plane and prepares a local backend with a stack of the project's own program, all in a folder outside the
   * checkout.
   *
   * @param config Path of the configuration of the stack; that of the stack `local` by default.
   */
  static async create(config?: string): Promise<PulumiProject> {
    const state = await mkdtemp(join(tmpdir(), "mlstack-project-"));
    process.env["MLSTACK_STATE"] = state;
    const environment = await Environment.open({ stack: "local", ...(config && { config }) });
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

  /** Brings up or destroys the stack of the project's own program. @throws Error with what was printed where that fails. */
  async own(command: "up" | "destroy"): Promise<string> {
    const { pulumi, stackArguments } = this.environment;
    return pulumi.quietly([command, "--yes", "--skip-preview", "--non-interactive", ...stackArguments]);
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
