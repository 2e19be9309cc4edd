import { checkEnum, checkWholeNumber, type InputProblem, inputProblem, problemAt } from "../../../internal";
import { RetryPolicy, type StepTemplate, type WorkflowDefinition } from "../definition";
import { templateNames } from "../argo/resource-template";
import { artifactKeys } from "./artifact-keys";
import { checkInputs, checkOutputs, checkTemplateName } from "./declaration-checks";
import { circleIn } from "./dependencies";
import { checkGraph } from "./graph-checks";
import { reachableFrom, taskGroups, type Templates, templatesOf } from "./graph-scope";
import { checkLocks } from "./lock-checks";
import { inputScope, joinedScope, podScope, runScope } from "./scope";
import { checkStep, type StepFacts } from "./step-checks";
import { describeType, isFitting } from "./types";

/** What a definition is checked against. */
export interface DefinitionFacts extends StepFacts {
  /** Whether a schedule starts the runs. */
  isScheduled: boolean;
}

/** @see https://github.com/argoproj/argo-workflows/blob/v4.1.2/pkg/apis/workflow/v1alpha1/workflow_types.go `MaxItems` */
const MOST_TEMPLATES = 200;

const BODIES = ["container", "resource", "suspend", "dag", "steps"] as const;

/** Checks everything that can be known of a definition before it runs. */
export function checkDefinition(path: string, given: WorkflowDefinition, facts: DefinitionFacts): InputProblem[] {
  const definition = given as Partial<WorkflowDefinition> | undefined;
  if (!Array.isArray(definition?.templates) || definition.templates.length === 0) {
    return [inputProblem(`${path}.templates`, definition?.templates, "at least one template", "Give it a step.")];
  }
  const templates = templatesOf(definition);
  const shape = [...checkShape(path, given.templates), ...checkStarts(path, given, templates)];
  return [...shape, ...checkTemplates(path, given, templates, facts)];
}

function checkShape(path: string, templates: StepTemplate[]): InputProblem[] {
  const all = templates.flatMap((template, index) => templateNames(template).map((name) => ({ name, index })));
  const clashes = all.flatMap(({ name, index }, place) => {
    const first = all.findIndex((other) => other.name === name);
    if (first === place) return [];
    const at = `${path}.templates[${index}].name`;
    return [inputProblem(at, name, "a name that no other template has", "Rename one of the two, or use one template.")];
  });
  const most = `at most ${MOST_TEMPLATES} templates`;
  return [
    ...templates.flatMap((template, index) => checkTemplate(`${path}.templates[${index}]`, template)),
    ...clashes,
    ...(all.length > MOST_TEMPLATES
      ? [problemAt(`${path}.templates`, `${all.length} templates`, most, "Move some into a WorkflowTemplate.")]
      : []),
  ];
}

/** What every template must be, whatever the others are. */
function checkTemplate(path: string, template: StepTemplate): InputProblem[] {
  const bodies = BODIES.filter((body) => template[body] !== undefined);
  const isGraph = template.dag !== undefined || template.steps !== undefined;
  const isPod = template.container !== undefined || template.resource !== undefined;
  const observed = bodies.length === 0 ? "a template that does nothing" : `given ${bodies.join(" and ")}`;
  const { retry = {} } = template;
  return [
    ...checkTemplateName(`${path}.name`, template.name),
    ...(bodies.length === 1 ? [] : [problemAt(path, observed, `exactly one of ${BODIES.join(", ")}`, "Give it one.")]),
    ...checkInputs(`${path}.inputs`, template.inputs ?? {}),
    ...checkOutputs(`${path}.outputs`, template.outputs ?? {}),
    ...checkWholeNumber(`${path}.parallelism`, template.parallelism, { min: 1 }),
    ...onlyWhere(isGraph, `${path}.parallelism`, template.parallelism, "a dag or steps"),
    ...checkWholeNumber(`${path}.activeDeadlineSeconds`, template.activeDeadlineSeconds, { min: 1 }),
    ...onlyWhere(isPod, `${path}.activeDeadlineSeconds`, template.activeDeadlineSeconds, "a container or resource"),
    ...onlyWhere(isPod, `${path}.retry`, template.retry, "a container or resource"),
    ...checkWholeNumber(`${path}.retry.limit`, retry.limit, { min: 0 }),
    ...checkEnum(`${path}.retry.policy`, retry.policy, RetryPolicy),
    ...checkWholeNumber(`${path}.retry.delaySeconds`, retry.delaySeconds, { min: 1 }),
    ...checkWholeNumber(`${path}.retry.factor`, retry.factor, { min: 1 }),
    ...checkWholeNumber(`${path}.retry.maxDelaySeconds`, retry.maxDelaySeconds, { min: 1 }),
    ...onlyWhere(
      template.container !== undefined,
      `${path}.retry.permanentExitCodes`,
      retry.permanentExitCodes,
      "a container",
    ),
    ...artifactKeys(path, template).flatMap(([at, key]) =>
      onlyWhere(template.container !== undefined, at, key, "a container"),
    ),
    ...checkLocks(path, template),
    ...onlyWhere(isPod, `${path}.mutexes`, template.mutexes, "a container or resource"),
    ...onlyWhere(isPod, `${path}.semaphores`, template.semaphores, "a container or resource"),
  ];
}

