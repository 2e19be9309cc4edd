import { existsSync } from "node:fs";
import { rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { stateFolder } from "../../rehearsal/checkout";
import { ControlPlane } from "../../rehearsal/cluster/control-plane";
import { clusterLayout } from "../../rehearsal/cluster/layout";
import { Environment } from "../environment";
import { endPulumiProcesses, otherStacksInUse, resourceCount } from "../embedded-stack";
import { runSteps } from "../progress";
import { pulumiFolder } from "../pulumi";
import { readStackFile, type StackOptions } from "../stack-file";
import { definitionsIn } from "../teardown/held-objects";
import { stateOf } from "../teardown/pulumi-state";
import { showOrder, tearDown, tearDownEmbedded, type TeardownOptions, tellKeptTypes } from "../teardown/teardown";

/** Options of `mlstack down`; a local environment is never asked about. */
export interface DownOptions extends StackOptions, TeardownOptions {
  /** Show the order of the destroy and change nothing. */
  dryRun?: boolean;
  /** Drop a local environment without destroying its stack first. */
  force?: boolean;
}

/**
 * Destroys a stack, step by step where it has a platform or a cluster in AWS. Where it ran on the embedded control plane, also ends
 * every process of it and removes the state folder, so that nothing is left but the tool cache.
 */
export async function down(options: DownOptions): Promise<number> {
  const stack = await readStackFile(options);
  if (!stack.embedded) {
    const environment = await readyEnvironment(options);
    return options.dryRun ? showOrder(environment, options) : tearDown(environment, options);
  }
  if (!existsSync(clusterLayout().folder) && !existsSync(pulumiFolder())) {
    process.stdout.write("Nothing is up in this checkout.\n");
    return 0;
  }
  if (options.dryRun) return showOrder(await readyEnvironment(options), options);
  const isEmpty = options.force === true || (await resourceCount(options.stack)) === 0;
  const environment = isEmpty ? undefined : await readyEnvironment(options);
  const resources = environment === undefined ? [] : await stateOf(environment);
  if (environment !== undefined) {
    const code = await tearDownEmbedded(environment, resources, options);
    if (code !== 0) {
      process.stderr.write(
        "\nThe stack was not destroyed. `npm run down -- --force` drops it together with its cluster.\n",
      );
      return code;
    }
  }
  const others = options.force ? [] : await otherStacksInUse(options.stack);
  if (others.length > 0) {
    process.stdout.write(`\nThe control plane goes on, as other stacks are on it: ${others.join(", ")}\n`);
    if (environment !== undefined) await tellKeptTypes(environment, resources);
    return 0;
  }
  const kept = definitionsIn(resources).filter((definition) => definition.kept).length;
  if (kept > 0) {
    process.stdout.write(
      `\n${kept} resource types were kept on purpose (retainOnDelete) and go with the control plane.\n`,
    );
  }
  await runSteps([
    {
      title: "Stopping the embedded control plane",
      typical: "3 s",
      run: async () => {
        await endPulumiProcesses();
        await new ControlPlane("").remove();
        for (const own of ["pulumi", "locks"]) await rm(join(stateFolder(), own), { recursive: true, force: true });
        // Whatever else a folder of MLSTACK_STATE holds is not ours.
        await rmdir(stateFolder()).catch(() => undefined);
        return "nothing is left but the tool cache";
      },
    },
  ]);
  return 0;
}

async function readyEnvironment(options: DownOptions): Promise<Environment> {
  const environment = await Environment.open(options);
  await runSteps(environment.steps());
  return environment;
}
