import { Problem } from "../../rehearsal/problem";
import { Environment } from "../environment";
import { offlineLabel } from "../offline";
import { policyArguments } from "../policy-packs";
import { runSteps } from "../progress";
import type { StackOptions } from "../stack-file";

/** Options of `mlstack preview`. */
export interface PreviewOptions extends StackOptions {
  expectNoChanges?: boolean;
  diff?: boolean;
  offline?: boolean;
  policyConfig: string[];
}

/** Shows what `up` would do, judged by the policy packs; changes nothing but starts what a preview needs. */
export async function preview(options: PreviewOptions): Promise<number> {
  if (options.offline && options.expectNoChanges) {
    throw new Problem(
      "--offline shows a stack as if nothing of it existed, so that --expect-no-changes could never be met",
      "Leave one of the two out.",
    );
  }
  const environment = await Environment.open(options);
  const policies = policyArguments(options.policyConfig);
  const label = options.offline ? `${offlineLabel(environment.stack.name)}\n` : "";
  process.stdout.write(label);
  try {
    await runSteps(environment.steps());
    return await environment.pulumi.run([
      "preview",
      ...environment.stackArguments,
      ...policies,
      ...(options.expectNoChanges ? ["--expect-no-changes"] : []),
      ...(options.diff ? ["--diff"] : []),
    ]);
  } finally {
    await environment.close();
    process.stdout.write(label);
  }
}
