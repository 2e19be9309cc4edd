import { meaningOf, type Meaning, type Scope } from "../../workflows/checks/scope";
import type { WorkflowTask } from "../../workflows/definition";
import { variablesIn } from "../../workflows/checks/variables";
import { channelOf, OF_RUN } from "./texts";
import { artifactType, definitions, parameterType } from "./types";

/** Says where a named value or named files come from, as a task of Pipelines spells it. */
export type Source = (name: string) => object;

/** Straight from the graph's inputs and from other tasks. */
export const directSource: Source = (name) => {
  const [root = "", first = "", ...rest] = name.split(".");
  const key = rest.at(-1)!;
  if (root === "inputs") {
    return first === "artifacts" ? { componentInputArtifact: key } : { componentInputParameter: key };
  }
  return rest[1] === "artifacts"
    ? { taskOutputArtifact: { producerTask: first, outputArtifactKey: key } }
    : { taskOutputParameter: { producerTask: first, outputParameterKey: key } };
};

/** Through the channels of an inner graph. Fields of an item are picked out of it. */
export function channelSource(scope: Scope): Source {
  return (name) => {
    if (name.startsWith("item.")) {
      const field = JSON.stringify(name.slice("item.".length));
      return {
        componentInputParameter: channelOf("item"),
        parameterExpressionSelector: `parseJson(string_value)[${field}]`,
      };
    }
    return isFiles(name, scope)
      ? { componentInputArtifact: channelOf(name) }
      : { componentInputParameter: channelOf(name) };
  };
}

/** Names that an inner graph of a task must be given; the items of its own loop are not among them. */
export function namesUsed(task: WorkflowTask, parts: (keyof WorkflowTask)[]): string[] {
  const texts = parts.map((part) => task[part]);
  const names = variablesIn(texts, "").flatMap((variable) => variable.names);
  return [...new Set(names)].filter((name) => !/^item\b/.test(name) && OF_RUN[name] === undefined);
}

/** What an inner graph is given. */
export function channelDefinitions(names: string[], scope: Scope) {
  const meanings = names.map((name): [string, Meaning] => [channelOf(name), meaningOf(name, scope)!]);
  return definitions(
    meanings
      .filter(([, { kind }]) => kind === "parameter")
      .map(([name, { declaration }]) => [name, { parameterType: parameterType(declaration!) }]),
    meanings
      .filter(([, { kind }]) => kind === "artifact")
      .map(([name, { artifactType: type }]) => [name, { artifactType: artifactType(type!) }]),
  );
}

/** Where what an inner graph is given comes from. */
export function channelInputs(names: string[], scope: Scope, source: Source) {
  const inputs = names.map((name): [string, object] => [channelOf(name), source(name)]);
  return definitions(
    inputs.filter((_, index) => !isFiles(names[index]!, scope)),
    inputs.filter((_, index) => isFiles(names[index]!, scope)),
  );
}

function isFiles(name: string, scope: Scope): boolean {
  return meaningOf(name, scope)?.kind === "artifact";
}
