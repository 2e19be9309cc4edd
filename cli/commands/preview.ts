import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Problem } from "../../rehearsal/problem";
import { costTable } from "../cost-table";
import { Environment } from "../environment";
import { offlineLabel } from "../offline";
import { type PolicyOptions, stackPolicies } from "../policy-packs";
import { runSteps } from "../progress";
import type { StackOptions } from "../stack-file";

/** Options of `mlstack preview`. */
export interface PreviewOptions extends StackOptions, PolicyOptions {
  expectNoChanges?: boolean;
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
  const environment = await Environment.open(options);
  const policies = await stackPolicies(options, environment.stack.name);
  const label = options.offline ? `${offlineLabel(environment.stack.name)}\n` : "";
  process.stdout.write(label);
  try {
    await runSteps(environment.steps());
    const { code, cost } = await withEventLog(async (eventLog) => ({
      // Without debug commands Pulumi knows no --event-log; its own Automation API does the same.
      code: await environment.pulumi
        .with({ PULUMI_DEBUG_COMMANDS: "true" })
        .run([
          "preview",
          ...environment.stackArguments,
          ...policies.arguments,
          ...(options.expectNoChanges ? ["--expect-no-changes"] : []),
          ...(options.diff ? ["--diff"] : []),
          "--event-log",
          eventLog,
        ]),
      cost: await costTable(eventLog),
    }));
    if (cost !== undefined) process.stdout.write(`\n${cost}\n\n`);
    return code;
  } finally {
    await policies.remove();
    await environment.close();
    process.stdout.write(label);
  }
}

/** Pulumi tells the outputs of a preview to its event log alone; it may name what is nobody else's business. */
async function withEventLog<Result>(use: (eventLog: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), "mlstack-events-"));
  try {
    return await use(join(folder, "events.jsonl"));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
