import { readKubeconfig } from "../../rehearsal/cluster/kubeconfig";
import { pricesWith } from "../../components/model";
import { planOf, type Plan } from "../../preflight/plan";
import type { PlannedResource } from "../../preflight/planned-resource";
import { callersPath } from "../../rehearsal/checkout";
import { Problem } from "../../rehearsal/problem";
import { faultInjectors } from "../../rehearsal/faults";
import { Aftermath } from "../../rehearsal/faults/aftermath";
import { CLOCK, ensureClock } from "../../rehearsal/faults/clock-tool";
import { arrivalsOf } from "../../rehearsal/scenarios/arrivals";
import { type LoadedScenario, readScenario } from "../../rehearsal/scenarios/scenario-file";
import { emptyScenario } from "../../rehearsal/scenarios/scenario";
import { rehearsalCost } from "../../rehearsal/timeline/cost";
import { timelineOf } from "../../rehearsal/timeline/timeline-of";
import { plain } from "../check/plain";
import { Environment } from "../environment";
import { resourcesOfEvents } from "../event-log";
import { refuseUnwritable, writeOutput } from "../output-file";
import { pulumiFolder, withEventLog } from "../pulumi";
import { previewedStack } from "../plan/previewed-resources";
import { pricesOf, refuseUnknownRegion } from "../price-options";
import { runSteps, type Step } from "../progress";
import { rehearsalPage } from "../rehearse/page";
import { perform, type Performance } from "../rehearse/performance";
import { podDurations, scenarioWorkloads, type PodDurations } from "../rehearse/pod-durations";
import { poolPrices } from "../rehearse/pool-prices";
import { writeRehearsedConfig, type RehearsedConfig } from "../rehearse/rehearsed-config";
import { differenceLines, rehearsalRemarks } from "../rehearse/remarks";
import { REHEARSAL_REPORT_VERSION, type RehearsalReport, summaryOf } from "../rehearse/report";
import { Interrupted, withScratchState } from "../rehearse/scratch";
import { createStanding } from "../rehearse/standing-objects";
import { rehearsalTable } from "../rehearse/table";
import { readStackFile, type StackFile } from "../stack-file";
import { USUAL_STACK } from "../usual-stack";

/** Options of `mlstack rehearse`. */
export interface RehearseOptions {
  stack?: string;
  config?: string;
  speed?: number;
  region?: string;
  prices?: string;
  format: string;
  output?: string;
  html?: string;
  keep?: boolean;
}

/** Forms of the report on the standard output, by the name that chooses them. */
const FORMATS: Record<string, (report: RehearsalReport) => string> = {
  table: rehearsalTable,
  json: (report) => `${JSON.stringify(report, undefined, 2)}\n`,
};

/** Names of the formats. */
export const REHEARSAL_FORMATS = Object.keys(FORMATS);

/** Exit code after Ctrl-C, as shells have it. */
const INTERRUPTED = 130;

/**
 * Brings a stack up in a cluster of its own, has its workloads and those of a scenario run there, and tells what happened.
 *
 * @param path scenario file; without one the stack's own workloads run.
 * @returns 0 where every workload came to a good end or goes on, else 1.
 * @throws {Problem} when it cannot be rehearsed; the command then ends with 2.
 */
export async function rehearse(path: string | undefined, options: RehearseOptions): Promise<number> {
  const { region, format, output, html, keep = false } = options;
  refuseUnknownRegion(region);
  const textFile = output === undefined ? undefined : { path: output, content: "the report", option: "--output" };
  const page = html === undefined ? undefined : { path: html, content: "the page", option: "--html" };
  for (const file of [textFile, page]) if (file !== undefined) await refuseUnwritable(file);
  const prices = pricesWith(options.prices === undefined ? [] : await pricesOf(options.prices));
  const scenario = await scenarioOf(path, options);
  const stack = await stackOf(scenario, options);
  let kept: string | undefined;
  try {
    return await withScratchState(keep, async (folder, stop) => {
      const config = await writeRehearsedConfig(stack, pulumiFolder());
      process.stderr.write(differenceLines(stack.name, config.remarks));
      const rehearsal = new Rehearsal(stack, scenario, config, stop);
      if (keep) kept = folder;
      // Machines in a zone of AWS have the prices of that, whatever is asked for.
      const priced = config.region ?? region;
      await rehearsal.prepare((resources) =>
        planOf(resources, { prices, ...(priced === undefined ? {} : { region: priced }) }),
      );
      const performance = await rehearsal.perform();
      if (stop.aborted) throw new Interrupted("the rehearsal was interrupted");
      const report = rehearsal.report(performance, path);
      const text = (FORMATS[format] ?? rehearsalTable)(report);
      if (textFile === undefined) process.stdout.write(text);
      else await writeOutput(textFile, text);
      if (page !== undefined) {
        await writeOutput(page, rehearsalPage(report));
        process.stderr.write(`The page is in ${plain(page.path)}.\n`);
      }
      return isWell(report) ? 0 : 1;
    });
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    process.stderr.write(`\nInterrupted${kept === undefined ? "; the cluster of the rehearsal is gone" : ""}.\n`);
    return INTERRUPTED;
  } finally {
    if (kept !== undefined) process.stderr.write(keptText(kept));
  }
}

