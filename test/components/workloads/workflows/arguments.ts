import type * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";
import type { PodArgs } from "../../../../components";
import { batchJobManifest } from "../../../../components/workloads";
import {
  artifact,
  containerStep,
  dag,
  param,
  resourceStep,
  type RetryArgs,
  RetryPolicy,
  sequence,
  type Step,
  type StepLimits,
  suspendStep,
  TaskResult,
  type WorkflowDefinition,
  workflowDefinition,
  WorkflowArtifactCleanup,
  WorkflowPodCleanup,
  type WorkflowSettings,
} from "../../../../components/workloads/workflows";
import {
  dnsLabel,
  hardwareArgs,
  joined,
  objectArgs,
  programArgs,
  queueArgs,
  someOf,
} from "../../../support/workloads/arguments";

/** Braces would begin a variable. */
export function withoutBraces(texts: Record<string, pulumi.Input<string>> = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [name, (text as string).replaceAll("{{", "((")]),
  );
}

const pods: fc.Arbitrary<PodArgs> = joined(programArgs, hardwareArgs(0)).map((pod) => ({
  ...pod,
  env: withoutBraces(pod.env),
  annotations: withoutBraces(pod.annotations),
  command: ["python", ...(pod.command ?? []).map(String)],
}));

const seconds = fc.integer({ min: 1, max: 2 ** 31 - 1 });

const retries = someOf<RetryArgs>({
  limit: fc.integer({ min: 0, max: 9 }),
  policy: fc.constantFrom(...Object.values(RetryPolicy)),
  permanentExitCodes: fc.uniqueArray(fc.integer({ min: 1, max: 255 }), { maxLength: 3 }),
  delaySeconds: fc.integer({ min: 1, max: 600 }),
  factor: fc.integer({ min: 1, max: 4 }),
  maxDelaySeconds: fc.integer({ min: 1, max: 3600 }),
});

const locks = someOf<StepLimits>({
  mutexes: fc.uniqueArray(dnsLabel(), { maxLength: 2 }),
  semaphores: fc.constant([{ configMap: "limits", key: "gpu" }]),
} as never);

const limits: fc.Arbitrary<StepLimits> = joined(
  locks,
  someOf<StepLimits>({ activeDeadlineSeconds: seconds, retry: retries } as never),
);

/** Steps of a definition; each name once. */
const steps = fc.record({ source: pods, sink: pods, ofSource: limits, ofSink: limits });

type Chosen = typeof steps extends fc.Arbitrary<infer T> ? T : never;

function sourceStep({ source, ofSource }: Chosen) {
  return containerStep("source", {
    inputs: { day: param.string({ default: "2026-01-01" }), much: param.boolean({ default: true }) },
    outputs: {
      table: artifact("csv", { key: "demand/{{workflow.name}}/{{inputs.parameters.day}}.csv" }),
      rows: param.number(),
      depths: param.list(param.number()),
    },
    ...ofSource,
    run: ({ inputs, outputs }) => ({
      ...source,
      args: [inputs.day, inputs.much, outputs.table.path, outputs.rows.path, outputs.depths.path],
    }),
  });
}

function sinkStep({ sink, ofSink }: Chosen) {
  return containerStep("sink", {
    inputs: { table: artifact("csv"), depth: param.number(), note: param.json({ default: {} }) },
    outputs: { model: artifact("model", { path: "/srv/model", archived: true }), error: param.number() },
    ...ofSink,
    run: ({ inputs, outputs }) => ({
      ...sink,
      args: [inputs.table.path, inputs.depth, inputs.note, outputs.error.path],
    }),
  });
}

const graphs = fc.record({
  isDag: fc.boolean(),
  isLoop: fc.boolean(),
  isConditional: fc.boolean(),
  pauses: fc.boolean(),
  creates: fc.boolean(),
  parallelism: fc.option(fc.integer({ min: 1, max: 50 }), { nil: undefined }),
  failFast: fc.option(fc.boolean(), { nil: undefined }),
  result: fc.constantFrom(TaskResult.succeeded, TaskResult.ended, TaskResult.failed, TaskResult.succeededOrSkipped),
  hasExit: fc.boolean(),
});

