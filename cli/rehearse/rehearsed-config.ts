import { readFile, writeFile } from "node:fs/promises";
import { isSeq, parseDocument } from "yaml";
import { Problem } from "../../rehearsal/problem";
import type { StackFile } from "../stack-file";

/** Configurations that a rehearsal runs a stack with. */
export interface RehearsedConfig {
  /** The cluster and the platform, without the workloads of the stack. */
  platform: string;
  /** All of it. */
  whole: string;
  /** Whether the stack declares workloads. */
  hasWorkloads: boolean;
}

/**
 * Writes the configurations that a rehearsal runs a stack with: the stack's own, with controllers that run.
 *
 * @param folder where to.
 * @throws {Problem} for a stack that is not on the embedded cluster.
 */
export async function writeRehearsedConfig(stack: StackFile, folder: string): Promise<RehearsedConfig> {
  if (!stack.embedded) {
    throw new Problem(
      `the stack ${stack.name} is on a cluster of its own, and a rehearsal runs on the embedded one`,
      "Rehearse a stack of the kind local: name one by --stack, or a file by --config.",
    );
  }
  const document = parseDocument(await readFile(stack.path, "utf8"));
  document.setIn(["config", "mlstack:cluster", "controllers"], "processes");
  const whole = `${folder}/whole.yaml`;
  await writeFile(whole, document.toString());
  const scenarios: unknown = document.getIn(["config", "mlstack:scenarios"]);
  document.setIn(["config", "mlstack:scenarios"], []);
  const platform = `${folder}/platform.yaml`;
  await writeFile(platform, document.toString());
  return { platform, whole, hasWorkloads: isSeq(scenarios) && scenarios.items.length > 0 };
}