function onlyWhere(isThere: boolean, path: string, value: unknown, where: string): InputProblem[] {
  if (isThere || value === undefined) return [];
  return [inputProblem(path, value, `nothing but for ${where}`, "Leave it out.")];
}

function checkStarts(path: string, definition: WorkflowDefinition, templates: Templates): InputProblem[] {
  const { entrypoint, onExit } = definition;
  const allowed = `one of the templates, ${[...templates.keys()].join(", ")}`;
  const missing = Object.entries({ entrypoint, onExit }).flatMap(([field, name]) =>
    (field === "onExit" && name === undefined) || templates.has(name ?? "")
      ? []
      : [inputProblem(`${path}.${field}`, name, allowed, "Name one of these.")],
  );
  const reached = reachableFrom([entrypoint, onExit], templates);
  const unreached = definition.templates.flatMap(({ name }, index) =>
    reached.has(name) || missing.length > 0
      ? []
      : [problemAt(`${path}.templates[${index}]`, `"${name}", which nothing runs`, "templates that run", "Remove it.")],
  );
  const circle = circleIn([...templates.keys()], (name) => {
    const template = templates.get(name);
    return template === undefined
      ? []
      : taskGroups(template)
          .flat()
          .flatMap((task) => task.template ?? []);
  });
  return [
    ...missing,
    ...unreached,
    ...checkExit(path, templates.get(entrypoint), templates.get(onExit ?? "")),
    ...(circle === undefined
      ? []
      : [
          problemAt(
            `${path}.templates`,
            circle.join(" → "),
            "templates that do not run each other",
            "Break the circle.",
          ),
        ]),
  ];
}

/** At the end Argo hands on what the workflow was given, by the names of inputs, and nothing else. */
function checkExit(path: string, start: StepTemplate | undefined, exit: StepTemplate | undefined): InputProblem[] {
  const given = start?.inputs?.parameters ?? [];
  const values = (exit?.inputs?.parameters ?? []).filter((wanted) => {
    const found = given.find(({ name }) => name === wanted.name);
    return found === undefined ? wanted.defaultValue === undefined : !isFitting(found, wanted);
  });
  const files = (exit?.inputs?.artifacts ?? []).filter(({ optional }) => optional !== true);
  const remedy = "Wrap it in a dag that hands the value on.";
  return [
    ...values.map((wanted) =>
      problemAt(
        `${path}.onExit`,
        `"${exit!.name}", which needs the input ${wanted.name}`,
        `inputs of the workflow, here ${wanted.name} of type ${describeType(wanted)}`,
        remedy,
      ),
    ),
    ...files.map(({ name }) =>
      problemAt(
        `${path}.onExit`,
        `"${exit!.name}", which needs the files ${name}`,
        "values only",
        "Files may be missing.",
      ),
    ),
  ];
}

function checkTemplates(
  path: string,
  definition: WorkflowDefinition,
  templates: Templates,
  facts: DefinitionFacts,
): InputProblem[] {
  const atExit = reachableFrom([definition.onExit], templates);
  return definition.templates.flatMap((template, index) => {
    const at = `${path}.templates[${index}]`;
    const run = runScope({ isAtExit: atExit.has(template.name), isScheduled: facts.isScheduled });
    if (template.dag !== undefined || template.steps !== undefined) return checkGraph(at, template, templates, run);
    return checkStep(at, template, joinedScope(run, inputScope(template), podScope(template)), facts);
  });
}