/** Names of all images in objects of any kind. */
function imagesIn(objects: readonly object[]): string[] {
  const images = new Set<string>();
  // What an object of a kind nobody knows says of images is called so, too.
  JSON.stringify(objects, (key, value: unknown) => {
    if (key === "image" && typeof value === "string") images.add(value);
    return value;
  });
  return [...images];
}

async function scenarioOf(path: string | undefined, { speed }: RehearseOptions): Promise<LoadedScenario> {
  const scenario = path === undefined ? { ...emptyScenario(), workloads: [] } : await readScenario(callersPath(path));
  if (speed === undefined) return scenario;
  if (scenario["real-node"] === true && speed !== 1) {
    throw new Problem(
      `--speed ${speed} would be faster than the pods of real-node, which take the time of the clock`,
      "Leave --speed out, or take real-node out of the scenario.",
    );
  }
  return { ...scenario, speed };
}

/** A configuration that is named goes before a stack that is, and that before what the scenario says. */
function stackOf({ stack }: LoadedScenario, options: RehearseOptions): Promise<StackFile> {
  const name = options.stack ?? stack ?? USUAL_STACK;
  return readStackFile({ stack: name, ...(options.config === undefined ? {} : { config: options.config }) });
}

/** A stack in a cluster of its own that is made ready, played and reported on. */
class Rehearsal {
  private readonly arrivals;
  private plan: Plan | undefined;
  private durations: PodDurations | undefined;
  private environment: Environment | undefined;
  /** What Pulumi said when it could not bring all workloads of the stack. */
  private complaint: string | undefined;

  constructor(
    private readonly stack: StackFile,
    private readonly scenario: LoadedScenario,
    private readonly config: RehearsedConfig,
    private readonly stop: AbortSignal,
  ) {
    this.arrivals = arrivalsOf(scenario.workloads, scenario.until);
  }

  /** Brings cluster and platform up, and finds out how long workloads take. */
  async prepare(planned: (resources: readonly PlannedResource[]) => Plan): Promise<void> {
    if (this.config.hasWorkloads) await this.preview(planned);
    const environment = await this.open(this.config.platform);
    this.environment = environment;
    const platform: Step = {
      title: "Cluster and platform",
      typical: "2 min",
      run: async () => {
        const { code, said, resources } = await updated(environment);
        if (code !== 0) {
          throw new Problem(`the platform of ${this.stack.name} does not come up:\n${said}`, "Mend what it says.");
        }
        this.plan ??= planned(resources);
        return `${this.plan.pools.length} pools`;
      },
    };
    await this.runSteps([...environment.steps(), ...this.faultSteps(), ...this.storageSteps(environment), platform]);
    const own = scenarioWorkloads(this.arrivals);
    this.durations = podDurations(this.scenario, this.arrivals, [...this.plan!.workloads, ...own]);
  }

  /** The stack with one of its configurations, on a real node where the scenario wants that. */
  private open(config: string): Promise<Environment> {
    const stack = { stack: this.stack.name, config };
    if (this.scenario["real-node"] !== true) return Environment.open(stack);
    const objects = this.scenario.workloads.flatMap(({ objects: own }) => own);
    return Environment.open({
      ...stack,
      realNodes: this.stack.realNodes?.count ?? 1,
      realNamespaces: [...new Set(objects.map(({ metadata }) => metadata?.namespace ?? "default"))],
      realImages: imagesIn(objects),
    });
  }

  /** Runs steps, none of which begins once it was interrupted. */
  private async runSteps(steps: readonly Step[]): Promise<void> {
    const untilStopped = steps.map((step): Step => ({
      ...step,
      run: (tell) => {
        this.stop.throwIfAborted();
        return step.run(tell);
      },
    }));
    await runSteps(untilStopped, []);
  }

  /** What faults need that no environment has. */
  private faultSteps(): Step[] {
    if (!this.scenario.faults.some(({ kind }) => kind === "clockPassed")) return [];
    const { title, typicalMinutes } = CLOCK;
    const typical = `${typicalMinutes} min to build, once per version`;
    return [{ title, typical, run: (tell) => ensureClock(tell).then(() => undefined) }];
  }

