import { Problem } from "../../rehearsal/problem";
import type { Environment } from "../environment";
import { withoutCheckpoints } from "../pulumi";
import { runSteps } from "../progress";
import { blockersOf } from "./blockers";
import { confirmed } from "./confirmation";
import { clusterConfigOf } from "./cluster-config";
import { ClusterObjects } from "./cluster-objects";
import { Drain, type DrainOptions } from "./drain";
import { definitionsIn } from "./held-objects";
import { findLeftovers, type Leftovers } from "./leftovers";
import { leftoversText } from "./leftovers-report";
import { destroyOrder, type StagedOrder, stagedOrder } from "./order";
import { blockersText, blockerText, orderText, stagedOrderText } from "./order-report";
import { PlatformObjects } from "./platform-objects";
import { keptTypes, keptTypesText, platformDrainText } from "./platform-report";
import { platformStages } from "./platform-stages";
import { stateOf } from "./pulumi-state";
import { eksClusterOf, nameOf, type StateResource, usesAws } from "./state";
import { readSubject, type TeardownSubject } from "./subject";

/** How a stack is torn down. */
export interface TeardownOptions {
  /** Do not ask. */
  yes?: boolean;
  /** Leave the cluster as it is; what Kubernetes made in AWS, and what only controllers let go, may then stay. */
  skipDrain?: boolean;
  /** Minutes that each stage of the drain may take. */
  drainTimeout?: number;
}

/** Milliseconds that a simulated cluster, on which no controller runs, gets to let things go by itself. */
const SIMULATED_PATIENCE = 3000;

/** Shows in which order destroy would delete what a stack has, and what would stop it; changes nothing. */
export async function showOrder(environment: Environment, { skipDrain }: TeardownOptions): Promise<number> {
  const resources = await stateOf(environment);
  const stack = environment.stack.name;
  if (resources.length === 0) {
    process.stdout.write(`\nThe stack ${stack} has no resources: there is nothing to destroy.\n`);
    return 0;
  }
  const platform = await platformText(environment, resources, skipDrain).catch((error: unknown) => {
    if (!(error instanceof Problem)) throw error;
    return `\nWhat the cluster would be drained of is not known: ${error.message}\n`;
  });
  process.stdout.write(`${platform}${orderOf(resources, stack, skipDrain)}Nothing was changed.\n`);
  return 0;
}

/**
 * Destroys a stack that is not on the embedded cluster. One with a platform, or with a cluster in AWS, goes in order: what
 * users have on the platform, what runs on the cluster, what Kubernetes made in AWS, all the rest, and at the end a report
 * of what AWS and the cluster still have.
 *
 * @returns The exit code: 0 when the stack is destroyed and AWS has nothing left of it.
 * @throws {Problem} when something would stop it half way.
 */
export async function tearDown(environment: Environment, options: TeardownOptions): Promise<number> {
  const resources = await stateOf(environment);
  const subject = await readSubject(environment.stack, resources);
  const isInAws = usesAws(resources) || subject.isEks;
  if (!isInAws && !hasPlatform(resources, options.skipDrain)) {
    const { pulumi, stackArguments } = environment;
    const code = await pulumi.run(["destroy", ...(options.yes ? ["--yes"] : []), ...stackArguments]);
    if (code === 0) await tellKeptTypes(environment, resources);
    return code;
  }
  if (resources.length > 0) {
    process.stdout.write(orderOf(resources, subject.environment, options.skipDrain));
    refuseWhereItWouldStop(resources, subject.environment);
    process.stdout.write(await platformText(environment, resources, options.skipDrain));
    if (options.yes !== true && !(await confirmed(subject.environment))) {
      process.stdout.write("Nothing was destroyed.\n");
      return 1;
    }
    const code = await destroyInOrder(environment, resources, options);
    if (code !== 0) {
      await explainFailure(subject, isInAws ? resources : undefined);
      return code;
    }
    tellWhatIsKept(resources);
    if (eksClusterOf(resources) === undefined) await tellKeptTypes(environment, resources);
  }
  return isInAws ? report(subject, resources) : 0;
}

/**
 * Destroys a stack on the embedded cluster. What users have on its platform goes first; as no controller runs there, it is
 * not waited for long, and finalizers are taken off.
 *
 * @returns The exit code of the destroy.
 */
export async function tearDownEmbedded(
  environment: Environment,
  resources: StateResource[],
  options: TeardownOptions,
): Promise<number> {
  const { pulumi, stackArguments } = environment;
  if (hasPlatform(resources, options.skipDrain)) {
    refuseWhereItWouldStop(resources, environment.stack.name);
    process.stdout.write(await platformText(environment, resources));
    const simulated = { interval: 200, forceAfter: SIMULATED_PATIENCE };
    const drain = await reachedDrain(environment, resources, options, simulated);
    await runSteps(drain.steps(platformStages(new PlatformObjects(resources))));
  }
  // What a killed destroy has deleted already, the next one does not find, and goes on.
  return withoutCheckpoints(pulumi).run(["destroy", "--yes", ...stackArguments]);
}

/** Tells which resource types a destroyed stack leaves on its cluster, whether or not the cluster can be asked. */
export async function tellKeptTypes(environment: Environment, resources: StateResource[]): Promise<void> {
  const kept = definitionsIn(resources).flatMap((definition) => (definition.kept ? [definition.name] : []));
  if (kept.length === 0) return;
  let text: string;
  try {
    text = keptTypesText(await keptTypes(kept, new ClusterObjects(await clusterConfigOf(environment, resources))));
  } catch {
    // The stack is destroyed: that its cluster does not tell how much there is makes no failure of it.
    text = keptTypesText(kept.map((name) => ({ name })));
  }
  if (text !== "") process.stdout.write(`\n${text}`);
}

