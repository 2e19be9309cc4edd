import { checkEnum, checkWholeNumber, type InputProblem, inputProblem, problemAt } from "../../../internal";
import {
  type InputArtifact,
  type OutputArtifact,
  type ParameterDeclaration,
  ParameterType,
  type StepInputs,
  type StepOutputs,
} from "../definition";
import { checkLiteral, typeOf } from "./types";

/** @see https://github.com/argoproj/argo-workflows/blob/v4.1.2/workflow/validate/validate.go `paramOrArtifactNameRegex` */
const VALUE_NAME = /^[-A-Za-z0-9_]+$/;

/**
 * Pods carry the name of their template in a label, which allows less than Argo does.
 *
 * @see https://github.com/argoproj/argo-workflows/blob/v4.1.2/workflow/validate/validate.go `workflowFieldNameFmt`
 */
const TEMPLATE_NAME = /^[A-Za-z0-9]([-A-Za-z0-9]{0,61}[A-Za-z0-9])?$/;

/** Names of tasks stand in expressions of what they depend on, in which a digit would begin a number. */
const TASK_NAME = /^[A-Za-z][-A-Za-z0-9]{0,127}$/;

/** Checks the name of a template. */
export function checkTemplateName(path: string, name: string | undefined): InputProblem[] {
  if (TEMPLATE_NAME.test(name ?? "")) return [];
  const allowed = "at most 63 letters, digits and inner hyphens";
  return [inputProblem(path, name, allowed, "Rename it.")];
}

/** Checks the name of a task. */
export function checkTaskName(path: string, name: string | undefined): InputProblem[] {
  if (TASK_NAME.test(name ?? "")) return [];
  return [inputProblem(path, name, "at most 128 letters, digits and hyphens, a letter first", "Rename it.")];
}

/** Checks that no name is there twice. */
export function checkUnique(path: string, field: string, names: (string | undefined)[], among: string): InputProblem[] {
  return names.flatMap((name, index) => {
    const first = names.indexOf(name);
    if (first === index || name === undefined) return [];
    const at = `${path}[${index}]${field}`;
    return [inputProblem(at, name, `a name that no other has among ${among}`, "Rename one of them.")];
  });
}

/** Checks what a template is given. */
export function checkInputs(path: string, { parameters = [], artifacts = [] }: StepInputs): InputProblem[] {
  return [
    ...parameters.flatMap((each, index) => {
      const at = `${path}.parameters[${index}]`;
      return [...checkParameter(at, each), ...checkDefault(at, each.defaultValue, each)];
    }),
    ...artifacts.flatMap((each, index) => checkArtifact(`${path}.artifacts[${index}]`, each)),
    ...checkNames(path, parameters, artifacts, "the inputs"),
  ];
}

/** Checks what a template hands on. */
export function checkOutputs(path: string, { parameters = [], artifacts = [] }: StepOutputs): InputProblem[] {
  return [
    ...parameters.flatMap((each, index) => {
      const at = `${path}.parameters[${index}]`;
      return [...checkParameter(at, each), ...checkDefault(at, each.defaultValue, each)];
    }),
    ...artifacts.flatMap((each, index) => checkArtifact(`${path}.artifacts[${index}]`, each)),
    ...checkNames(path, parameters, artifacts, "the outputs"),
  ];
}

/** In graphs a value and files of one name could not be told apart. */
function checkNames(path: string, parameters: Named[], artifacts: Named[], among: string): InputProblem[] {
  const names = parameters.map(({ name }) => name);
  const clashes = artifacts.flatMap(({ name }, index) =>
    names.includes(name)
      ? [
          inputProblem(
            `${path}.artifacts[${index}].name`,
            name,
            `a name that no value has among ${among}`,
            "Rename it.",
          ),
        ]
      : [],
  );
  return [
    ...checkUnique(`${path}.parameters`, ".name", names, among),
    ...checkUnique(
      `${path}.artifacts`,
      ".name",
      artifacts.map(({ name }) => name),
      among,
    ),
    ...clashes,
  ];
}

interface Named {
  name: string;
}

function checkParameter(path: string, declaration: ParameterDeclaration): InputProblem[] {
  const { name, type, options, itemType, itemFields } = declaration;
  const isList = typeOf(declaration) === ParameterType.list;
  return [
    ...checkValueName(`${path}.name`, name),
    ...checkEnum(`${path}.type`, type, ParameterType),
    ...checkOptions(`${path}.options`, options, declaration),
    ...checkEnum(`${path}.itemType`, itemType, ParameterType),
    ...(itemType !== undefined && !isList ? [onlyFor(`${path}.itemType`, itemType, "a list")] : []),
    ...(itemFields !== undefined && !isList && typeOf(declaration) !== ParameterType.json
      ? [problemAt(`${path}.itemFields`, "given", "nothing but for a list", "Leave it out, or make it a list.")]
      : []),
    ...(itemFields ?? []).flatMap((field, index) => [
      ...checkValueName(`${path}.itemFields[${index}].name`, field.name),
      ...checkEnum(`${path}.itemFields[${index}].type`, field.type, ParameterType),
    ]),
  ];
}

function checkOptions(path: string, options: string[] | undefined, declaration: ParameterDeclaration): InputProblem[] {
  if (options === undefined) return [];
  if (typeOf(declaration) !== ParameterType.string) return [onlyFor(path, options, "a string")];
  return [
    ...checkWholeNumber(`${path}.length`, options.length, { min: 1 }),
    ...checkUnique(path, "", options, "the options"),
  ];
}

function onlyFor(path: string, given: unknown, type: string): InputProblem {
  return inputProblem(path, given, `nothing but for ${type}`, `Leave it out, or make it ${type}.`);
}

function checkDefault(path: string, value: string | undefined, declaration: ParameterDeclaration): InputProblem[] {
  return value === undefined ? [] : checkLiteral(`${path}.defaultValue`, value, declaration);
}

function checkArtifact(path: string, { name, type, key }: InputArtifact | OutputArtifact): InputProblem[] {
  return [
    ...checkValueName(`${path}.name`, name),
    ...checkTypeName(`${path}.type`, type),
    ...(key === undefined ? [] : checkKey(`${path}.key`, key)),
  ];
}

/**
 * Longest key of an object, in bytes.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html "Naming Amazon S3 objects"
 */
const MOST_KEY_BYTES = 1024;

/** Stores that keep objects as files have no folder without a name. */
function checkKey(path: string, key: string): InputProblem[] {
  const isShort = Buffer.byteLength(key) <= MOST_KEY_BYTES;
  if (isShort && key.split("/").every((part) => /\S/.test(part) && part !== "." && part !== "..")) return [];
  const allowed = `a key such as demand/raw, at most ${MOST_KEY_BYTES} bytes, without a slash at its ends`;
  return [inputProblem(path, key, allowed, "Write it in this form.")];
}

function checkTypeName(path: string, type: string | undefined): InputProblem[] {
  if (type !== undefined && /\S/.test(type)) return [];
  return [inputProblem(path, type, "a type such as csv, model or directory", "Say what the files are.")];
}

function checkValueName(path: string, name: string | undefined): InputProblem[] {
  if (VALUE_NAME.test(name ?? "")) return [];
  return [inputProblem(path, name, "letters, digits, hyphens and underscores", "Rename it.")];
}
