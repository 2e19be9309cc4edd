import type { PlannedResource } from "../../preflight/planned-resource";
import { Problem } from "../../rehearsal/problem";
import { resourcesOfEvents } from "../event-log";
import { type Pulumi, type PulumiRun, withEventLog } from "../pulumi";

/** What a preview tells of a stack. */
export interface PreviewedStack {
  resources: PlannedResource[];
  /** What the program said, such as that a chart is not rendered; each a line. */
  remarks: string[];
}

/** What `pulumi preview --json` prints, as far as it matters. */
interface PreviewOutput {
  steps?: { newState?: { urn: string; dependencies?: string[] | null } }[];
  diagnostics?: { severity: string; message: string; urn?: string }[];
}

/**
 * Plans a stack, and tells what it would be made of: each resource with what it is given and waits for, and components with
 * what they say of themselves. No policy pack judges it.
 *
 * @param stackArguments name the stack and its configuration to Pulumi.
 * @throws {Problem} with what the program complained about, when it cannot be planned.
 */
export async function previewedStack(pulumi: Pulumi, stackArguments: string[]): Promise<PreviewedStack> {
  const { result: run, log } = await withEventLog(pulumi, (engine, eventLog) =>
    engine.captured(["preview", ...stackArguments, "--json", "--show-sames", ...eventLog]),
  );
  const printed = parsedOutput(run);
  if (run.code !== 0) throw new Problem(complaintsOf(printed, run), "Mend what it complains about, then plan again.");
  const dependencies = new Map(
    (printed?.steps ?? []).map(({ newState }) => [newState?.urn ?? "", newState?.dependencies ?? []]),
  );
  const resources = resourcesOfEvents(log).map((resource) => ({
    ...resource,
    dependencies: dependencies.get(resource.urn) ?? [],
  }));
  return { resources, remarks: remarksOf(printed) };
}

/** Programs may print to the standard output as well; the last object counts. */
function parsedOutput({ output }: PulumiRun): PreviewOutput | undefined {
  const start = output.startsWith("{") ? 0 : output.indexOf("\n{") + 1;
  try {
    return JSON.parse(output.slice(start)) as PreviewOutput;
  } catch {
    return undefined;
  }
}

function complaintsOf(printed: PreviewOutput | undefined, { output, complaints }: PulumiRun): string {
  const errors = (printed?.diagnostics ?? []).filter(({ severity }) => severity === "error");
  const said = errors.length > 0 ? errors.map(({ message }) => message.trim()) : [complaints.trim(), output.trim()];
  return ["the stack cannot be planned:", ...said.filter((line) => line !== "")].join("\n");
}

/** What the program itself said; what is said of one resource, or complained about, is for whoever deploys it. */
function remarksOf(printed: PreviewOutput | undefined): string[] {
  const remarks = (printed?.diagnostics ?? []).filter(({ severity, urn }) => severity === "info" && urn === undefined);
  return [...new Set(remarks.map(({ message }) => message.trim()))].filter((remark) => !remark.startsWith("warning:"));
}
