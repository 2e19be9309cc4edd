import { Problem } from "../../rehearsal/problem";
import { costTable } from "../cost-table";
import { Environment } from "../environment";
import { resourcesOfEvents } from "../event-log";
import { offlineLabel } from "../offline";
import { type PolicyOptions, stackPolicies } from "../policy-packs";
import { runSteps } from "../progress";
import { withEventLog } from "../pulumi";
import type { StackOptions } from "../stack-file";

/** Options of `mlstack preview`. */
export interface PreviewOptions extends StackOptions, PolicyOptions {
  expectNoChanges?: boolean;
  /** Look first at what is really there, so that what was changed or deleted by hand is a change. */
  refresh?: boolean;
  diff?: boolean;
  offline?: boolean;
}

/** Shows what `up` would do, judged by the policy packs; changes nothing but starts what a preview needs. */
export async function preview(options: PreviewOptions): Promise<number> {
  if (options.offline && options.expectNoChanges) {
    throw new Problem(
      "--offline shows a stack as if nothing of it existed, so that --expect-no-changes could never be met",
      "Leave one of the two out.",
    );
  }
  if (options.offline && options.refresh) {
    throw new Problem(
      "--offline asks nobody what is really there, which --refresh is for",
      "Leave one of the two out.",
    );
  }
  const environment = await Environment.open(options);
  const policies = await stackPolicies(options, environment.stack.name);
  const label = options.offline ? `${offlineLabel(environment.stack.name)}\n` : "";
  process.stdout.write(label);
  try {
    await runSteps(environment.steps());
    const { result: code, log } = await withEventLog(environment.pulumi, (engine, eventLog) =>
      engine.run([
        "preview",
        ...environment.stackArguments,
        ...policies.arguments,
        ...(options.refresh ? ["--refresh"] : []),
        ...(options.expectNoChanges ? ["--expect-no-changes"] : []),
        ...(options.diff ? ["--diff"] : []),
        ...eventLog,
      ]),
    );
    const cost = costTable(resourcesOfEvents(log));
    if (cost !== undefined) process.stdout.write(`\n${cost}\n\n`);
    return code;
  } finally {
    await policies.remove();
    await environment.close();
    process.stdout.write(label);
  }
}