const inputs = { day: param.string({ default: "2026-01-01" }) };

/** Definitions that hold together, with everything that they can have. */
export const definitionArgs: fc.Arbitrary<WorkflowDefinition> = fc.tuple(steps, graphs).map(([chosen, graph]) => {
  const [source, sink] = [sourceStep(chosen), sinkStep(chosen)];
  const job = resourceStep("job", {
    inputs: { day: param.string() },
    outputs: { name: param.string({ jsonPath: "{.metadata.name}" }) },
    manifest: (variables) => batchJobManifest("job", { image: "a:1", args: [variables.inputs.day] }),
  });
  const pause = suspendStep("pause", {
    seconds: 60,
    outputs: { verdict: param.oneOf(["yes", "no"], { default: "no" }) },
  });
  const options = { ...(graph.parallelism === undefined ? {} : { parallelism: graph.parallelism }) };
  const ofDag = { ...options, ...(graph.failFast === undefined ? {} : { failFast: graph.failFast }) };
  const whole: Step<typeof inputs, object & Record<string, never>> = graph.isDag
    ? dag("whole", {
        inputs,
        ...ofDag,
        tasks: (tasks, { day }) => {
          const first = tasks.run(source, { day });
          const { table, depths, rows } = first.outputs;
          const when = graph.isConditional ? { when: [rows.isAbove(10), rows.isNot(11)] } : {};
          const last = graph.isLoop
            ? tasks.each(sink, depths, (depth) => ({ table, depth }), when)
            : tasks.run(sink, { table, depth: 3, note: { a: [1] } }, when);
          if (graph.pauses) tasks.run(pause, {}, { after: [last.ended(graph.result)] });
          if (graph.creates) tasks.run(job, { day }, { after: [first] });
        },
      })
    : sequence("whole", {
        inputs,
        ...options,
        tasks: (groups, { day }) => {
          const first = groups.next().run(source, { day, much: false });
          const { table, rows } = first.outputs;
          const when = graph.isConditional ? { when: rows.isAtMost(10) } : {};
          const group = groups.next();
          if (graph.isLoop) group.each(sink, [1, 2.5], (depth) => ({ table, depth }), when);
          else group.run(sink, { table, depth: rows }, when);
          if (graph.pauses) group.run(pause);
          if (graph.creates) groups.next().run(job, { day });
        },
      });
  const exit = containerStep("exit", { run: () => ({ image: "a:1", command: ["echo", "{{workflow.status}}"] }) });
  return workflowDefinition(whole, graph.hasExit ? { onExit: exit } : {});
});

const counts = someOf<WorkflowSettings>({
  parallelism: fc.integer({ min: 1, max: 500 }),
  activeDeadlineSeconds: seconds,
  secondsAfterCompletion: fc.nat({ max: 2 ** 31 - 1 }),
  secondsAfterSuccess: fc.nat({ max: 2 ** 31 - 1 }),
  secondsAfterFailure: fc.nat({ max: 2 ** 31 - 1 }),
  priority: fc.integer({ min: -5, max: 5 }),
  archiveLogs: fc.boolean(),
  podCleanup: fc.constantFrom(...Object.values(WorkflowPodCleanup)),
  artifactCleanup: fc.constantFrom(...Object.values(WorkflowArtifactCleanup)),
} as never);

const stores = fc.constantFrom<WorkflowSettings>(
  {},
  { artifactStore: { bucket: "artifacts", region: "eu-central-1" } },
  {
    artifactStore: {
      bucket: "artifacts",
      region: "us-east-1",
      endpoint: "seaweedfs-s3.artifacts.svc:8333",
      insecure: true,
      credentialsSecret: "artifact-store",
    },
  },
  { artifactRepository: {} },
  { artifactRepository: { configMap: "artifact-repositories", key: "team" } },
);

const accounts = someOf<WorkflowSettings>({
  serviceAccountName: dnsLabel(),
  resourceServiceAccountName: dnsLabel(),
  createsRights: fc.boolean(),
} as never);

/** What every kind of workflow can be given. */
export const settingsArgs: fc.Arbitrary<WorkflowSettings> = joined(
  joined(joined(objectArgs, queueArgs), joined(counts, stores)),
  joined(accounts, locks),
);
