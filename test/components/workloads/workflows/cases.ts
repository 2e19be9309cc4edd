import fc from "fast-check";
import {
  CronWorkflow,
  type CronWorkflowArgs,
  cronWorkflowManifest,
  validateCronWorkflow,
  validateWorkflow,
  validateWorkflowTemplate,
  Workflow,
  type WorkflowArgs,
  workflowManifest,
  workflowObjects,
  WorkflowTemplate,
  type WorkflowTemplateArgs,
  workflowTemplateManifest,
} from "../../../../components/workloads/workflows";
import type { RunArgs } from "../../../../components/workloads";
import { joined, someOf } from "../../../support/workloads/arguments";
import { FLAWS, flawed } from "../../../support/workloads/flaws";
import { workloadCase } from "../../../support/workloads/workload-case";
import { definitionArgs, settingsArgs } from "./arguments";
import { DEFINITION_FLAWS } from "./definition-flaws";
import { definitions, shuffling } from "./steps";

/** What is wrong with settings that all kinds of workflows have. */
export const SETTING_FLAWS: typeof FLAWS.program = [
  ...FLAWS.object,
  ...FLAWS.queue,
  ["parallelism", { parallelism: 0 }],
  ["activeDeadlineSeconds", { activeDeadlineSeconds: 0 }],
  ["secondsAfterCompletion", { secondsAfterCompletion: -1 }],
  ["secondsAfterSuccess", { secondsAfterSuccess: 2 ** 31 }],
  ["secondsAfterFailure", { secondsAfterFailure: 0.5 }],
  ["priority", { priority: 1.5 }],
  ["podCleanup", { podCleanup: "Never" }],
  ["artifactCleanup", { artifactCleanup: "Always" }],
  ["mutexes[0]", { mutexes: ["My Lock"] }],
  ["semaphores[0].configMap", { semaphores: [{ configMap: "A", key: "a" }] }],
  ["artifactRepository", { artifactStore: { bucket: "a", region: "b" }, artifactRepository: {} }],
  ["artifactRepository.configMap", { artifactRepository: { configMap: "A B" } }],
  ["volumeClaims[0].name", { volumeClaims: [{ name: "A", size: "1Gi" }] }],
  ["volumeClaims[0].size", { volumeClaims: [{ name: "a", size: "much" }] }],
  ["volumeClaims[0].storageClassName", { volumeClaims: [{ name: "a", size: "1Gi", storageClassName: "Fast SSD" }] }],
  ["volumeClaims[0].access", { volumeClaims: [{ name: "a", size: "1Gi", access: "Never" }] }],
  ["volumeClaims[1].name", { volumeClaims: ["a", "a"].map((name) => ({ name, size: "1Gi" })) }],
  ["volumeClaims[0]", { volumeClaims: [{ name: "a", size: "1Gi" }] }],
];

/** What is wrong with what a run is given. */
export const RUN_FLAWS: typeof FLAWS.program = [
  ["definition", { definition: undefined }],
  ["definition", { workflowTemplate: "refit" }],
  ["queue", { definition: undefined, workflowTemplate: "refit", queue: "default" }],
  ["artifactCleanup", { definition: undefined, workflowTemplate: "refit", artifactCleanup: "OnWorkflowCompletion" }],
  ["workflowTemplate", { definition: undefined, workflowTemplate: "Refit" }],
  ["parameters.month", { parameters: { month: "1" } }],
  ["parameters.day", { parameters: { day: "{{workflow.name}}" } }],
  ["parameters.day", { definition: definitions.trials, parameters: {} }],
  ['parameters["least-rows"]', { definition: definitions.trials, parameters: { day: "", "least-rows": "few" } }],
  ["artifacts.table", { artifacts: { table: "demand/table.csv" } }],
];

/** What is wrong with how an update waits. */
export const WAITING_FLAWS: typeof FLAWS.program = [
  ["waitSeconds", { waitForCompletion: true, waitSeconds: 0 }],
  ["waitSeconds", { waitForCompletion: undefined, waitSeconds: 600 }],
  ["waitSeconds", { waitForCompletion: false, waitSeconds: 600 }],
];

const day = someOf<WorkflowArgs>({ parameters: fc.constantFrom({}, { day: "2026-02-03" }) } as never);
/** How an update can wait. */
export const waiting: fc.Arbitrary<RunArgs> = fc.oneof(
  fc.constantFrom<RunArgs>({}, { waitForCompletion: false }, { waitForCompletion: true }),
  fc.integer({ min: 1 }).map((waitSeconds): RunArgs => ({ waitForCompletion: true, waitSeconds })),
);
const defined = fc.record({ definition: definitionArgs });

/** Runs of what is on the cluster; few settings are then their own. */
const referring = fc.constantFrom<Partial<WorkflowArgs>>(
  { workflowTemplate: "refit" },
  { workflowTemplate: "refit", parameters: { day: "2026-02-03" }, artifacts: { table: "demand/table.csv" } },
  { workflowTemplate: "refit", labels: { team: "vision" }, lineage: { commit: "0123abc" }, secondsAfterFailure: 60 },
  { workflowTemplate: "refit", serviceAccountName: "trainer", parallelism: 3, podCleanup: "OnPodSuccess", priority: 2 },
);

