import { type InputProblem, inputProblem, problemAt } from "../../../internal";
import type { OutputParameter } from "../definition";

/** What a text that opens a variable and does not close it is told. */
export function unclosed(path: string, text: string): InputProblem {
  return inputProblem(
    path,
    text,
    "{{ with }} behind it",
    "Close the braces; Argo reads {{ as the start of a variable.",
  );
}

/** What an input that nothing uses is told. */
export function unused(path: string, name: string): InputProblem {
  return problemAt(path, `"${name}", which nothing uses`, "inputs that are used", "Use it, or remove it.");
}

/** Fields of outputs that say where they come from, each for one kind of template. */
const SOURCES = { path: "a container", jsonPath: "a resource", source: "a dag or steps" } as const;

type Source = keyof typeof SOURCES;

/** Checks that an output says where it comes from in the way of its kind of template. */
export function onlySource(
  path: string,
  output: Pick<OutputParameter, Source>,
  allowed: Source | undefined,
): InputProblem[] {
  const wrong = (Object.keys(SOURCES) as Source[]).filter((field) => output[field] !== undefined && field !== allowed);
  return wrong.map((field) =>
    inputProblem(`${path}.${field}`, output[field], `nothing but in ${SOURCES[field]}`, "Leave it out."),
  );
}
