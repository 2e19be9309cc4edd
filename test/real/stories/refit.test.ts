import { execFileSync } from "node:child_process";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { claimedFolder } from "../../support/claimed-folder";
import { eventually } from "../../support/cluster";
import { digestOf } from "../../support/digest";
import { missingS3Client } from "../../support/s3-client";
import { StackStore } from "../../support/stack-store";
import { realStack } from "./stack";

const namespace = "ml";
const argo = { group: "argoproj.io", version: "v1alpha1", namespace };
const workflows = { ...argo, plural: "workflows" };

/** Spark, four trials with a JVM each, and Maven share two cores with all other stories. */
const PATIENCE = 600_000;

const TRIALS = ["deep", "many", "medium", "shallow"];

interface WorkflowNode {
  displayName: string;
  type: string;
  templateName?: string;
  /** In place of its name, where the template is another's. */
  templateRef?: { template: string };
  phase: string;
  startedAt: string;
  finishedAt: string;
  outputs?: { artifacts?: { name: string; s3?: { key: string } }[] };
}

interface Workflow {
  metadata: { name: string; creationTimestamp: string };
  status?: { phase?: string; message?: string; nodes?: Record<string, WorkflowNode> };
}

interface Template {
  name: string;
  retryStrategy?: object;
}

interface Ranking {
  metric: string;
  trials: { trial: string; auc: number }[];
}

interface Manifest {
  version: string;
  files: Record<string, string>;
  lineage: {
    code: { commit: string };
    data: { reference: string; training: string; validation: string };
    parameters: { ntrees: number; max_depth: number };
    model: { algorithm: string; digest: string };
  };
}

