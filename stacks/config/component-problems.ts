import type * as pulumi from "@pulumi/pulumi";
import { type ConfigProblem, configPath, dotted } from "./problem";

/** An input of a component that has another name in the configuration. */
export interface Renaming {
  input: string;
  key: string;
}

/** Puts what a component says of its inputs, path first, in terms of the configuration. */
export function fromInputs(
  path: PropertyKey[],
  problems: pulumi.InputPropertyErrorDetails[],
  renaming?: Renaming,
): ConfigProblem[] {
  const rename = (text: string) => (renaming === undefined ? text : text.replaceAll(renaming.input, renaming.key));
  return problems.map(({ propertyPath, reason }) => {
    const at = `${configPath(path)}.${rename(dotted(propertyPath))}`;
    return { path: at, text: at + rename(reason.slice(propertyPath.length)) };
  });
}