const ownWorkflow: fc.Arbitrary<WorkflowArgs> = joined(joined(defined, settingsArgs), joined(day, waiting));
const workflowArgs = fc.oneof({ weight: 5, arbitrary: ownWorkflow }, referring as fc.Arbitrary<WorkflowArgs>);
const templateArgs: fc.Arbitrary<WorkflowTemplateArgs> = joined(defined, settingsArgs);

const schedule = joined(
  fc.record({ schedules: fc.constantFrom(["40 2 * * *"], ["@daily", "0 12 * * 1-5"], ["*/15 * 1,15 1-6 0"]) }),
  someOf<CronWorkflowArgs>({
    timeZone: fc.constantFrom("UTC", "Europe/Berlin"),
    concurrency: fc.constantFrom("Forbid", "Replace", "Allow"),
    startingDeadlineSeconds: fc.nat(),
    successfulRunsKept: fc.nat({ max: 50 }),
    failedRunsKept: fc.nat({ max: 50 }),
    suspend: fc.boolean(),
  } as never),
);
const ownCron: fc.Arbitrary<CronWorkflowArgs> = joined(joined(defined, settingsArgs), joined(day, schedule));
const cronArgs = fc.oneof({ weight: 5, arbitrary: ownCron }, joined(referring, schedule));

const CRON_FLAWS: typeof FLAWS.program = [
  ["objectName", { objectName: "x".repeat(53) }],
  ["schedules", { schedules: [] }],
  ["schedules[0]", { schedules: ["0 25 * * *"] }],
  ["schedules[1]", { schedules: ["@daily", "@daily"] }],
  ["schedules[0]", { schedules: ["0 2 * jan *"] }],
  ["timeZone", { timeZone: "Berlin" }],
  ["concurrency", { concurrency: "Queue" }],
  ["startingDeadlineSeconds", { startingDeadlineSeconds: -1 }],
  ["successfulRunsKept", { successfulRunsKept: -1 }],
  ["failedRunsKept", { failedRunsKept: 0.5 }],
];

/** Kinds of Argo Workflows. */
export const workflowCases = [
  workloadCase<WorkflowArgs>({
    component: "Workflow",
    create: (name, args, opts) => new Workflow(name, args, opts),
    validate: validateWorkflow,
    objects: (name, args) => workflowObjects(name, args, workflowManifest(name, args)),
    variants: {
      minimal: { definition: definitions.minimal },
      trials: {
        definition: definitions.trials,
        parameters: { day: "2026-01-01" },
        queue: "default",
        lineage: { commit: "0123abc" },
      },
      release: {
        definition: definitions.release,
        parameters: { day: "2026-01-01" },
        serviceAccountName: "demand",
        artifactStore: { bucket: "artifacts", region: "eu-central-1" },
      },
      "all-settings": {
        definition: shuffling,
        parallelism: 3,
        activeDeadlineSeconds: 7200,
        secondsAfterCompletion: 86_400,
        secondsAfterSuccess: 3600,
        secondsAfterFailure: 259_200,
        podCleanup: "OnPodCompletion",
        artifactCleanup: "OnWorkflowDeletion",
        volumeClaims: [
          { name: "rides", size: "200Gi", storageClassName: "shared-files", access: "ReadWriteMany" },
          { name: "scratch", size: "50Gi" },
        ],
        priority: 5,
        archiveLogs: true,
        artifactRepository: { configMap: "artifact-repositories", key: "demand" },
        mutexes: ["demand"],
        semaphores: [{ configMap: "limits", key: "gpu" }],
      },
    },
    args: workflowArgs,
    flaws: flawed(ownWorkflow, [...DEFINITION_FLAWS, ...SETTING_FLAWS, ...RUN_FLAWS, ...WAITING_FLAWS]),
  }),
  workloadCase<WorkflowTemplateArgs>({
    component: "WorkflowTemplate",
    create: (name, args, opts) => new WorkflowTemplate(name, args, opts),
    validate: validateWorkflowTemplate,
    objects: (name, args) => workflowObjects(name, args, workflowTemplateManifest(name, args)),
    variants: { minimal: { definition: definitions.single }, trials: { definition: definitions.trials } },
    args: templateArgs,
    flaws: flawed(templateArgs, [...DEFINITION_FLAWS, ...SETTING_FLAWS]),
  }),
  workloadCase<CronWorkflowArgs>({
    component: "CronWorkflow",
    create: (name, args, opts) => new CronWorkflow(name, args, opts),
    validate: validateCronWorkflow,
    objects: (name, args) => workflowObjects(name, args, cronWorkflowManifest(name, args)),
    variants: {
      minimal: { definition: definitions.minimal, schedules: ["40 2 * * *"] },
      trials: {
        definition: definitions.trials,
        parameters: { day: "2026-01-01" },
        schedules: ["40 2 * * *"],
        timeZone: "Europe/Berlin",
      },
    },
    args: cronArgs,
    flaws: flawed(ownCron, [...DEFINITION_FLAWS, ...SETTING_FLAWS, ...RUN_FLAWS, ...CRON_FLAWS]),
  }),
];
