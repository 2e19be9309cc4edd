import type * as pulumi from "@pulumi/pulumi";
import {
  checkDnsLabel,
  checkEnum,
  checkQuantity,
  checkWholeNumber,
  type InputProblem,
  inputProblem,
  isPlain,
  problemAt,
} from "../../internal";
import { checkCronSchedule, checkTimeZone } from "../object/cron-schedule";
import { CronConcurrency } from "../object/cron-concurrency";
import { checkObject, checkQueue, checkRun, type NameRoom } from "../object";
import { checkDefinition } from "./checks/definition-checks";
import { checkLocks } from "./checks/lock-checks";
import { checkLiteral } from "./checks/types";
import { pathTo, variablesIn } from "./checks/variables";
import type { CronWorkflowArgs, WorkflowArgs, WorkflowInputs, WorkflowTemplateArgs } from "./workflow-args";
import type { WorkflowDefinition } from "./definition";
import { VolumeAccess, WorkflowArtifactCleanup, WorkflowPodCleanup, type WorkflowSettings } from "./workflow-settings";

/** Runs of a schedule have its name with the time behind it. */
const CRON_ROOM: NameRoom = { taken: 11, reason: "with the time of a run" };

/** Checks a Workflow's inputs as far as they are known. */
export function validateWorkflow(name: string, args: WorkflowArgs): InputProblem[] {
  return [
    ...checkSource(args),
    ...checkSettings(name, args),
    ...checkWhole(args, false),
    ...checkRunInputs(args, true),
    ...checkRun(args),
  ];
}

/** Checks a WorkflowTemplate's inputs as far as they are known. */
export function validateWorkflowTemplate(name: string, args: WorkflowTemplateArgs): InputProblem[] {
  return [...checkSettings(name, args), ...checkWhole(args, false)];
}

/** Checks a CronWorkflow's inputs as far as they are known. */
export function validateCronWorkflow(name: string, args: CronWorkflowArgs): InputProblem[] {
  return [
    ...checkSource(args),
    ...checkSettings(name, args, CRON_ROOM),
    ...checkWhole(args, true),
    ...checkRunInputs(args, true),
    ...checkSchedules(args.schedules),
    ...checkTimeZone("timeZone", args.timeZone),
    ...checkEnum("concurrency", args.concurrency, CronConcurrency),
    ...checkWholeNumber("startingDeadlineSeconds", args.startingDeadlineSeconds, { min: 0 }),
    ...checkWholeNumber("successfulRunsKept", args.successfulRunsKept, { min: 0 }),
    ...checkWholeNumber("failedRunsKept", args.failedRunsKept, { min: 0 }),
  ];
}

/**
 * Argo's resource type knows no names of months and days, although its controller does.
 *
 * @see https://github.com/argoproj/argo-workflows/blob/v4.0.5/pkg/apis/workflow/v1alpha1/cron_workflow_types.go `Schedules`
 */
function checkNumbers(path: string, schedule: string): InputProblem[] {
  if (schedule.startsWith("@") || !/[a-z]/i.test(schedule)) return [];
  return [inputProblem(path, schedule, "months and days of the week as numbers", "Write 1 for jan, and 0 for sun.")];
}

function checkSchedules(schedules: string[] | undefined): InputProblem[] {
  if (!Array.isArray(schedules) || schedules.length === 0) {
    return [inputProblem("schedules", schedules, "at least one schedule", 'Write one like "40 2 * * *".')];
  }
  return schedules.flatMap((schedule, index) =>
    schedules.indexOf(schedule) === index
      ? [...checkCronSchedule(`schedules[${index}]`, schedule), ...checkNumbers(`schedules[${index}]`, schedule)]
      : [inputProblem(`schedules[${index}]`, schedule, "a schedule that is not there yet", "Remove it.")],
  );
}

