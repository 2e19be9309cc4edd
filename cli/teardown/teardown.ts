import { Problem } from "../../rehearsal/problem";
import type { Environment } from "../environment";
import { runSteps } from "../progress";
import { blockersOf } from "./blockers";
import { confirmed } from "./confirmation";
import { Drain, kubeconfigOf } from "./drain";
import { findLeftovers, type Leftovers } from "./leftovers";
import { leftoversText } from "./leftovers-report";
import { destroyOrder, type StagedOrder, stagedOrder } from "./order";
import { blockersText, blockerText, orderText, stagedOrderText } from "./order-report";
import { kubeconfigOutput, stateOf } from "./pulumi-state";
import { eksClusterOf, nameOf, type StateResource, usesAws } from "./state";
import { readSubject, type TeardownSubject } from "./subject";

/** How a stack is torn down. */
export interface TeardownOptions {
  /** Do not ask. */
  yes?: boolean;
  /** Leave the cluster as it is; what Kubernetes made in AWS may then stay. */
  skipDrain?: boolean;
  /** Minutes that each stage of the drain may take. */
  drainTimeout?: number;
}

/** Shows in which order destroy would delete what a stack has, and what would stop it; changes nothing. */
export async function showOrder(environment: Environment, { skipDrain }: TeardownOptions): Promise<number> {
  const resources = await stateOf(environment);
  const stack = environment.stack.name;
  if (resources.length === 0) {
    process.stdout.write(`\nThe stack ${stack} has no resources: there is nothing to destroy.\n`);
    return 0;
  }
  process.stdout.write(`${orderOf(resources, stack, skipDrain)}Nothing was changed.\n`);
  return 0;
}

/**
 * Destroys a stack that is not on the embedded cluster. One with a cluster in AWS goes in order: what runs on the
 * cluster, what Kubernetes made in AWS, all the rest, and at the end a report of what AWS still has.
 *
 * @returns The exit code: 0 when the stack is destroyed and AWS has nothing left of it.
 * @throws {Problem} when something would stop it half way.
 */
export async function tearDown(environment: Environment, options: TeardownOptions): Promise<number> {
  const resources = await stateOf(environment);
  const subject = await readSubject(environment.stack, resources);
  if (!usesAws(resources) && !subject.isEks) {
    return environment.pulumi.run(["destroy", ...(options.yes ? ["--yes"] : []), ...environment.stackArguments]);
  }
  if (resources.length > 0) {
    process.stdout.write(orderOf(resources, subject.environment, options.skipDrain));
    refuseWhereItWouldStop(resources, subject.environment);
    if (options.yes !== true && !(await confirmed(subject.environment))) {
      process.stdout.write("Nothing was destroyed.\n");
      return 1;
    }
    const code = await destroyInOrder(environment, resources, options);
    if (code !== 0) return explainFailure(code, subject, resources);
    tellWhatIsKept(resources);
  }
  return report(subject, resources);
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
  { skipDrain, drainTimeout }: TeardownOptions,
): Promise<number> {
  const { pulumi, stackArguments } = environment;
  const agreed = ["destroy", "--yes", "--skip-preview", ...stackArguments];
  if (!drains(resources, skipDrain)) {
    // Whoever skips the drain may do so because the cluster can not be reached: its objects go with it.
    return pulumi.with({ PULUMI_K8S_DELETE_UNREACHABLE: "true" }).run(agreed);
  }
  const timeout = drainTimeout === undefined ? {} : { timeout: drainTimeout * 60_000 };
  const drain = new Drain(kubeconfigOf(await kubeconfigOutput(environment)), timeout);
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
  const code = await destroyFirst(environment, stagedOrder(resources), agreed);
  if (code !== 0) return code;
  await runSteps(drain.steps());
  return pulumi.run(agreed);
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

/** What stops a destroy is often something that Pulumi does not know, such as a network interface in a subnet. */
async function explainFailure(code: number, subject: TeardownSubject, known: StateResource[]): Promise<number> {
  process.stderr.write(
    `\nThe stack ${subject.environment} is not destroyed; the reason is above. What is gone stays gone: mend the reason and run the command again.\n`,
  );
  try {
    await report(subject, known);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    process.stderr.write(`\n${error.message}\n${error.remedy}\n`);
  }
  return code;
}
