import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseAllDocuments, stringify } from "yaml";
import { stagesFolder } from "./layout";

interface Stage {
  metadata: { name: string };
  spec: { selector: { matchExpressions: { key: string; operator: string; values?: string[] }[] } };
}

/**
 * Writes the stages of one cluster.
 *
 * @param processes images of containers that are run as processes, so that nobody else may say that they are ready.
 */
export async function writeStages(folder: string, processes: readonly string[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const file of await readdir(stagesFolder())) {
    const text = await readFile(join(stagesFolder(), file), "utf8");
    const stages = parseAllDocuments(text).map((document) => document.toJS() as Stage);
    if (processes.length > 0)
      stages.filter(({ metadata }) => metadata.name === "pod-start").forEach(leaveOut(processes));
    await writeFile(join(folder, file), stages.map((stage) => stringify(stage)).join("---\n"));
  }
}

function leaveOut(processes: readonly string[]): (stage: Stage) => void {
  return ({ spec }) => {
    const key = '.spec.containers[].image | sub("@.*$"; "") | sub(":[^/:]*$"; "")';
    spec.selector.matchExpressions.push({ key, operator: "NotIn", values: [...processes] });
  };
}
