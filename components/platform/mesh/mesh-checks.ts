import { checkDnsLabel, checkLabelKey, checkLabelValue, type InputProblem, inputProblem } from "../../internal";

/** Checks a host name; with a wildcard in the place of its first label where that is allowed. */
export function checkHost(path: string, host: string, wildcard: boolean): InputProblem[] {
  const bare = wildcard ? host.replace(/^\*\./, "") : host;
  const labels = bare.split(".");
  const isHost =
    bare.length <= 253 && labels.length > 1 && labels.every((label) => checkDnsLabel("", label).length === 0);
  if (isHost) return [];
  return [inputProblem(path, host, "a full host name", 'Write it like "grafana.example.com".')];
}

/** Checks labels by which pods are selected; an empty selection would be all. */
export function checkLabels(path: string, labels: Record<string, string> | undefined): InputProblem[] {
  if (labels === undefined) return [];
  const entries = Object.entries(labels);
  if (entries.length === 0) return [inputProblem(path, labels, "at least one label", "Name labels, or leave it out.")];
  return entries.flatMap(([key, value]) => [
    ...checkLabelKey(path, key),
    ...checkLabelValue(`${path}["${key}"]`, value),
  ]);
}