/** Prints what AWS has and Pulumi does not know. @returns 0 when that is nothing, else 1. */
export async function report(subject: TeardownSubject, known: StateResource[]): Promise<number> {
  let found: Leftovers | undefined;
  await runSteps([
    {
      title: "Asking AWS what is left",
      typical: "10 s",
      run: async () => {
        found = await findLeftovers(subject, known);
        return undefined;
      },
    },
  ]);
  process.stdout.write(`\n${leftoversText(found!, subject)}`);
  return found!.left.length === 0 ? 0 : 1;
}

async function destroyInOrder(
  environment: Environment,
  resources: StateResource[],
  options: TeardownOptions,
): Promise<number> {
  const { pulumi, stackArguments } = environment;
  const agreed = ["destroy", "--yes", "--skip-preview", ...stackArguments];
  const inAws = drains(resources, options.skipDrain);
  if (!inAws && !hasPlatform(resources, options.skipDrain)) {
    // Whoever skips the drain may do so because the cluster can not be reached: its objects go with it.
    return pulumi.with({ PULUMI_K8S_DELETE_UNREACHABLE: "true" }).run(agreed);
  }
  const drain = await reachedDrain(environment, resources, options);
  const stages = platformStages(new PlatformObjects(resources));
  if (stages.length > 0) await runSteps(drain.steps(stages));
  if (!inAws) return pulumi.run(agreed);
  const code = await destroyFirst(environment, stagedOrder(resources), agreed);
  if (code !== 0) return code;
  await runSteps(drain.steps());
  return pulumi.run(agreed);
}

async function reachedDrain(
  environment: Environment,
  resources: StateResource[],
  { drainTimeout }: TeardownOptions,
  options: DrainOptions = {},
): Promise<Drain> {
  const timeout = drainTimeout === undefined ? {} : { timeout: drainTimeout * 60_000 };
  const drain = new Drain(await clusterConfigOf(environment, resources), { ...options, ...timeout });
  await runSteps([
    {
      title: "Reaching the cluster",
      typical: "3 s",
      run: async () => {
        await drain.reach();
        return undefined;
      },
    },
  ]);
  return drain;
}

async function destroyFirst(
  { pulumi }: Environment,
  { first, targets }: StagedOrder,
  agreed: string[],
): Promise<number> {
  if (first.length === 0) return 0;
  return pulumi.run([...agreed, ...targets.flatMap((urn) => ["--target", urn])]);
}

function orderOf(resources: StateResource[], stack: string, skipDrain?: boolean): string {
  const order = drains(resources, skipDrain)
    ? stagedOrderText(stack, stagedOrder(resources))
    : orderText(stack, destroyOrder(resources));
  const blockers = blockersText(blockersOf(resources, stack));
  return `\n${order}\n${blockers === "" ? "" : `${blockers}\n`}`;
}

/** What the drain of a platform would delete now; empty where the stack has no platform, or is not to be drained. */
async function platformText(environment: Environment, resources: StateResource[], skipDrain = false): Promise<string> {
  if (!hasPlatform(resources, skipDrain)) return "";
  const cluster = new ClusterObjects(await clusterConfigOf(environment, resources));
  try {
    return `\n${await platformDrainText(new PlatformObjects(resources), cluster)}`;
  } catch (error) {
    throw cluster.problemOf(error) ?? error;
  }
}

function hasPlatform(resources: StateResource[], skipDrain = false): boolean {
  return !skipDrain && new PlatformObjects(resources).phases.length > 0;
}

function drains(resources: StateResource[], skipDrain = false): boolean {
  return !skipDrain && eksClusterOf(resources) !== undefined;
}

function refuseWhereItWouldStop(resources: StateResource[], stack: string): void {
  const certain = blockersOf(resources, stack).filter((blocker) => blocker.certain);
  if (certain.length === 0) return;
  throw new Problem(
    `nothing was destroyed, as destroying ${stack} would stop half way`,
    certain.map(blockerText).join("\n"),
  );
}

/** Objects of Kubernetes that Pulumi keeps, resource types above all, are in the cluster and go with it. */
function tellWhatIsKept(resources: StateResource[]): void {
  const kept = resources.filter(({ retainOnDelete, type }) => retainOnDelete === true && type.startsWith("aws:"));
  if (kept.length === 0) return;
  const lines = kept.map((resource) => `  ${resource.type} ${nameOf(resource)}: ${resource.id ?? ""}`);
  process.stdout.write(["", "Kept in AWS on purpose (retainOnDelete):", ...lines, ""].join("\n"));
}

/**
 * What stops a destroy is often something that Pulumi does not know, such as a network interface in a subnet.
 *
 * @param known What Pulumi had in AWS; undefined where AWS has nothing to do with it.
 */
async function explainFailure(subject: TeardownSubject, known: StateResource[] | undefined): Promise<void> {
  process.stderr.write(
    `\nThe stack ${subject.environment} is not destroyed; the reason is above. What is gone stays gone: mend the reason and run the command again.\n`,
  );
  if (known === undefined) return;
  try {
    await report(subject, known);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    process.stderr.write(`\n${error.message}\n${error.remedy}\n`);
  }
}
