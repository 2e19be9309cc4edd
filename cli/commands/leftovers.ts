import { Environment } from "../environment";
import { runSteps } from "../progress";
import type { StackOptions } from "../stack-file";
import { findLeftovers } from "../teardown/leftovers";
import { stateOf } from "../teardown/pulumi-state";
import { readSubject } from "../teardown/subject";
import { report } from "../teardown/teardown";

/** Options of `mlstack leftovers`. */
export interface LeftoversOptions extends StackOptions {
  /** Name of the EKS cluster, where neither state nor configuration tell. */
  cluster?: string;
  /** AWS region, where neither state nor configuration tell. */
  region?: string;
  /** Print JSON in place of text. */
  json?: boolean;
}

/**
 * Shows what AWS has of an environment or its cluster, by tag, and Pulumi does not know, with the remedy for each.
 *
 * @returns 0 when that is nothing, else 1.
 */
export async function leftovers({ cluster, region, json, ...options }: LeftoversOptions): Promise<number> {
  const environment = await Environment.open(options);
  if (environment.stack.embedded) {
    process.stdout.write(`The stack ${options.stack} runs on the embedded cluster: it has nothing in AWS.\n`);
    return 0;
  }
  if (json) for (const step of environment.steps()) await step.run(() => undefined);
  else await runSteps(environment.steps());
  const known = await stateOf(environment);
  const subject = {
    ...(await readSubject(environment.stack, known)),
    ...(cluster === undefined ? {} : { cluster }),
    ...(region === undefined ? {} : { region }),
  };
  if (!json) return report(subject, known);
  const found = await findLeftovers(subject, known);
  process.stdout.write(`${JSON.stringify({ environment: subject.environment, cluster: subject.cluster, ...found })}\n`);
  return found.left.length === 0 ? 0 : 1;
}
