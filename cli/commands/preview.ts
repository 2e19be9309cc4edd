import { Environment } from "../environment";
import { policyArguments } from "../policy-packs";
import { runSteps } from "../progress";
import type { StackOptions } from "../stack-file";

/** Options of `mlstack preview`. */
export interface PreviewOptions extends StackOptions {
  expectNoChanges?: boolean;
  diff?: boolean;
  policyConfig: string[];
}

/** Shows what `up` would do, judged by the policy packs; changes nothing but starts what a preview needs. */
export async function preview(options: PreviewOptions): Promise<number> {
  const environment = await Environment.open(options);
  const policies = policyArguments(options.policyConfig);
  await runSteps(environment.steps());
  return environment.pulumi.run([
    "preview",
    ...environment.stackArguments,
    ...policies,
    ...(options.expectNoChanges ? ["--expect-no-changes"] : []),
    ...(options.diff ? ["--diff"] : []),
  ]);
}