  /** What storage on EKS would make in the cluster, in whose namespaces parts of the platform may have a say. */
  private storageSteps(environment: Environment): Step[] {
    const { objects } = this.config;
    if (objects.length === 0) return [];
    const claims = objects.filter(({ kind }) => kind === "PersistentVolumeClaim").length;
    const run = async () => {
      await createStanding(readKubeconfig(environment.controlPlane.layout.kubeconfig), objects);
      return `${claims} claims`;
    };
    return [{ title: "What the storage has in the cluster", run }];
  }

  /** What the workloads are that the stack declares is known before they come. */
  private async preview(planned: (resources: readonly PlannedResource[]) => Plan): Promise<void> {
    const environment = await this.open(this.config.whole);
    const plan: Step = {
      title: "Plan of the stack",
      typical: "10 s",
      run: async () => {
        const { resources } = await previewedStack(environment.pulumi, environment.stackArguments);
        this.plan = planned(resources);
        return `${this.plan.workloads.length} workloads, ${this.plan.pools.length} pools`;
      },
    };
    await this.runSteps([...environment.steps(), plan]);
  }

  /** Plays the scenario. */
  async perform(): Promise<Performance> {
    const { controlPlane } = this.environment!;
    const config = readKubeconfig(controlPlane.layout.kubeconfig);
    const aftermath = new Aftermath(this.scenario.speed);
    return perform({
      config,
      scenario: this.scenario,
      arrivals: this.arrivals,
      durations: this.durations!,
      injectors: faultInjectors({ config, controlPlane, clock: ensureClock, aftermath }),
      aftermath,
      bringWorkloads: this.config.hasWorkloads ? () => this.bringWorkloads() : undefined,
      stop: this.stop,
    });
  }

  /** Tells what happened. */
  report({ observations, clock, endedBy }: Performance, path: string | undefined): RehearsalReport {
    const timeline = timelineOf(observations, clock);
    const plan = this.plan!;
    const cost = rehearsalCost(timeline.nodes, timeline.ends, poolPrices(plan.cost));
    return {
      version: REHEARSAL_REPORT_VERSION,
      stack: this.stack.name,
      ...(path === undefined ? {} : { scenario: path }),
      speed: this.scenario.speed,
      ...(this.scenario["real-node"] === true && { realNode: true }),
      ranAt: new Date(clock.begins).toISOString(),
      realSeconds: (clock.ends - clock.begins) / 1000,
      endedBy,
      summary: summaryOf(timeline, cost),
      ...timeline,
      cost,
      ...(plan.cost.region === undefined ? {} : { region: plan.cost.region }),
      // What a program takes is seen, and not assumed.
      durations: this.scenario["real-node"] === true ? [] : this.durations!.assumed,
      remarks: [
        ...this.config.remarks,
        ...rehearsalRemarks({ scenario: this.scenario, plan, cost, timeline, complaint: this.complaint }),
      ],
    };
  }

  /** Has Pulumi bring the workloads that the stack declares, which waits for each as it would elsewhere. */
  private async bringWorkloads(): Promise<void> {
    const environment = await this.open(this.config.whole);
    for (const step of environment.steps()) await step.run(() => undefined);
    const { code, said } = await updated(environment);
    if (code !== 0) this.complaint = said;
  }
}

/** Runs an update, and tells how it ended, what it complained about, and what the stack is made of. */
async function updated({ pulumi, stackArguments }: Environment) {
  const { result, log } = await withEventLog(pulumi, (engine, eventLog) =>
    engine.captured(["up", "--yes", "--skip-preview", ...stackArguments, ...eventLog]),
  );
  const { code, output, complaints } = result;
  return { code, said: errorsIn(`${output}\n${complaints}`), resources: resourcesOfEvents(log) };
}

/** What Pulumi complained about, without all that went well. */
function errorsIn(output: string): string {
  const lines = output.split("\n").filter((line) => /\berror\b/i.test(line));
  return plain([...new Set(lines.map((line) => line.trim()))].slice(0, 20).join("\n"));
}

function isWell({ workloads, faults }: RehearsalReport): boolean {
  return (
    workloads.every(({ outcome }) => outcome === "succeeded" || outcome === "running") &&
    faults.every(({ happened }) => happened)
  );
}

function keptText(folder: string): string {
  return [
    "",
    "The cluster is kept. To look at it and to end it:",
    `  kubectl --kubeconfig ${folder}/cluster/kubeconfig get pods -A`,
    `  MLSTACK_STATE=${folder} npm run down -- --force`,
    "",
  ].join("\n");
}