/** Arguments that shape templates, which are those of the WorkflowTemplate where there is one. */
const OF_DEFINITION = [
  "pools",
  "queue",
  "queuePriority",
  "artifactStore",
  "artifactCleanup",
  "resourceServiceAccountName",
  "createsRights",
] as const;

/** Checks that a workflow says in one way what it does. */
export function checkSource(
  args: WorkflowSettings & { definition?: WorkflowDefinition; workflowTemplate?: pulumi.Input<string> },
  reference: "workflowTemplate" | "pipeline" = "workflowTemplate",
): InputProblem[] {
  const { definition, workflowTemplate } = args;
  if ((definition === undefined) === (workflowTemplate === undefined)) {
    const observed = definition === undefined ? "missing" : `given beside ${reference}`;
    return [problemAt("definition", observed, `one of definition and ${reference}`, "Say in one way what it does.")];
  }
  if (workflowTemplate === undefined) return [];
  const extra = OF_DEFINITION.filter((field) => args[field] !== undefined);
  return [
    ...(isPlain(workflowTemplate) ? checkDnsLabel(reference, workflowTemplate) : []),
    ...extra.map((field) =>
      problemAt(field, "given", `nothing with ${reference}`, `Give it to the ${reference} instead.`),
    ),
  ];
}

function checkWhole(
  args: WorkflowSettings & { definition?: WorkflowDefinition },
  isScheduled: boolean,
): InputProblem[] {
  const { definition, pools, namespace } = args;
  if (definition === undefined) return [];
  const plain = isPlain(namespace) ? namespace : undefined;
  return [
    ...checkDefinition("definition", definition, { pools, namespace: plain, isScheduled }),
    ...checkClaims(args, definition),
  ];
}

/** Checks what every kind of workflow has. */
export function checkSettings(name: string, args: WorkflowSettings, room?: NameRoom): InputProblem[] {
  const { artifactStore, artifactRepository } = args;
  const counts = { parallelism: args.parallelism, activeDeadlineSeconds: args.activeDeadlineSeconds };
  const ages = {
    secondsAfterCompletion: args.secondsAfterCompletion,
    secondsAfterSuccess: args.secondsAfterSuccess,
    secondsAfterFailure: args.secondsAfterFailure,
  };
  const max = 2 ** 31 - 1;
  return [
    ...checkObject(name, args, room),
    ...checkQueue(args),
    ...checkLocks("", args),
    ...Object.entries(counts).flatMap(([path, value]) => checkWholeNumber(path, value, { min: 1 })),
    ...Object.entries(ages).flatMap(([path, value]) => checkWholeNumber(path, value, { min: 0, max })),
    ...checkWholeNumber("priority", args.priority, { min: -max, max }),
    ...checkEnum("podCleanup", args.podCleanup, WorkflowPodCleanup),
    ...checkEnum("artifactCleanup", args.artifactCleanup, WorkflowArtifactCleanup),
    ...(artifactRepository?.configMap === undefined
      ? []
      : checkDnsLabel("artifactRepository.configMap", artifactRepository.configMap)),
    ...(artifactStore !== undefined && artifactRepository !== undefined
      ? [problemAt("artifactRepository", "given beside artifactStore", "one of the two", "Remove one.")]
      : []),
    ...(args.volumeClaims ?? []).flatMap(({ name: claim, size, storageClassName, access }, index) => [
      ...checkDnsLabel(`volumeClaims[${index}].name`, claim),
      ...checkQuantity(`volumeClaims[${index}].size`, size, "50Gi"),
      ...(isPlain(storageClassName) ? checkDnsLabel(`volumeClaims[${index}].storageClassName`, storageClassName) : []),
      ...checkEnum(`volumeClaims[${index}].access`, access, VolumeAccess),
    ]),
    ...checkClaimNames(args),
  ];
}

