import { Command, InvalidArgumentError, Option, type CommanderError } from "commander";
import { PROFILES } from "../policies/engine/rule";
import { Problem } from "../rehearsal/problem";
import { speed } from "../rehearsal/scenarios/scenario";
import { type ChartsPullOptions, pullCharts } from "./commands/charts-pull";
import { CHECK_FORMATS, checkManifests, type CheckOptions } from "./commands/check";
import { doctor } from "./commands/doctor";
import { down, type DownOptions } from "./commands/down";
import { buildImages, type ImageBuildOptions } from "./commands/image-build";
import { leftovers, type LeftoversOptions } from "./commands/leftovers";
import { plan, PLAN_FORMATS, type PlanOptions } from "./commands/plan";
import { recordRelease, type ReleaseRecordOptions } from "./commands/release-record";
import { rehearse, REHEARSAL_FORMATS, type RehearseOptions } from "./commands/rehearse";
import { preview, type PreviewOptions } from "./commands/preview";
import { sbom, SBOM_FORMATS, type SbomOptions } from "./commands/sbom";
import { status } from "./commands/status";
import { pruneToolchain } from "./commands/toolchain-prune";
import { up, type UpOptions } from "./commands/up";
import { versionsCommand, type VersionsCommandOptions } from "./commands/versions";
import { USUAL_STACK } from "./usual-stack";

/** Runs the command line in `process.argv` and sets the exit code. */
export async function main(): Promise<void> {
  // Whoever reads the output may stop early (`… | head`).
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(process.exitCode ?? 0);
  });
  process.stderr.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  try {
    await program().parseAsync();
  } catch (error) {
    process.exitCode = 1;
    if (error instanceof Problem) process.stderr.write(`\n${error.message}\n${error.remedy}\n`);
    else process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
  }
}

