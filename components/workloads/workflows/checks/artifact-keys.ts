import type { StepTemplate } from "../definition";

/** Keys that files of a template have in the store, by where they are said; files without one are left out. */
export function artifactKeys(path: string, template: StepTemplate): [at: string, key: string][] {
  return (["inputs", "outputs"] as const).flatMap((field) =>
    (template[field]?.artifacts ?? []).flatMap(({ key }, index): [string, string][] =>
      key === undefined ? [] : [[`${path}.${field}.artifacts[${index}].key`, key]],
    ),
  );
}