function checkClaimNames({ volumeClaims = [] }: WorkflowSettings): InputProblem[] {
  const names = volumeClaims.map(({ name }) => name);
  return names.flatMap((name, index) =>
    names.indexOf(name) === index
      ? []
      : [inputProblem(`volumeClaims[${index}].name`, name, "a name that no other claim has", "Rename one of them.")],
  );
}

/** What stands before the name of a run's own claim. */
const OWN_CLAIM = "{{workflow.name}}-";

/** Claims of a run and the volumes that mount them must go together. */
export function checkClaims({ volumeClaims = [] }: WorkflowSettings, definition: WorkflowDefinition): InputProblem[] {
  if (!hasTemplates(definition)) return [];
  const mounts = definition.templates.flatMap(({ container }, index) =>
    (container?.volumes ?? []).flatMap(({ persistentVolumeClaim: claim }, place) =>
      typeof claim === "string" && claim.startsWith(OWN_CLAIM)
        ? [{ claim, path: `definition.templates[${index}].container.volumes[${place}].persistentVolumeClaim` }]
        : [],
    ),
  );
  const names = volumeClaims.map(({ name }) => `${OWN_CLAIM}${name}`);
  const allowed = names.length === 0 ? "a claim of volumeClaims, of which there is none" : names.join(", ");
  return [
    ...mounts
      .filter(({ claim }) => !names.includes(claim))
      .map(({ claim, path }) => inputProblem(path, claim, allowed, "Add the claim to volumeClaims, or name another.")),
    ...names.flatMap((name, index) =>
      mounts.some(({ claim }) => claim === name)
        ? []
        : [
            problemAt(
              `volumeClaims[${index}]`,
              "a claim that no step mounts",
              `a volume with ${name}`,
              "Mount it, or remove it.",
            ),
          ],
    ),
  ];
}

/** Other languages can leave out what must be there. */
function hasTemplates(definition: WorkflowDefinition | undefined): definition is WorkflowDefinition {
  return Array.isArray((definition as Partial<WorkflowDefinition> | null | undefined)?.templates);
}

/** Checks what a run is given against what its entrypoint asks for. */
export function checkRunInputs(
  args: WorkflowInputs & { definition?: WorkflowDefinition },
  isRun: boolean,
): InputProblem[] {
  const { definition, parameters = {}, artifacts = {} } = args;
  const variables = variablesIn({ parameters, artifacts }, "").map(({ path, written }) =>
    problemAt(path.slice(1), written, "a value", "Nothing is known yet when a run starts; give a value."),
  );
  const start = hasTemplates(definition) && definition.templates.find(({ name }) => name === definition.entrypoint);
  if (!start || variables.length > 0) return variables;
  const { parameters: values = [], artifacts: files = [] } = start.inputs ?? {};
  return [
    ...unknownInputs("parameters", Object.keys(parameters), values),
    ...unknownInputs("artifacts", Object.keys(artifacts), files),
    ...values.flatMap((input) => {
      const path = pathTo("parameters", input.name);
      const value = parameters[input.name];
      if (value === undefined) return isRun && input.defaultValue === undefined ? [missing(path)] : [];
      return isPlain(value) ? checkLiteral(path, value, input) : [];
    }),
    ...files.flatMap(({ name, optional = false, key }) =>
      isRun && !optional && key === undefined && artifacts[name] === undefined
        ? [missing(pathTo("artifacts", name))]
        : [],
    ),
  ];
}

function unknownInputs(path: string, given: string[], inputs: { name: string }[]): InputProblem[] {
  const names = inputs.map(({ name }) => name);
  const allowed = names.length === 0 ? "none, as the entrypoint has no such inputs" : names.join(", ");
  return given
    .filter((name) => !names.includes(name))
    .map((name) => problemAt(pathTo(path, name), "no input of the entrypoint", allowed, "Remove it, or rename it."));
}

function missing(path: string): InputProblem {
  return inputProblem(
    path,
    undefined,
    "something for this input of the entrypoint",
    "Give it, or give the input a default.",
  );
}
