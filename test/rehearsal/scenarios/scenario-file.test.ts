import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Problem } from "../../../rehearsal/problem";
import { readScenario } from "../../../rehearsal/scenarios/scenario-file";
import { scratchFolder } from "../../support/scratch";

const JOB = `apiVersion: batch/v1
kind: Job
metadata:
  name: train
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: main
          image: registry.example.com/train:1
`;

async function read(text: string, files: Record<string, string> = {}) {
  const folder = await scratchFolder();
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  const path = join(folder, "scenario.yaml");
  await writeFile(path, text);
  return readScenario(path);
}

async function problemsOf(text: string, files: Record<string, string> = {}): Promise<string[]> {
  const problem = await read(text, files).then(
    () => undefined,
    (error: unknown) => error as Problem,
  );
  return (problem?.message ?? "").split("\n").slice(1);
}

describe("a scenario file", () => {
  it("says nothing at all: the stack's own workloads, sixty times faster", async () => {
    expect(await read("")).toEqual({ speed: 60, workloads: [], durations: [], faults: [] });
  });

  it("runs at the speed of the clock where its pods truly run, and at no other", async () => {
    expect(await read("real-node: true")).toMatchObject({ speed: 1, "real-node": true });
    expect(await problemsOf("real-node: true\nspeed: 60")).toEqual([
      "  speed is 60; allowed: 1 with real-node, whose pods take the time of the clock.",
    ]);
    expect(await problemsOf("real-node: yes please")).toEqual(['  real-node is "yes please"; allowed: true or false.']);
  });

  it("has its times in seconds, and the objects of its manifests", async () => {
    const scenario = await read(
      `
stack: local
speed: 120
until: 1d2h
workloads:
  - name: refit
    manifest: jobs.yaml
    at: 1h30m
    every: 30m
    count: 4
    takes: 45m
    fails: 1
    exit: 137
    namespace: research
  - name: probe
    object: { apiVersion: v1, kind: Pod, spec: { containers: [] } }
durations:
  - { name: "nightly-*", takes: 90s }
faults:
  - { at: 2h, kind: nodeLost, pool: a10g }
  - { at: 3h, kind: spotInterruption, pool: a10g }
`,
      { "jobs.yaml": `${JOB}---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings }\n---\n` },
    );
    const [refit, probe] = scenario.workloads;
    expect(scenario).toMatchObject({ stack: "local", speed: 120, until: 93_600 });
    expect(refit).toMatchObject({ at: 5400, every: 1800, count: 4, takes: 2700, fails: 1, exit: 137 });
    expect(refit?.objects.map(({ kind, metadata }) => [kind, metadata?.name])).toEqual([
      ["Job", "train"],
      ["ConfigMap", "settings"],
    ]);
    expect(probe).toMatchObject({ at: 0, fails: 0, exit: 1, objects: [{ kind: "Pod" }] });
    expect(scenario.durations).toEqual([{ name: "nightly-*", takes: 90, fails: 0, exit: 1 }]);
    expect(scenario.faults).toEqual([
      { at: 7200, kind: "nodeLost", pool: "a10g" },
      { at: 10_800, kind: "spotInterruption", pool: "a10g", notice: 120 },
    ]);
  });

  it("is told everything that is wrong with it, each with its path", async () => {
    const problems = await problemsOf(`
speed: 0
untill: 3h
workloads:
  - { name: Train, object: { apiVersion: v1, kind: Pod }, at: 5 minutes, takes: 0s, count: 0 }
  - { name: twice, object: { apiVersion: v1, kind: Pod }, count: 2 }
  - { name: nothing }
durations:
  - { name: "x*" }
  - { name: "y*", fails: 1, checkpoints: 10m }
faults:
  - { at: 1h, kind: nodeLos }
  - { at: 1h, kind: nodeLost, pool: a10g, node: a10g-1 }
  - { at: 1h, kind: processKilled, process: etc }
  - 7
`);
    expect(problems).toEqual([
      "  speed is 0; allowed: a number from 1 (real time) to 3600.",
      '  workloads[0].name is "Train"; allowed: a name of lower-case letters, digits, dashes and dots.',
      '  workloads[0].at is "5 minutes"; allowed: a time such as 90s, 45m, 6h30m or 2d.',
      "  workloads[0].count is 0; allowed: a whole number from 1.",
      "  workloads[0].takes is 0; allowed: a time such as 90s, 45m, 6h30m or 2d, more than 0.",
      "  workloads[1].every is missing; allowed: a time between one arrival and the next, as there are several.",
      "  workloads[2] needs either manifest or object.",
      "  durations[0] needs takes, fails or checkpoints.",
      "  durations[1] needs either fails or checkpoints.",
      '  faults[0].kind is "nodeLos"; allowed: nodeLost, spotInterruption, zoneDown, processKilled, operatorKilled, webhookUnreachable, imageMissing, clockPassed.',
      "  faults[1] needs either node or pool.",
      '  faults[2].process is "etc"; allowed: etcd, kube-apiserver, kube-controller-manager, kube-scheduler, kwok, supervisor.',
      "  faults[3] is 7; allowed: a mapping with the keys at, kind.",
      '  untill is not a known key; allowed: stack, speed, real-node, until, workloads, durations, faults. Did you mean "until"?',
    ]);
  });

  it("has each workload once, and an end where one comes again and again", async () => {
    const pod = "object: { apiVersion: v1, kind: Pod }";
    expect(await problemsOf(`workloads: [{ name: a, ${pod}, every: 1h }, { name: a, ${pod} }]`)).toEqual([
      "  workloads[0].count is missing; allowed: a number of arrivals, as the scenario has no until.",
      '  workloads[1].name is "a"; allowed: a name that no other workload of the scenario has.',
    ]);
  });

  it("names manifests that can be read and hold objects", async () => {
    const files = { "empty.yaml": "---\n", "broken.yaml": "a: [", "values.yaml": "replicas: 3\n" };
    const named = ["absent.yaml", ...Object.keys(files)];
    const text = `workloads:\n${named.map((file, index) => `  - { name: w${index}, manifest: ${file} }`).join("\n")}`;
    expect(await problemsOf(text, files)).toEqual([
      '  workloads[0].manifest is "absent.yaml"; allowed: a manifest that can be read (there is no such file).',
      '  workloads[1].manifest is "empty.yaml"; allowed: a manifest with an object.',
      expect.stringMatching(/^ {2}workloads\[2\]\.manifest is "broken.yaml"; allowed: valid YAML \(.+\)\.$/),
      '  workloads[3].manifest is "values.yaml"; allowed: objects of Kubernetes with apiVersion, kind and metadata.name.',
    ]);
  });

  it("is YAML", async () => {
    await expect(read("speed: [")).rejects.toThrow(/is not valid YAML: /);
  });
});
