import type { ParameterSpace } from "./parameter-space";

/** What Katib tells of a trial beside its parameters: name of the parameter, and where its value comes from. */
export const TRIAL_FACTS = { trialName: "${trialSpec.Name}", trialNamespace: "${trialSpec.Namespace}" } as const;

/** What stands in a trial for the values of its parameters, by their names. */
export type TrialParameters<Space extends Record<string, ParameterSpace>> = { readonly [Name in keyof Space]: string };

/** What stands in a trial for what it is called. */
export interface TrialFacts {
  /** Its name, for example `lr-x7k2m9pq`, which the objects and folders that it makes can carry. */
  readonly name: string;
  /** Its namespace. */
  readonly namespace: string;
}

/** What stands in a trial for the value of a parameter. */
export function placeholder(parameter: string): string {
  return `\${trialParameters.${parameter}}`;
}

/**
 * Writes the trial of a {@link Sweep} as a function of its parameters, so that the compiler refuses a misspelt one.
 *
 * Placeholders are text, and Katib puts text in their place: they belong into arguments, variables, labels and names, and
 * never where a number is asked for.
 *
 * @example
 * ```ts
 * const parameters = { learningRate: doubleSpace({ min: 1e-5, max: 0.1, distribution: "logUniform" }) };
 * const trial = sweepTrial(parameters, (p) => gpuJobManifest("trial", { image, args: [`--lr=${p.learningRate}`] }));
 * ```
 */
export function sweepTrial<Space extends Record<string, ParameterSpace>, Trial extends object>(
  parameters: Space,
  trial: (parameters: TrialParameters<Space>, facts: TrialFacts) => Trial,
): Trial {
  const entries = Object.keys(parameters).map((name) => [name, placeholder(name)] as const);
  const facts = { name: placeholder("trialName"), namespace: placeholder("trialNamespace") };
  return trial(Object.fromEntries(entries) as TrialParameters<Space>, facts);
}
