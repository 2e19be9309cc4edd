import { Problem } from "../../rehearsal/problem";
import { Environment } from "../environment";
import { type PolicyOptions, stackPolicies } from "../policy-packs";
import { elapsed, runSteps } from "../progress";
import type { StackFile, StackOptions } from "../stack-file";
import { printSummary } from "../summary";

/** Options of `mlstack up`. */
export interface UpOptions extends StackOptions, PolicyOptions {
  expectNoChanges?: boolean;
  /** Look first at what is really there, and mend what was changed or deleted by hand. */
  refresh?: boolean;
  /**
   * Do not preview first, so that what policies refuse is found when others of the resources are there already; only with
   * `yes` for stacks on existing clusters and on AWS.
   */
  skipPreview?: boolean;
  /** Do not ask; a local environment is never asked about. */
  yes?: boolean;
  /** Have a real node beside the simulated ones. */
  realNode?: boolean;
  /** How many real nodes to have. */
  realNodes?: number;
}

/** @throws {Problem} where a stack that is not this machine's own would be updated unseen and unasked. */
function checkConsent({ skipPreview, yes, stack }: UpOptions, { embedded }: StackFile): void {
  if (skipPreview !== true || yes === true || embedded) return;
  throw new Problem(
    `--skip-preview would change the stack ${stack} at once: Pulumi asks after its preview`,
    "Leave it out, or add --yes.",
  );
}

/** Brings a stack up: tools, control plane, then a Pulumi update that the policy packs judge before anything is created. */
export async function up(options: UpOptions): Promise<number> {
  const started = Date.now();
  const { realNode, realNodes = realNode === true ? 1 : undefined } = options;
  const environment = await Environment.open({ ...options, ...(realNodes !== undefined && { realNodes }) });
  checkConsent(options, environment.stack);
  const policies = await stackPolicies(options, environment.stack.name);
  const code = await update(environment, options, policies.arguments).finally(policies.remove);
  if (code !== 0) {
    process.stderr.write(`\nThe stack ${options.stack} is not up (after ${elapsed(started)}); the reason is above.\n`);
    return code;
  }
  if (environment.stack.embedded) await printSummary(environment, started);
  return 0;
}

async function update(environment: Environment, options: UpOptions, policies: string[]): Promise<number> {
  await runSteps(environment.steps());
  return environment.pulumi.run([
    "up",
    ...(options.yes || environment.stack.embedded ? ["--yes"] : []),
    ...(options.refresh ? ["--refresh"] : []),
    ...(options.skipPreview ? ["--skip-preview"] : []),
    ...environment.stackArguments,
    ...policies,
    ...(options.expectNoChanges ? ["--expect-no-changes"] : []),
  ]);
}
