import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { stateFolder } from "../../rehearsal/checkout";
import { ControlPlane } from "../../rehearsal/cluster/control-plane";
import { processesMentioning } from "../../rehearsal/cluster/process-table";
import { Problem } from "../../rehearsal/problem";
import { Environment } from "../environment";
import { resourceCount } from "../embedded-stack";
import { runSteps } from "../progress";
import { readStackFile } from "../stack-file";

/** Options of `mlstack down`. */
export interface DownOptions {
  stack: string;
  force?: boolean;
}

/**
 * Destroys a stack. Where it ran on the embedded control plane, also ends every process of it and removes the state
 * folder, so that nothing is left but the tool cache.
 */
export async function down(options: DownOptions): Promise<number> {
  const stack = await readStackFile(options.stack);
  if (!stack.embedded) return destroy(options.stack);
  if (!existsSync(stateFolder())) {
    process.stdout.write("Nothing is up in this checkout.\n");
    return 0;
  }
  if (!options.force && (await resourceCount(options.stack)) > 0) {
    const code = await destroy(options.stack);
    if (code !== 0) {
      process.stderr.write(
        "\nThe stack was not destroyed. `npm run down -- --force` drops it together with its cluster.\n",
      );
      return code;
    }
  }
  await runSteps([
    {
      title: "Stopping the embedded control plane",
      typical: "3 s",
      run: async () => {
        await new ControlPlane("").remove();
        await rm(stateFolder(), { recursive: true, force: true });
        return "nothing is left but the tool cache";
      },
    },
  ]);
  const left = await processesMentioning(`${stateFolder()}/cluster/`);
  if (left.length > 0) {
    const list = left.map(({ pid, command }) => `${pid} ${command.slice(0, 80)}`).join("\n");
    throw new Problem(`these processes of the embedded cluster still run:\n${list}`, "End them by their process id.");
  }
  return 0;
}

async function destroy(stack: string): Promise<number> {
  const environment = await Environment.open(stack);
  await runSteps(environment.steps());
  return environment.pulumi.run(["destroy", "--yes", ...environment.stackArguments]);
}
