import { checkEnum, type InputProblem, inputProblem, problemAt } from "../../internal";
import { type AlgorithmRules } from "./algorithm-rules";
import { type ParameterSpace, SpaceDistribution, SpaceType } from "./parameter-space";
import type { SweepAlgorithm } from "./sweep-args";
import { TRIAL_FACTS } from "./sweep-trial";

/** Checks the values of every parameter, by themselves and for the algorithm. */
export function checkParameters(
  parameters: Record<string, ParameterSpace>,
  algorithm: SweepAlgorithm,
  rules: AlgorithmRules,
): InputProblem[] {
  const entries = Object.entries(parameters);
  if (entries.length === 0) {
    return [problemAt("parameters", "empty", "at least one parameter", "Say what is tried out.")];
  }
  return entries.flatMap(([name, space]) => {
    const path = `parameters["${name}"]`;
    const problems = [...checkName(path, name), ...checkSpace(path, space)];
    return problems.length > 0 ? problems : checkForAlgorithm(path, space, algorithm, rules);
  });
}

/** Whether a parameter has bounds instead of a list. */
export function isRange({ type }: ParameterSpace): boolean {
  return type === SpaceType.double || type === SpaceType.int;
}

function checkName(path: string, name: string): InputProblem[] {
  if (name in TRIAL_FACTS) {
    return [inputProblem(path, name, `a name other than ${name}`, "Rename it: each trial is told that by Katib.")];
  }
  if (/^[A-Za-z][\w.-]*$/.test(name)) return [];
  const allowed = "letters, digits, underscores, hyphens and dots, a letter first";
  return [inputProblem(path, name, allowed, "Rename the parameter.")];
}

function checkSpace(path: string, space: ParameterSpace): InputProblem[] {
  if (space.type === undefined || !Object.values(SpaceType).includes(space.type)) {
    const allowed = Object.values(SpaceType).join(", ");
    return [inputProblem(`${path}.type`, space.type, allowed, "Make it with doubleSpace or a function beside it.")];
  }
  return isRange(space) ? checkRange(path, space) : checkList(path, space);
}

function checkRange(path: string, space: ParameterSpace): InputProblem[] {
  const { type, min, max, step, distribution, values } = space;
  const isInt = type === SpaceType.int;
  const number = isInt ? "a whole number" : "a number";
  const isNumber = isInt ? Number.isSafeInteger : Number.isFinite;
  const bounds = Object.entries({ min, max }).filter(([, value]) => !isNumber(value));
  const problems = [
    ...bounds.map(([key, value]) => inputProblem(`${path}.${key}`, value, number, `Give ${key}.`)),
    ...(step === undefined || (isNumber(step) && step > 0)
      ? []
      : [inputProblem(`${path}.step`, step, `${number} above 0`, "Correct it, or leave it out.")]),
    ...checkEnum(`${path}.distribution`, distribution, SpaceDistribution),
    ...(values === undefined ? [] : [inputProblem(`${path}.values`, values, `nothing for ${type}`, "Leave it out.")]),
  ];
  if (problems.length > 0 || min === undefined || max === undefined) return problems;
  if (max <= min) return [inputProblem(`${path}.max`, max, `more than min, ${min}`, "Raise it.")];
  const isLog = distribution === SpaceDistribution.logUniform || distribution === SpaceDistribution.logNormal;
  return [
    ...(step !== undefined && step > max - min
      ? [inputProblem(`${path}.step`, step, `at most max - min, ${max - min}`, "Lower it.")]
      : []),
    ...(isLog && min <= 0
      ? [inputProblem(`${path}.min`, min, `a number above 0 with ${distribution}`, "No smaller one has a logarithm.")]
      : []),
  ];
}

function checkList(path: string, { type, values = [], ...range }: ParameterSpace): InputProblem[] {
  const beside = Object.entries(range).filter(([, value]) => value !== undefined);
  const problems = beside.map(([key, value]) =>
    inputProblem(`${path}.${key}`, value, `nothing for ${type}`, "Leave it out: its values are listed."),
  );
  if (values.length === 0) {
    return [...problems, problemAt(`${path}.values`, "empty", "at least one value", "List the values.")];
  }
  return [
    ...problems,
    ...values.flatMap((value, index) => {
      const at = `${path}.values[${index}]`;
      if (values.indexOf(value) !== index) return [inputProblem(at, value, "each value once", "Remove it.")];
      if (type === SpaceType.discrete && !isNumeric(value)) {
        return [inputProblem(at, value, "a number", "Correct it, or make the parameter categorical.")];
      }
      if (isEmbeddable(value)) return [];
      const allowed = "text without quotation marks, backslashes and control characters";
      return [
        inputProblem(at, value, allowed, "Katib puts it into the JSON of the trial as it is; spell it differently."),
      ];
    }),
  ];
}

function isNumeric(text: string): boolean {
  return text.trim() !== "" && Number.isFinite(Number(text));
}

function isEmbeddable(text: string): boolean {
  return text !== "" && JSON.stringify(text) === `"${text}"`;
}

function checkForAlgorithm(
  path: string,
  space: ParameterSpace,
  algorithm: SweepAlgorithm,
  { distributions, hasSteps, needsSteps, isLogarithmic }: AlgorithmRules,
): InputProblem[] {
  const { type, min, step, distribution } = space;
  if (!isRange(space)) return [];
  const isUnheeded = distribution !== undefined && !distributions.includes(distribution);
  const heeded = distributions.length === 0 ? "nothing" : distributions.join(", ");
  const lacksStep = needsSteps === true && type === SpaceType.double && step === undefined;
  const isStepUnheeded =
    step !== undefined &&
    (!hasSteps || (algorithm === "multivariate-tpe" && distribution === SpaceDistribution.logUniform));
  return [
    ...(isUnheeded
      ? [inputProblem(`${path}.distribution`, distribution, `${heeded} with ${algorithm}`, "It would not heed it.")]
      : []),
    ...(isStepUnheeded
      ? [inputProblem(`${path}.step`, step, `nothing with ${algorithm} here`, "It would not heed it; leave it out.")]
      : []),
    ...(lacksStep ? [inputProblem(`${path}.step`, step, `a number above 0 with ${algorithm}`, "Give the step.")] : []),
    ...(isLogarithmic === true && type === SpaceType.double && min !== undefined && min <= 0
      ? [inputProblem(`${path}.min`, min, `a number above 0 with ${algorithm}`, "It searches on a logarithmic scale.")]
      : []),
  ];
}
