import { join, relative } from "node:path";
import { pricesWith } from "../../components/model";
import type { ComparedCost } from "../../preflight/cost";
import type { PlannedResource } from "../../preflight/planned-resource";
import { callersPath, checkoutRoot } from "../../rehearsal/checkout";
import { Problem } from "../../rehearsal/problem";
import { plain } from "../check/plain";
import { Environment } from "../environment";
import { offlineLabel } from "../offline";
import { refuseUnwritable, writeOutput } from "../output-file";
import { costOfEarlierPlan } from "../plan/earlier-plan";
import { planMarkdown } from "../plan/markdown";
import { planPage } from "../plan/page/page";
import { plannedReport, type PlanInput } from "../plan/plan-report";
import { previewedStack, type PreviewedStack } from "../plan/previewed-resources";
import type { PlanReport } from "../plan/report";
import { planSarif } from "../plan/sarif";
import { deployedResources, resourcesOfFiles } from "../plan/sources";
import { planTable } from "../plan/table";
import { callersPolicyFiles, policyFilesOf, readPolicyFile } from "../policy-file";
import { pricesOf, refuseUnknownRegion } from "../price-options";
import { runSteps, type Step } from "../progress";
import type { StackOptions } from "../stack-file";
import { versionOfThis } from "../version";

/** Options of `mlstack plan`. */
export interface PlanOptions extends StackOptions {
  offline?: boolean;
  region?: string;
  prices?: string;
  against?: string;
  policies?: string;
  policyProfile?: string;
  format: string;
  output?: string;
  html?: string;
  sarif?: string;
}

/** Forms of the plan on the standard output, by the name that chooses them. */
const FORMATS: Record<string, (report: PlanReport) => string> = {
  table: planTable,
  json: (report) => `${JSON.stringify(report, undefined, 2)}\n`,
  markdown: planMarkdown,
};

/** Names of the formats. */
export const PLAN_FORMATS = Object.keys(FORMATS);

/**
 * Tells of a stack, before anything is spent, whether each workload can run and where, what it costs, and what does not
 * fit together.
 *
 * @param paths files to judge in place of the stack: manifests, or what `pulumi stack export` printed.
 * @returns 0 when nothing mandatory was found, else 1.
 * @throws {Problem} when the plan cannot be made; the command then ends with 2.
 */
export async function plan(paths: string[], options: PlanOptions): Promise<number> {
  const { region, format, output, html, sarif } = options;
  refuseUnknownRegion(region);
  if (sarif !== undefined && paths.length > 0) {
    throw new Problem(
      "--sarif places findings at the file that configures a stack, and here are files in place of one",
      "Use `mlstack check --format sarif`, which tells the lines of files.",
    );
  }
  const textFile = output === undefined ? undefined : { path: output, content: "the plan", option: "--output" };
  const page = html === undefined ? undefined : { path: html, content: "the page", option: "--html" };
  const log = sarif === undefined ? undefined : { path: sarif, content: "the findings", option: "--sarif" };
  for (const file of [textFile, page, log]) if (file !== undefined) await refuseUnwritable(file);
  const prices = options.prices === undefined ? [] : await pricesOf(options.prices);
  const { file, ...input } = paths.length > 0 ? await inputOfFiles(paths, options) : await inputOfStack(options);
  const report = plannedReport({ ...input, prices: pricesWith(prices), ...(region === undefined ? {} : { region }) });
  const text = (FORMATS[format] ?? planTable)(report);
  if (textFile === undefined) process.stdout.write(text);
  else await writeOutput(textFile, text);
  if (page !== undefined) {
    await writeOutput(page, planPage(report));
    process.stderr.write(`The page is in ${plain(page.path)}.\n`);
  }
  if (log !== undefined) await writeOutput(log, planSarif(report, { file, version: versionOfThis() }));
  return report.summary.mandatory > 0 ? 1 : 0;
}

/** What a plan is made of, apart from what the options themselves say. */
interface PlannedInput extends Omit<PlanInput, "prices" | "region"> {
  /** Where findings are that have no place of their own, from where the caller is. */
  file: string;
}

/** What the plan of files is made of; nothing is deployed that they could be compared with. */
async function inputOfFiles(paths: string[], options: PlanOptions): Promise<PlannedInput> {
  const { resources, remarks } = await resourcesOfFiles(paths);
  return {
    stack: paths.length === 1 ? paths[0]! : `${paths.length} paths`,
    file: paths[0]!,
    offline: true,
    resources,
    remarks,
    before: await comparedWith(options, () => Promise.resolve(undefined)),
    ...(await judging(options, undefined)),
  };
}

/** What the plan of a stack is made of: what a preview tells of it, and its last state. */
async function inputOfStack(options: PlanOptions): Promise<PlannedInput> {
  const { offline = false, format, output } = options;
  const environment = await Environment.open(options);
  const policies = await judging(options, environment.stack.name);
  const isQuiet = format !== "table" || output !== undefined;
  try {
    let previewed: PreviewedStack | undefined;
    const preview: Step = {
      title: "Preview of the stack",
      typical: "5 to 20 s",
      run: async () => {
        previewed = await previewedStack(environment.pulumi, environment.stackArguments);
        return `${previewed.resources.length} resources`;
      },
    };
    const steps = [...environment.steps(), preview];
    if (isQuiet) for (const step of steps) await step.run(() => undefined);
    else await runSteps(steps);
    const { resources, remarks } = previewed!;
    return {
      stack: environment.stack.name,
      file: relative(callersPath("."), environment.stack.path),
      offline,
      resources,
      remarks: [...(offline ? [offlineLabel(environment.stack.name)] : []), ...remarks],
      before: await comparedWith(options, () =>
        offline ? Promise.resolve(undefined) : deployedResources(environment),
      ),
      ...policies,
    };
  } finally {
    await environment.close();
  }
}

/** Levels and parameters of the rules, and the day on which exemptions are judged. */
async function judging(
  { policies, policyProfile }: PlanOptions,
  stack: string | undefined,
): Promise<Pick<PlanInput, "configuration" | "judgedAt">> {
  const folder = join(checkoutRoot(), "stacks");
  const candidates = stack === undefined ? callersPolicyFiles() : policyFilesOf(folder, stack);
  const named = policies === undefined ? undefined : callersPath(policies);
  const { content } = await readPolicyFile(named, candidates, policyProfile);
  return { configuration: content, judgedAt: new Date() };
}

/** What to compare the cost with: the file that was named, be it an earlier plan or a state, else what is deployed. */
async function comparedWith(
  { against }: PlanOptions,
  deployed: () => Promise<PlannedResource[] | undefined>,
): Promise<PlannedResource[] | ComparedCost | undefined> {
  if (against === undefined) return deployed();
  return (await costOfEarlierPlan(against)) ?? (await resourcesOfFiles([against])).resources;
}
