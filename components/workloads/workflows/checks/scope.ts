import { closest } from "fastest-levenshtein";
import { type InputProblem, problemAt } from "../../../internal";
import { type ParameterDeclaration, ParameterType, type StepOutputs, type StepTemplate } from "../definition";
import { itemOf, typeOf } from "./types";
import type { Variable } from "./variables";

/** What a variable stands for. */
export interface Meaning {
  /** A value, files, or the path of a file. */
  kind: "parameter" | "artifact" | "path";
  /** Type of a value. */
  declaration?: ParameterDeclaration;
  /** Type of files. */
  artifactType?: string;
  /** Task that it comes from. */
  task?: string;
}

/** Variables that are known at some place. */
export type Scope = Map<string, Meaning>;

/** What is known of the run itself wherever a variable may stand. */
const OF_RUN = [
  "workflow.name",
  "workflow.namespace",
  "workflow.uid",
  "workflow.serviceAccountName",
  "workflow.mainEntrypoint",
  "workflow.creationTimestamp",
  "workflow.creationTimestamp.RFC3339",
  "workflow.creationTimestamp.s",
  "workflow.duration",
];

/** What is known besides at the end of a run. */
const AT_EXIT = ["workflow.status", "workflow.failures"];

/** What is known besides in runs of a schedule. */
const OF_SCHEDULE = ["workflow.scheduledTime"];

/** Parts of the time of creation have names of one letter, as strftime has them. */
const TIME_PART = /^workflow\.creationTimestamp\.[A-Za-z]$/;

/** Where templates of a definition are used. */
export interface RunFacts {
  /** Whether it runs at the end of a run. */
  isAtExit: boolean;
  /** Whether a schedule starts the runs. */
  isScheduled: boolean;
}

/** What is known of the run. */
export function runScope({ isAtExit, isScheduled }: RunFacts): Scope {
  const names = [...OF_RUN, ...(isAtExit ? AT_EXIT : []), ...(isScheduled ? OF_SCHEDULE : [])];
  return new Map(names.map((name) => [name, textMeaning(name)]));
}

/** What a template knows of its inputs. */
export function inputScope({ inputs = {}, container }: StepTemplate): Scope {
  const parameters = (inputs.parameters ?? []).map((each): [string, Meaning] => [
    `inputs.parameters.${each.name}`,
    { kind: "parameter", declaration: each },
  ]);
  const artifacts = (inputs.artifacts ?? []).flatMap(({ name, type }): [string, Meaning][] => [
    [`inputs.artifacts.${name}`, { kind: "artifact", artifactType: type }],
    ...(container === undefined ? [] : [[`inputs.artifacts.${name}.path`, { kind: "path" }] as [string, Meaning]]),
  ]);
  return new Map([...parameters, ...artifacts]);
}

/** What a template that runs a pod knows besides. */
export function podScope({ outputs = {}, container, retry }: StepTemplate): Scope {
  const paths = [
    ...(outputs.parameters ?? []).map(({ name }) => `outputs.parameters.${name}.path`),
    ...(outputs.artifacts ?? []).map(({ name }) => `outputs.artifacts.${name}.path`),
  ];
  const texts = ["pod.name", "node.name", ...(retry?.limit === 0 ? [] : ["retries"])];
  return new Map<string, Meaning>([
    ...(container === undefined ? [] : paths.map((name): [string, Meaning] => [name, { kind: "path" }])),
    ...texts.map((name): [string, Meaning] => [name, textMeaning(name)]),
  ]);
}

/** What tasks know of another one. Values of a loop are lists, and its files are not known. */
export function taskScope(prefix: string, task: string, outputs: StepOutputs = {}, isLoop: boolean): Scope {
  const at = `${prefix}.${task}`;
  const parameters = (outputs.parameters ?? []).map((each): [string, Meaning] => [
    `${at}.outputs.parameters.${each.name}`,
    { kind: "parameter", declaration: isLoop ? listOf(each) : each, task },
  ]);
  const artifacts = (isLoop ? [] : (outputs.artifacts ?? [])).map(({ name, type }): [string, Meaning] => [
    `${at}.outputs.artifacts.${name}`,
    { kind: "artifact", artifactType: type, task },
  ]);
  return new Map([...parameters, ...artifacts, [`${at}.status`, { ...textMeaning(`${at}.status`), task }]]);
}

/** What a task knows of the item of its round. */
export function itemScope(list: ParameterDeclaration): Scope {
  const fields = list.itemFields ?? [];
  const item = itemOf(list);
  return new Map<string, Meaning>([
    ["item", { kind: "parameter", declaration: item }],
    ...fields.map(({ name, type = ParameterType.string }): [string, Meaning] => [
      `item.${name}`,
      { kind: "parameter", declaration: { name, type } },
    ]),
  ]);
}

/** All of several scopes. */
export function joinedScope(...scopes: Scope[]): Scope {
  return new Map(scopes.flatMap((scope) => [...scope]));
}

/** What a name means; undefined where it is not known. */
export function meaningOf(name: string, scope: Scope): Meaning | undefined {
  return scope.get(name) ?? (TIME_PART.test(name) ? textMeaning(name) : undefined);
}

/** Checks that every name of a variable is known. */
export function checkVariable(variable: Variable, scope: Scope): InputProblem[] {
  return variable.names.flatMap((name) => {
    if (meaningOf(name, scope) !== undefined || (variable.isExpression && isAbove(name, scope))) return [];
    return [unknownName(variable.path, variable.isExpression ? name : variable.written, name, scope)];
  });
}

/** What to do about names that are known elsewhere, by how they begin. */
const ELSEWHERE: [start: string, remedy: string][] = [
  [
    "workflow.parameters",
    "Declare an input, hand the value on to it, and use that: other workflows can then use it too.",
  ],
  ["workflow.status", "Only what runs at the end knows it: name its template in onExit."],
  ["workflow.failures", "Only what runs at the end knows it: name its template in onExit."],
  ["workflow.scheduledTime", "Only runs of a CronWorkflow have it."],
  ["item", "Only tasks with withItems or withParam have it, and fields as far as items are records with them."],
];

function unknownName(path: string, written: string, name: string, scope: Scope): InputProblem {
  const [, remedy] = ELSEWHERE.find(([start]) => name === start || name.startsWith(`${start}.`)) ?? [];
  const known = [...scope.keys()];
  const nearest = known.length === 0 ? "Nothing is known there." : `Did you mean {{${closest(name, known)}}}?`;
  return problemAt(path, written, "variables that are known there", remedy ?? nearest);
}

/** Expressions may take all inputs or outputs as a map. */
function isAbove(name: string, scope: Scope): boolean {
  return [...scope.keys()].some((key) => key.startsWith(`${name}.`));
}

function listOf(each: ParameterDeclaration): ParameterDeclaration {
  const { name, itemFields } = each;
  return {
    name,
    type: ParameterType.list,
    itemType: typeOf(each),
    ...(itemFields === undefined ? {} : { itemFields }),
  };
}

function textMeaning(name: string): Meaning {
  return { kind: "parameter", declaration: { name, type: ParameterType.string } };
}