describe.skipIf(missingS3Client() !== undefined)("a refit, run", { timeout: PATIENCE }, () => {
  const stack = realStack();
  let store: StackStore;
  let data: string;
  let run: Workflow;
  let steps: WorkflowNode[];

  const ended = (name: string) =>
    eventually(
      `the workflow ${name} has ended`,
      async () => {
        const found = (await stack.custom.getNamespacedCustomObject({ ...workflows, name })) as Workflow;
        return ["Succeeded", "Failed", "Error"].includes(found.status?.phase ?? "") && found;
      },
      PATIENCE,
    );
  const podsOf = ({ status }: Workflow) => Object.values(status?.nodes ?? {}).filter(({ type }) => type === "Pod");
  const stepOf = ({ templateName, templateRef }: WorkflowNode) => templateName ?? templateRef?.template;
  const keyOf = (nodes: WorkflowNode[], step: string, artifact: string) => {
    const own = nodes.filter((node) => stepOf(node) === step).flatMap(({ outputs }) => outputs?.artifacts ?? []);
    return own.find(({ name }) => name === artifact)?.s3?.key ?? `${artifact} of ${step}`;
  };
  /** Folder of the run on the volume that Spark and H2O share. */
  const folderOf = ({ metadata }: Workflow) =>
    join(data, "runs", `${metadata.name}-${Date.parse(metadata.creationTimestamp) / 1000}`);
  const json = async <T>(...path: string[]) => JSON.parse(await readFile(join(...path), "utf8")) as T;

  beforeAll(async () => {
    store = await StackStore.of(stack, namespace);
    run = await ended("refit-first");
    steps = podsOf(run);
    data = await claimedFolder(stack, namespace, "refit-data");
  }, PATIENCE);
  afterAll(() => {
    store.close();
  });

  test("goes to its end, each step once", () => {
    expect([run.status?.phase, run.status?.message]).toEqual(["Succeeded", undefined]);
    expect(new Set(steps.map(({ phase }) => phase))).toEqual(new Set(["Succeeded"]));
  });

  test("has its tables made by Spark, with a driver and two executors that truly ran", async () => {
    const { items } = (await stack.custom.listNamespacedCustomObject({
      group: "sparkoperator.k8s.io",
      version: "v1beta2",
      namespace,
      plural: "sparkapplications",
    })) as {
      items: {
        metadata: { name: string };
        status?: { applicationState?: { state: string }; executorState?: Record<string, string> };
      }[];
    };
    const application = items.find(({ metadata }) => metadata.name.startsWith("transform-"));
    expect(application?.status?.applicationState?.state).toBe("COMPLETED");
    expect(Object.keys(application?.status?.executorState ?? {})).toHaveLength(2);

    const folder = folderOf(run);
    const lines = (await readFile(join(folder, "raw", "customers.csv"), "utf8")).trimEnd().split("\n");
    expect(lines).toHaveLength(1 + 2000);
    const profile = (await readdir(join(folder, "profile"))).find((file) => file.endsWith(".json"))!;
    const counted = (await readFile(join(folder, "profile", profile), "utf8"))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { table: string; rows: number });
    expect(counted.map(({ table }) => table)).toEqual(["training", "validation"]);
    const metrics = await json<{ training_rows: number; validation_rows: number }>(
      folder,
      "trials",
      "deep",
      "metrics.json",
    );
    // H2O read as many rows as Spark wrote.
    expect([metrics.training_rows, metrics.validation_rows]).toEqual(counted.map(({ rows }) => rows));
  });

  test("trains four trials side by side, and takes the best of them", async () => {
    const trained = steps.filter((node) => stepOf(node) === "train");
    expect(trained).toHaveLength(TRIALS.length);
    const lastStart = Math.max(...trained.map(({ startedAt }) => Date.parse(startedAt)));
    const firstEnd = Math.min(...trained.map(({ finishedAt }) => Date.parse(finishedAt)));
    expect(lastStart).toBeLessThan(firstEnd);

    const aucs = new Map<string, number>();
    for (const trial of TRIALS)
      aucs.set(trial, (await json<{ auc: number }>(folderOf(run), "trials", trial, "metrics.json")).auc);
    const best = keyOf(steps, "select", "best");
    const ranking = JSON.parse(await store.text(`${best}/ranking.json`)) as Ranking;
    expect(ranking.trials.map(({ trial, auc }) => [trial, auc])).toEqual(
      [...aucs].sort(([, one], [, other]) => other - one),
    );
    for (const auc of aucs.values()) expect(auc).toBeGreaterThan(0.65);
    const winner = join(folderOf(run), "trials", ranking.trials[0]!.trial, "model.zip");
    expect(digestOf(await store.bytes(`${best}/model.zip`))).toBe(digestOf(await readFile(winner)));
  });

  test("publishes the library that Maven built, with what made it", async () => {
    const published = await publishedBy(run);
    const manifest = await json<Manifest>(published, "manifest.json");
    for (const [file, own] of Object.entries(manifest.files)) {
      expect(digestOf(await readFile(join(published, file))), file).toBe(own);
    }
    const jar = join(published, "scoring-library.jar");
    expect(digestOf(await store.bytes(`${keyOf(steps, "package", "library")}/scoring-library.jar`))).toBe(
      manifest.files["scoring-library.jar"],
    );
    expect(entryOf(jar, "example/refit/CancellationModel.class").subarray(0, 4).toString("hex")).toBe("cafebabe");

    const { lineage } = manifest;
    expect(digestOf(entryOf(jar, "example/refit/model.zip"))).toBe(lineage.model.digest);
    expect(JSON.parse(entryOf(jar, "example/refit/lineage.json").toString())).toEqual(lineage);
    expect(lineage.code.commit).toMatch(/^[0-9a-f]{7,40}$/);
    const folder = folderOf(run);
    expect(lineage.data.reference).toBe(`file:///data/runs/${folder.split("/").at(-1)}/raw`);
    for (const table of ["training", "validation"] as const) {
      expect(lineage.data[table]).toBe(await digestOfTable(join(folder, table)));
    }
  });

  test("reports how the trials compare", async () => {
    const report = await store.text(keyOf(steps, "analyse", "report"));
    for (const trial of TRIALS) expect(report).toContain(`| ${trial} |`);
  });

  test("publishes nothing where the library answers otherwise than the trained model, and names the rows", async () => {
    const best = keyOf(steps, "select", "best");
    const changed = [1, 100, 200];
    const lines = (await store.text(`${best}/samples.csv`)).trimEnd().split("\n");
    const planted = lines.map((line, index) =>
      changed.includes(index) ? line.replace(/[^,]+$/, (probability) => String(Number(probability) + 1e-9)) : line,
    );
    const before = await readdir(join(data, "registry", "cancellation"));

    const failed = await packaged("planted", best, `${planted.join("\n")}\n`);
    expect(failed.status?.phase).toBe("Failed");
    expect(podsOf(failed).map((node) => [stepOf(node), node.phase])).toEqual([["package", "Failed"]]);
    const log = await store.text(keyOf(podsOf(failed), "package", "main-logs"));
    expect(log).toContain("3 of 200 rows differ between the trained model and the library:");
    expect(new Set(log.match(/^c\d{6}(?=: [\d.E-]+ became [\d.E-]+$)/gm))).toEqual(
      new Set(changed.map((index) => lines[index]!.split(",")[0])),
    );
    expect(await readdir(join(data, "registry", "cancellation"))).toEqual(before);
  });

  test("publishes the same trial where nothing was planted", async () => {
    const best = keyOf(steps, "select", "best");
    const passed = await packaged("untouched", best, await store.text(`${best}/samples.csv`));
    expect([passed.status?.phase, passed.status?.message]).toEqual(["Succeeded", undefined]);
    const { files } = await json<Manifest>(data, "registry", "cancellation", versionOf("untouched"), "manifest.json");
    expect(files["model.zip"]).toBe(digestOf(await store.bytes(`${best}/model.zip`)));
  });

  /** Version that nothing else has, also in a stack that is kept for the next run. */
  const started = Date.now();
  const versionOf = (kind: string) => `0.0.1-${kind}-${started}`;

  /** Packages and publishes a trial with other samples, by the templates of the story, whose failures are final here. */
  async function packaged(kind: string, trial: string, samples: string): Promise<Workflow> {
    const copy = `planted/${versionOf(kind)}`;
    for (const key of await store.keysUnder(`${trial}/`)) {
      if (!key.endsWith("/samples.csv")) await store.copy(key, `${copy}${key.slice(trial.length)}`);
    }
    await store.write(`${copy}/samples.csv`, samples);
    const templates = await Promise.all([templateOf("mojo-packaging", "package"), templateOf("refit", "publish")]);
    const version = versionOf(kind);
    const chosen = { name: "trial", from: "{{inputs.artifacts.trial}}" };
    const library = { name: "library", from: "{{tasks.package.outputs.artifacts.library}}" };
    const tasks = [
      {
        name: "package",
        template: "package",
        arguments: { artifacts: [chosen], parameters: [{ name: "revision", value: version }] },
      },
      {
        name: "publish",
        template: "publish",
        depends: "package",
        arguments: { artifacts: [chosen, library], parameters: [{ name: "version", value: version }] },
      },
    ];
    const given = { artifacts: [{ name: "trial", s3: { key: copy } }] };
    const body = {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Workflow",
      metadata: { generateName: `refit-${kind}-`, namespace },
      spec: {
        entrypoint: "release",
        serviceAccountName: "refit",
        arguments: given,
        templates: [{ name: "release", inputs: { artifacts: [{ name: "trial" }] }, dag: { tasks } }, ...templates],
      },
    };
    const { metadata } = (await stack.custom.createNamespacedCustomObject({ ...workflows, body })) as Workflow;
    return ended(metadata.name);
  }

  async function templateOf(workflowTemplate: string, name: string): Promise<Template> {
    const found = (await stack.custom.getNamespacedCustomObject({
      ...argo,
      plural: "workflowtemplates",
      name: workflowTemplate,
    })) as { spec: { templates: Template[] } };
    const { retryStrategy: _, ...template } = found.spec.templates.find((each) => each.name === name)!;
    return template;
  }

  /** Folder of the version that a run published. */
  async function publishedBy({ metadata }: Workflow): Promise<string> {
    const versions = await readdir(join(data, "registry", "cancellation"));
    const own = versions.find((version) => version.includes(`-${metadata.name}-`))!;
    const folder = join(data, "registry", "cancellation", own);
    expect((await stat(folder)).isDirectory()).toBe(true);
    return folder;
  }
});

/** A file of a jar. */
function entryOf(jar: string, path: string): Buffer {
  const read = "import sys, zipfile; sys.stdout.buffer.write(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]))";
  return execFileSync("python3", ["-c", read, jar, path], { maxBuffer: 64 * 1024 * 1024 });
}

/** As the training step takes it: over the files of a table, in the order of their content. */
async function digestOfTable(folder: string): Promise<string> {
  const parts = (await readdir(folder)).filter((file) => /^[^.].*\.parquet$/.test(file));
  const digests = await Promise.all(parts.map(async (file) => digestOf(await readFile(join(folder, file)))));
  return digestOf(digests.sort().join(""));
}
