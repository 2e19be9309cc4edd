import { type InputProblem, inputProblem, isPlain, problemAt } from "../../../internal";
import { type ParameterDeclaration, ParameterType, type TaskArguments, type WorkflowTask } from "../definition";
import { checkComparison } from "./comparison-checks";
import { type Callee, calleeOf, isLoop, type Templates } from "./graph-scope";
import { checkVariable, joinedScope, type Meaning, meaningOf, type Scope } from "./scope";
import { checkLoop, itemsScope } from "./loop-checks";
import { checkLiteral, describeType, isFitting, typeOf } from "./types";
import { brokenTexts, pathTo, soleName, variablesIn } from "./variables";
import { unclosed } from "./wording";

/** What tasks are checked against. */
export interface TaskFacts {
  /** Templates of the definition. */
  templates: Templates;
  /** What is known to the task, items of its own loop aside. */
  scope: Scope;
}

/** Checks what a task runs and what it hands to it. */
export function checkTask(path: string, task: WorkflowTask, { templates, scope }: TaskFacts): InputProblem[] {
  const callee = calleeOf(task, templates);
  const own = isLoop(task) ? joinedScope(scope, itemsScope(task, scope)) : scope;
  return [
    ...checkCallee(path, task, templates),
    ...checkLoop(path, task, scope),
    ...(callee === undefined ? [] : checkArguments(`${path}.arguments`, task.arguments ?? {}, callee, own)),
    ...(task.when ?? []).flatMap((comparison, index) => checkComparison(`${path}.when[${index}]`, comparison, scope)),
  ];
}

function checkCallee(path: string, { template, templateRef }: WorkflowTask, templates: Templates): InputProblem[] {
  if ((template === undefined) === (templateRef === undefined)) {
    const observed = template === undefined ? "missing" : "given beside templateRef";
    return [problemAt(`${path}.template`, observed, "one of template and templateRef", "Name what the task runs.")];
  }
  if (template !== undefined && !templates.has(template)) {
    const allowed = [...templates.keys()].join(", ");
    return [inputProblem(`${path}.template`, template, `one of the templates, ${allowed}`, "Name one of these.")];
  }
  return (["name", "template"] as const).flatMap((field) =>
    templateRef === undefined || templateRef[field]
      ? []
      : [inputProblem(`${path}.templateRef.${field}`, templateRef[field], "a name", "Name the template.")],
  );
}

function checkArguments(path: string, args: TaskArguments, callee: Callee, scope: Scope): InputProblem[] {
  const { parameters = {}, artifacts = {} } = args;
  const { parameters: values = [], artifacts: files = [] } = callee.inputs;
  const at = { values: `${path}.parameters`, files: `${path}.artifacts` };
  return [
    ...unknownArguments(at.values, Object.keys(parameters), values, "value"),
    ...unknownArguments(at.files, Object.keys(artifacts), files, "artifact"),
    ...values.flatMap((input) => {
      const given = parameters[input.name];
      const place = pathTo(at.values, input.name);
      if (given === undefined) return input.defaultValue === undefined ? [missingInput(place)] : [];
      return checkValue(place, given, input, scope);
    }),
    ...files.flatMap(({ name, type, optional = false, key }) => {
      const given = artifacts[name];
      const place = pathTo(at.files, name);
      if (given === undefined) return optional || key !== undefined ? [] : [missingInput(place)];
      return checkFiles(place, given, type, scope);
    }),
  ];
}

function missingInput(path: string): InputProblem {
  return inputProblem(path, undefined, "something for this required input", "Hand it on, or make the input optional.");
}

function unknownArguments(path: string, given: string[], inputs: { name: string }[], what: string): InputProblem[] {
  const names = inputs.map(({ name }) => name);
  const allowed = names.length === 0 ? `no ${what}s` : `the template's ${what}s, ${names.join(", ")}`;
  return given
    .filter((name) => !names.includes(name))
    .map((name) => problemAt(pathTo(path, name), "no input of the template", allowed, "Remove it, or rename it."));
}

/** Checks a value that may have variables in it against what is wanted. */
export function checkValue(path: string, value: unknown, wanted: ParameterDeclaration, scope: Scope): InputProblem[] {
  if (!isPlain(value)) return [];
  if (typeof value !== "string") {
    return [inputProblem(path, value, "a text, as Argo passes all values", "Write it as a text.")];
  }
  const broken = brokenTexts(value, path).map(({ text }) => unclosed(path, text));
  const variables = variablesIn(value, path);
  const unknown = variables.flatMap((variable) => checkVariable(variable, scope));
  if (broken.length > 0 || unknown.length > 0) return [...broken, ...unknown];
  if (variables.length === 0) return checkLiteral(path, value, wanted);
  const sole = soleName(value);
  if (sole !== undefined) return checkMeaning(path, value, meaningOf(sole, scope)!, wanted);
  const files = variables.filter(
    ({ isExpression, names }) => !isExpression && meaningOf(names[0]!, scope)?.kind !== "parameter",
  );
  if (files.length > 0) return files.map(({ written }) => notAValue(path, written));
  const isText = [ParameterType.string, ParameterType.json, ParameterType.list].some((type) => type === typeOf(wanted));
  if (isText || variables.some(({ isExpression }) => isExpression)) return [];
  return [inputProblem(path, value, describeType(wanted), "Text around a variable makes a text of it.")];
}

function checkMeaning(path: string, value: string, meaning: Meaning, wanted: ParameterDeclaration): InputProblem[] {
  if (meaning.kind !== "parameter") return [notAValue(path, value)];
  const given = meaning.declaration!;
  if (isFitting(given, wanted)) return [];
  const observed = `${value}, which is ${describeType(given)}`;
  return [problemAt(path, observed, describeType(wanted), "Hand on a value of that type.")];
}

function notAValue(path: string, written: string): InputProblem {
  return problemAt(path, `${written}, which is files`, "a value", "Files are handed on among artifacts.");
}

/** Checks a variable of files against the type that is wanted. */
export function checkFiles(path: string, value: unknown, type: string, scope: Scope): InputProblem[] {
  const name = typeof value === "string" ? soleName(value) : undefined;
  if (name === undefined) {
    const allowed = "one variable such as {{tasks.fetch.outputs.artifacts.table}}";
    return [inputProblem(path, value, allowed, "Name the files that it hands on.")];
  }
  const unknown = variablesIn(value, path).flatMap((variable) => checkVariable(variable, scope));
  if (unknown.length > 0) return unknown;
  const { kind, artifactType } = meaningOf(name, scope)!;
  if (kind !== "artifact") {
    const observed = `${String(value)}, which is a value`;
    return [problemAt(path, observed, `files of type ${type}`, "Values are handed on among parameters.")];
  }
  if (artifactType === type) return [];
  const observed = `${String(value)}, which is of type ${artifactType}`;
  return [problemAt(path, observed, `files of type ${type}`, "Hand on files of that type.")];
}
