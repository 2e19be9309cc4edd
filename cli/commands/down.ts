import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { stateFolder } from "../../rehearsal/checkout";
import { ControlPlane } from "../../rehearsal/cluster/control-plane";
import { endProcess, processesMentioning } from "../../rehearsal/cluster/process-table";
import { Environment } from "../environment";
import { resourceCount } from "../embedded-stack";
import { runSteps } from "../progress";
import { readStackFile, type StackOptions } from "../stack-file";

/** Options of `mlstack down`. */
export interface DownOptions extends StackOptions {
  force?: boolean;
}

/**
 * Destroys a stack. Where it ran on the embedded control plane, also ends every process of it and removes the state
 * folder, so that nothing is left but the tool cache.
 */
export async function down(options: DownOptions): Promise<number> {
  const stack = await readStackFile(options);
  if (!stack.embedded) return destroy(options);
  if (!existsSync(stateFolder())) {
    process.stdout.write("Nothing is up in this checkout.\n");
    return 0;
  }
  if (!options.force && (await resourceCount(options.stack)) > 0) {
    const code = await destroy(options);
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
        for (const { pid } of await processesMentioning(stateFolder())) await endProcess(pid);
        await rm(stateFolder(), { recursive: true, force: true });
        return "nothing is left but the tool cache";
      },
    },
  ]);
  return 0;
}

async function destroy(options: StackOptions): Promise<number> {
  const environment = await Environment.open(options);
  await runSteps(environment.steps());
  return environment.pulumi.run(["destroy", "--yes", ...environment.stackArguments]);
}
