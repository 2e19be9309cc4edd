import * as pulumi from "@pulumi/pulumi";

/** One invalid input of a component: where it is, and what is wrong with it. */
export type InputProblem = pulumi.InputPropertyErrorDetails;

/** Words an {@link InputProblem} the way every component does: what was given, what is allowed, what to do. */
export function inputProblem(path: string, given: unknown, allowed: string, remedy: string): InputProblem {
  return problemAt(path, given === undefined ? "missing" : JSON.stringify(given), allowed, remedy);
}

/** Like {@link inputProblem}, for what is better described than spelled out. */
export function problemAt(path: string, observed: string, allowed: string, remedy: string): InputProblem {
  return { propertyPath: path, reason: `${path} is ${observed}; allowed: ${allowed}. ${remedy}` };
}

/**
 * Hands a component's arguments on to `super`, provided that they are valid.
 *
 * Called inside the `super` call, so that an invalid component registers nothing at all.
 *
 * @throws pulumi.InputPropertiesError naming every problem at once.
 */
export function checkedInputs<Args extends object>(
  component: string,
  name: string,
  args: Args,
  errors: InputProblem[],
): Args {
  if (errors.length === 0) return args;
  const count = `${errors.length} invalid ${errors.length === 1 ? "input" : "inputs"}`;
  throw new pulumi.InputPropertiesError({ message: `${component} "${name}": ${count}`, errors });
}

/** Tells whether an input's value is known while the program runs; outputs and promises are left to the engine. */
export function isPlain<T>(input: pulumi.Input<T> | undefined): input is T {
  return input !== undefined && !pulumi.Output.isInstance(input) && !(input instanceof Promise);
}
