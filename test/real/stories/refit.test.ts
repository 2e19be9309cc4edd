import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventually } from "../../support/cluster";
import { digestOf } from "../../support/digest";
import { missingS3Client } from "../../support/s3-client";
import { StackStore, STORE } from "../../support/stack-store";
import {
  customersOn,
  digestOfTable,
  entryOf,
  jsonAt,
  type Manifest,
  partsOf,
  publishedBy,
  publishedVersions,
  runKey,
  versionKey,
} from "./refit-store";
import { timesOf } from "./refit-times";
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

describe.skipIf(missingS3Client() !== undefined)("a refit, run", { timeout: PATIENCE }, () => {
  const stack = realStack();
  let store: StackStore;
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
  const json = <T>(key: string) => jsonAt<T>(store, key);
  const metricsOf = (trial: string) =>
    json<{ auc: number; training_rows: number; validation_rows: number }>(
      `${runKey(run)}/trials/${trial}/metrics.json`,
    );

  beforeAll(async () => {
    store = await StackStore.of(stack, namespace);
    run = await ended("refit-first");
    steps = podsOf(run);
  }, PATIENCE);
  afterAll(() => {
    store.close();
  });

  test("goes to its end, each step once", () => {
    expect([run.status?.phase, run.status?.message]).toEqual(["Succeeded", undefined]);
    expect(new Set(steps.map(({ phase }) => phase))).toEqual(new Set(["Succeeded"]));
    // What the README shows.
    console.log(
      timesOf(
        run.metadata.name,
        steps.map((node) => ({ ...node, step: stepOf(node) ?? node.displayName })),
      ),
    );
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

    const key = runKey(run);
    const [customers, cancellations] = await Promise.all(
      ["customers", "cancellations"].map((table) => store.text(`${key}/raw/${table}.csv`)),
    );
    expect(customers!.trimEnd().split("\n")).toHaveLength(1 + 2000);
    for (const table of ["training", "validation"]) {
      expect(await store.keysUnder(`${key}/${table}/`)).toContain(`${key}/${table}/_SUCCESS`);
      const [part] = await partsOf(store, `${key}/${table}`);
      expect((await store.bytes(part!)).subarray(0, 4).toString()).toBe("PAR1");
    }
    const profile = (await store.keysUnder(`${key}/profile/part-`)).find((each) => each.endsWith(".json"))!;
    const counted = (await store.text(profile))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { table: string; rows: number });
    expect(counted.map(({ table }) => table)).toEqual(["training", "validation"]);
    const day = run.metadata.creationTimestamp.slice(0, "2026-01-01".length);
    const rows = counted.map(({ rows: own }) => own);
    expect(rows.reduce((sum, own) => sum + own, 0)).toBe(customersOn(day, customers!, cancellations!));
    // H2O read as many rows as Spark wrote.
    const { training_rows, validation_rows } = await metricsOf("deep");
    expect([training_rows, validation_rows]).toEqual(rows);
  });

  test("trains four trials side by side, and takes the best of them", async () => {
    const trained = steps.filter((node) => stepOf(node) === "train");
    expect(trained).toHaveLength(TRIALS.length);
    const lastStart = Math.max(...trained.map(({ startedAt }) => Date.parse(startedAt)));
    const firstEnd = Math.min(...trained.map(({ finishedAt }) => Date.parse(finishedAt)));
    expect(lastStart).toBeLessThan(firstEnd);

    const aucs = new Map<string, number>();
    for (const trial of TRIALS) aucs.set(trial, (await metricsOf(trial)).auc);
    const best = keyOf(steps, "select", "best");
    const ranking = JSON.parse(await store.text(`${best}/ranking.json`)) as Ranking;
    expect(ranking.trials.map(({ trial, auc }) => [trial, auc])).toEqual(
      [...aucs].sort(([, one], [, other]) => other - one),
    );
    for (const auc of aucs.values()) expect(auc).toBeGreaterThan(0.65);
    const winner = await store.bytes(`${runKey(run)}/trials/${ranking.trials[0]!.trial}/model.zip`);
    expect(digestOf(await store.bytes(`${best}/model.zip`))).toBe(digestOf(winner));
  });

  test("publishes the library that Maven built, with what made it", async () => {
    const published = await publishedBy(store, run.metadata.name);
    const { files, lineage } = await json<Manifest>(`${published}/manifest.json`);
    const labels = {
      "git-commit": lineage.code.commit,
      data: lineage.data.reference,
      "parameters-hash": lineage.parameters_hash,
      "model-digest": lineage.model.digest,
    };
    for (const [file, own] of Object.entries(files)) {
      expect(digestOf(await store.bytes(`${published}/${file}`)), file).toBe(own);
    }
    for (const file of [...Object.keys(files), "manifest.json"]) {
      expect(await store.metadata(`${published}/${file}`), file).toEqual(labels);
    }
    const jar = await store.bytes(`${keyOf(steps, "package", "library")}/scoring-library.jar`);
    expect(digestOf(jar)).toBe(files["scoring-library.jar"]);
    expect(entryOf(jar, "example/refit/CancellationModel.class").subarray(0, 4).toString("hex")).toBe("cafebabe");

    expect(digestOf(entryOf(jar, "example/refit/model.zip"))).toBe(lineage.model.digest);
    expect(JSON.parse(entryOf(jar, "example/refit/lineage.json").toString())).toEqual(lineage);
    expect(lineage.code.commit).toMatch(/^[0-9a-f]{7,40}$/);
    expect(lineage.data.reference).toBe(`s3://${STORE.bucket}/${runKey(run)}/raw`);
    for (const table of ["training", "validation"] as const) {
      expect(lineage.data[table]).toBe(await digestOfTable(store, `${runKey(run)}/${table}`));
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
    const before = await publishedVersions(store);

    const failed = await packaged("planted", best, `${planted.join("\n")}\n`);
    expect(failed.status?.phase).toBe("Failed");
    expect(podsOf(failed).map((node) => [stepOf(node), node.phase])).toEqual([["package", "Failed"]]);
    const log = await store.text(keyOf(podsOf(failed), "package", "main-logs"));
    expect(log).toContain("3 of 200 rows differ between the trained model and the library:");
    expect(new Set(log.match(/^c\d{6}(?=: [\d.E-]+ became [\d.E-]+$)/gm))).toEqual(
      new Set(changed.map((index) => lines[index]!.split(",")[0])),
    );
    expect(await publishedVersions(store)).toEqual(before);
  });

  test("publishes the same trial where nothing was planted", async () => {
    const best = keyOf(steps, "select", "best");
    const passed = await packaged("untouched", best, await store.text(`${best}/samples.csv`));
    expect([passed.status?.phase, passed.status?.message]).toEqual(["Succeeded", undefined]);
    const { files } = await json<Manifest>(`${versionKey(versionOf("untouched"))}/manifest.json`);
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
});
