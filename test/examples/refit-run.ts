import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { checkoutRoot } from "../../rehearsal/checkout";
import { type JavaProject, mavenRepository, missingJava } from "../support/java-project";
import { missingPython, type PythonEnvironment, pythonOf } from "../../rehearsal/toolchain/python-environment";

/** Folder of the programs. */
export const EXAMPLE = join(checkoutRoot(), "examples", "refit");

const SPARK: PythonEnvironment = {
  name: "refit-transform",
  requirements: join(EXAMPLE, "transform", "requirements.txt"),
};
const H2O: PythonEnvironment = { name: "refit-train", requirements: join(EXAMPLE, "train", "requirements.txt") };
const LIBRARY: JavaProject = { name: "refit-library", folder: join(EXAMPLE, "scoring-library") };

/** Parameters of a trial, by the name under which its lineage keeps them. */
export type Parameters = Record<"ntrees" | "max_depth" | "learn_rate" | "seed", number>;

/** A line of a table, by column. */
export type Row = Record<string, string>;

/** The steps of a refit in a folder of their own; every path is one in that folder. Each rejects when its program fails. */
export class RefitRun {
  private constructor(
    private readonly folder: string,
    private readonly python: string,
    private readonly submit: string,
    private readonly environment: NodeJS.ProcessEnv,
  ) {}

  /** Why the programs can not be run here; undefined where they can. */
  static missing(): string | undefined {
    return missingJava(LIBRARY) ?? missingPython(SPARK, H2O);
  }

  /** An empty folder, and what the programs need. */
  static async make(): Promise<RefitRun> {
    const environments = [pythonOf(SPARK), pythonOf(H2O), mavenRepository(LIBRARY)] as const;
    const [spark, python, repository] = await Promise.all(environments);
    const folder = await mkdtemp(join(tmpdir(), "mlstack-refit-"));
    return new RefitRun(folder, python, join(dirname(spark), "spark-submit"), {
      ...process.env,
      // Each JVM lives for seconds only: compiling for long runs would take most of them.
      JAVA_TOOL_OPTIONS: "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
      MAVEN_OPTS: `-Dmaven.repo.local=${repository}`,
      PYSPARK_PYTHON: spark,
      PYTHONDONTWRITEBYTECODE: "1",
      SPARK_LOCAL_IP: "127.0.0.1",
      TMPDIR: folder,
    });
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  path(...names: string[]): string {
    return join(this.folder, ...names);
  }

  text(...names: string[]): string {
    return readFileSync(this.path(...names), "utf8");
  }

  json(...names: string[]): unknown {
    return JSON.parse(this.text(...names));
  }

  /** The rows of a CSV file without quotes. */
  rows(...names: string[]): Row[] {
    const [header = [], ...lines] = this.text(...names)
      .trimEnd()
      .split("\n")
      .map((line) => line.split(","));
    return lines.map((cells) => Object.fromEntries(header.map((name, index) => [name, cells[index] ?? ""])));
  }

  generate(output: string, asOf: string, seed: number): Promise<void> {
    return this.program("generate/generate.py", { customers: 1500, asOf, seed, output: this.path(output) });
  }

  transform(raw: string, asOf: string): Promise<void> {
    const tables = (names: string[], path: (name: string) => string) =>
      Object.fromEntries(names.map((name) => [name, path(name)]));
    return this.run("bash", [
      ...[this.submit, "--master", "local[2]", "--conf", "spark.ui.enabled=false"],
      ...["--conf", "spark.sql.shuffle.partitions=2", join(EXAMPLE, "transform", "transform.py")],
      ...flags({
        ...tables(["customers", "usage", "cancellations"], (name) => this.path(raw, `${name}.csv`)),
        ...tables(["training", "validation", "profile"], (name) => this.path(name)),
        asOf,
      }),
    ]);
  }

  train(output: string, parameters: Parameters, commit: string, dataReference: string): Promise<void> {
    const tables = { training: this.path("training"), validation: this.path("validation") };
    const origin = { commit, dataReference };
    return this.program("train/train.py", {
      ...tables,
      ...parameters,
      ...origin,
      threads: 1,
      output: this.path(output),
    });
  }

  select(trials: string, metric: string, output: string): Promise<void> {
    return this.program("select/select_best.py", { trials: this.path(trials), metric, output: this.path(output) });
  }

  package(trial: string, revision: string, output: string): Promise<void> {
    return this.run(join(EXAMPLE, "scoring-library", "package.sh"), [this.path(trial), revision, this.path(output)]);
  }

  publish(library: string, trial: string, version: string): Promise<void> {
    const jar = this.path(library, "scoring-library.jar");
    const registry = this.path("registry");
    const name = "cancellation";
    return this.program("publish/publish.py", { library: jar, trial: this.path(trial), name, version, registry });
  }

  analyse(selected: string, output: string): Promise<void> {
    return this.program("analyse/analyse.py", { selected: this.path(selected), output: this.path(output) });
  }

  private program(path: string, options: Record<string, string | number>): Promise<void> {
    return this.run(this.python, [join(EXAMPLE, path), ...flags(options)]);
  }

  private async run(file: string, args: string[]): Promise<void> {
    try {
      await promisify(execFile)(file, args, { cwd: this.folder, env: this.environment, maxBuffer: 64 << 20 });
    } catch (error) {
      const { stdout, stderr } = error as { stdout: string; stderr: string };
      throw new Error(`${file} ${args.join(" ")} failed:\n${stdout}${stderr}`, { cause: error });
    }
  }
}

/** Options of a command line: `asOf` and `as_of` both become `--as-of`. */
function flags(options: Record<string, string | number>): string[] {
  return Object.entries(options).flatMap(([name, value]) => {
    const words = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    return [`--${words.replaceAll("_", "-")}`, String(value)];
  });
}