/** Every command with its arguments and options. */
export function program(): Command {
  const mlstack = new Command("mlstack")
    .description("A GPU machine-learning platform on Kubernetes: bring environments up, preview, check, destroy them.")
    .showHelpAfterError("(run with --help for what is possible)");
  const stack = ["-s, --stack <name>", "the environment: a file stacks/Pulumi.<name>.yaml", USUAL_STACK] as const;
  const config = ["-c, --config <file>", "configuration in place of stacks/Pulumi.<name>.yaml"] as const;
  const policies = [
    "--policy-config <pack=file>",
    "JSON file with levels and parameters of a pack's rules; may be given once per pack",
    gather,
    [] as string[],
  ] as const;

  const policyFile = [
    "--policies <file>",
    "policy file in place of stacks/policies.<stack>.yaml or stacks/policies.yaml",
  ] as const;

  mlstack
    .command("up")
    .description("Bring an environment up: tools, control plane, then an update that the policy packs judge first.")
    .option(...stack)
    .option(...config)
    .option(...policies)
    .option(...policyFile)
    .addOption(profile("--policy-profile <name>"))
    .option("--expect-no-changes", "fail when anything would change")
    .option("--refresh", "look first at what is really there, and mend what was changed or deleted by hand")
    .option(
      "--skip-preview",
      "create at once: quicker, but what a policy refuses is found with a part of the rest there",
    )
    .option("-y, --yes", "do not ask before a stack on an existing cluster is updated")
    .option("--real-node", "have a node that truly runs pods beside the simulated ones; see docs/real-node.md")
    .option("--real-nodes <count>", "have as many of them, from 1 to 4", realNodesOption)
    .action(async (options: UpOptions) => {
      process.exitCode = await up(options);
    });
  mlstack
    .command("preview")
    .description("Show what `up` would do, judged by the policy packs.")
    .option(...stack)
    .option(...config)
    .option(...policies)
    .option(...policyFile)
    .addOption(profile("--policy-profile <name>"))
    .option("--expect-no-changes", "fail when anything would change")
    .option("--refresh", "look first at what is really there, so that what was changed or deleted by hand is a change")
    .option("--diff", "show every changed field")
    .option("--offline", "plan against stand-in providers: no account, no cluster, no state of the stack")
    .action(async (options: PreviewOptions) => {
      process.exitCode = await preview(options);
    });
  mlstack
    .command("plan")
    .description(
      "Tell before anything is spent whether every workload can run and where, what it costs, and what does not fit.",
    )
    .argument(
      "[paths...]",
      "manifests or exported states to judge in place of a stack: files, folders, - for the standard input",
    )
    .option(...stack)
    .option(...config)
    .option("--offline", "plan against stand-in providers: no account, no cluster, no state of the stack")
    .option(...policyFile)
    .addOption(profile("--policy-profile <name>"))
    .option("--region <region>", "AWS region whose prices count for pools in no zone of AWS")
    .option("--prices <file>", "YAML with prices of your own, in place of those of the table")
    .option(
      "--against <file>",
      "exported state, or plan of --format json, to compare the cost with, in place of what is deployed",
    )
    .addOption(new Option("--format <format>", "form of the plan").choices(PLAN_FORMATS).default("table"))
    .option("-o, --output <file>", "write the plan to a file")
    .option("--html <file>", "also write a page with pictures, for a browser")
    .option("--sarif <file>", "also write the findings as SARIF, for code hosts")
    .exitOverride(endWith2)
    .action((paths: string[], options: PlanOptions) => exitingWith2(() => plan(paths, options)));
  mlstack
    .command("rehearse")
    .description(
      "Run an environment's workloads on a cluster of its own, with real controllers and simulated nodes; tell what happened.",
    )
    .argument("[scenario]", "YAML with what comes when, how long it takes, and what goes wrong; see docs/rehearsal.md")
    .option("-s, --stack <name>", "the environment, also one on AWS; what the scenario says, or local, by default")
    .option(...config)
    .option(
      "--speed <times>",
      "seconds of the scenario per second; what the scenario says, or 60, by default",
      speedOption,
    )
    .option(
      "--region <region>",
      "AWS region whose prices count for pools in no zone of AWS; pools of a stack on EKS are in its own",
    )
    .option("--prices <file>", "YAML with prices of your own, in place of those of the table")
    .addOption(new Option("--format <format>", "form of the report").choices(REHEARSAL_FORMATS).default("table"))
    .option("-o, --output <file>", "write the report to a file")
    .option("--html <file>", "also write a page with the timeline, for a browser")
    .option("--keep", "leave the cluster behind, and tell how to look at it")
    .exitOverride(endWith2)
    .action((scenario: string | undefined, options: RehearseOptions) =>
      exitingWith2(() => rehearse(scenario, options)),
    );
  mlstack
    .command("down")
    .description("Destroy an environment; locally also stop the control plane and remove its state.")
    .option(...stack)
    .option(...config)
    .option("-y, --yes", "do not ask before a stack on an existing cluster is destroyed")
    .option("--force", "drop a local environment that can not be destroyed, together with its cluster")
    .option("--dry-run", "show in which order everything would be deleted and what would stop it; change nothing")
    .option(
      "--skip-drain",
      "do not ask the cluster first to remove what only its controllers let go: resources, load balancers, volumes, machines",
    )
    .option("--drain-timeout <minutes>", "how long each step of that may take", positiveNumber)
    .action(async (options: DownOptions) => {
      process.exitCode = await down(options);
    });
  mlstack
    .command("leftovers")
    .description(
      "Show what AWS still has of an environment, by tag, that Pulumi does not know; with the remedy for each.",
    )
    .option(...stack)
    .option(...config)
    .option("--cluster <name>", "name of the EKS cluster, where state and configuration do not tell")
    .option("--region <region>", "AWS region, where state and configuration do not tell")
    .option("--json", "print JSON")
    .action(async (options: LeftoversOptions) => {
      process.exitCode = await leftovers(options);
    });
  mlstack
    .command("status")
    .description("Show the processes of the embedded control plane, its nodes, jobs and GPU pods.")
    .action(async () => {
      process.exitCode = await status();
    });
  mlstack
    .command("doctor")
    .description("Show which tools were found, where, in which versions, what will be built, and disk and memory.")
    .action(async () => {
      process.exitCode = await doctor();
    });
  mlstack
    .command("check")
    .description(
      "Judge manifests by the policy packs, outside Pulumi: YAML or JSON, rendered charts, kustomize output.",
    )
    .argument("[paths...]", "files, folders, or - for the standard input")
    .option("--policies <file>", "policy file; without it policies.yaml or stacks/policies.yaml, where there is one")
    .addOption(profile("--profile <name>"))
    .addOption(new Option("--format <format>", "form of the findings").choices(CHECK_FORMATS).default("table"))
    .option("-o, --output <file>", "write the findings to a file")
    .option("--fix", "make the fixes that have one right answer, in the files themselves")
    .option("--dry-run", "with --fix: tell what would be fixed; change nothing")
    .option("--show-exempted", "keep exempted findings in SARIF, as suppressed ones")
    .option("--allow-empty", "take paths that hold no resource for sound")
    .option("--explain <rule>", "tell all about a rule")
    .exitOverride(endWith2)
    .action((paths: string[], options: CheckOptions) => exitingWith2(() => checkManifests(paths, options)));
  mlstack
    .command("versions")
    .description("Show the pinned version of each part, newer ones, what blocks them, and the hops of upgrades.")
    .option("--kubernetes <version>", "minor version of Kubernetes to check them against, for example 1.35")
    .option("--plan", "print instead the ordered steps of an environment's upgrade to these versions")
    .option(...stack)
    .option(...config)
    .option(
      "--from <file>",
      "with --plan: what runs, as this command has printed it with --json, in place of a stack's state",
    )
    .option("--json", "print JSON")
    .action(async (options: VersionsCommandOptions) => {
      process.exitCode = await versionsCommand(options);
    });
  mlstack
    .command("sbom")
    .description(
      "List all that this is made of: npm packages, charts, manifests and images, with licences and digests.",
    )
    .argument("[paths...]", "manifests or exported states whose images are listed too: files, folders, -")
    .addOption(new Option("--format <format>", "form of the list").choices(SBOM_FORMATS).default("cyclonedx"))
    .option("-o, --output <file>", "write the list to a file")
    .option("--resolve", "ask registries for the digests of images that are known by a tag alone")
    .action(async (paths: string[], options: SbomOptions) => {
      process.exitCode = await sbom(paths, options);
    });
  mlstack
    .command("charts")
    .description("Look after the charts and manifests of the platform.")
    .command("pull")
    .description("Fill a mirror with them, each by exact version and digest, for clusters without the internet.")
    .requiredOption("--to <folder>", "folder of the mirror, for the configuration key chartMirror")
    .option("--only <name>", "one chart or set of manifests; may be given several times", gather, [])
    .option("--lock <file>", "lock file in place of stacks/charts.lock.json")
    .action(async (options: ChartsPullOptions) => {
      process.exitCode = await pullCharts(options);
    });
  mlstack
    .command("image")
    .description("Look after the images of programs.")
    .command("build")
    .description("Build images of folders with a Dockerfile and an image.yaml, without Docker and a registry.")
    .argument("[directories...]", "the folders; all of the examples by default")
    .option("--registry <registry>", "registry and path of the images' names, as scenarioImages has them")
    .option("-o, --output <folder>", "copy the images' files there, to be imported somewhere")
    .action(async (directories: string[], options: ImageBuildOptions) => {
      process.exitCode = await buildImages(directories, options);
    });
  mlstack
    .command("release")
    .description("Look after what later versions of this package are held to.")
    .command("record")
    .description("Record the states of this release's environments, for the test of upgrades; without an account.")
    .option("--force", "record a release anew that was recorded before")
    .action(async (options: ReleaseRecordOptions) => {
      process.exitCode = await recordRelease(options);
    });
  mlstack
    .command("toolchain")
    .description("Look after the built tools.")
    .command("prune")
    .description(
      "Free what the tool cache holds and no current tool needs: old tools, cut-off builds, Go's build cache.",
    )
    .option("--all", "also images and the current tools, which the next command then builds again", false)
    .action(async ({ all }: { all: boolean }) => {
      process.exitCode = await pruneToolchain(all);
    });
  return mlstack;
}

/** Commands that judge tell findings (1) from what they cannot do (2). */
async function exitingWith2(judge: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await judge();
  } catch (error) {
    process.exitCode = 2;
    if (error instanceof Problem) process.stderr.write(`${error.message}\n${error.remedy}\n`);
    else process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  }
}

/** The same for options that cannot be read. */
function endWith2(error: CommanderError): never {
  process.exit(error.exitCode === 0 ? 0 : 2);
}

function profile(flags: string): Option {
  return new Option(flags, "profile in place of the one in the policy file").choices(PROFILES);
}

function gather(value: string, values: string[]): string[] {
  return [...values, value];
}

function speedOption(text: string): number {
  const read = speed.safeParse(Number(text));
  if (!read.success) throw new InvalidArgumentError(`Write ${read.error.issues[0]!.message}.`);
  return read.data;
}

function realNodesOption(text: string): number {
  if (!/^[1-4]$/.test(text)) throw new InvalidArgumentError("Write a whole number from 1 to 4.");
  return Number(text);
}

function positiveNumber(text: string): number {
  const number = Number(text);
  if (!(number > 0 && number < Infinity)) throw new InvalidArgumentError("Write a number greater than 0.");
  return number;
}
