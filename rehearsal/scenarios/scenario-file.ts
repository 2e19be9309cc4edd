import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { KubernetesObject } from "@kubernetes/client-node";
import { parseAllDocuments, parseDocument, type Document } from "yaml";
import { Problem } from "../problem";
import { type Scenario, type ScenarioWorkload, scenarioSchema } from "./scenario";
import { fieldProblem, scenarioProblems } from "./scenario-problem";

/** A workload of a scenario with the objects that it is made of. */
export interface LoadedWorkload extends Omit<ScenarioWorkload, "manifest" | "object"> {
  objects: KubernetesObject[];
}

/** A scenario with the objects of its workloads. */
export interface LoadedScenario extends Omit<Scenario, "workloads"> {
  workloads: LoadedWorkload[];
}

/**
 * Reads a scenario file and the manifests that it names, which lie beside it or below.
 *
 * @param path absolute path of the file.
 * @throws {Problem} with everything that is wrong in it, each with the path of the field.
 */
export async function readScenario(path: string): Promise<LoadedScenario> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw new Problem(`the scenario ${path} cannot be read: ${reasonOf(error)}`, "Name another file.");
  });
  const document = parseDocument(text);
  const fault = faultOf(document);
  if (fault !== undefined) throw new Problem(`the scenario ${path} is not valid YAML: ${fault}`, "Mend the file.");
  const parsed = scenarioSchema.safeParse(document.toJS() ?? {}, { reportInput: true });
  if (!parsed.success) throw scenarioProblem(path, scenarioProblems(parsed.error.issues));
  const problems: string[] = [];
  const workloads: LoadedWorkload[] = [];
  for (const [index, { manifest, object, ...workload }] of parsed.data.workloads.entries()) {
    const read = object === undefined ? await readManifests(manifest!, path, `workloads[${index}]`) : undefined;
    problems.push(...(read?.problems ?? []));
    workloads.push({ ...workload, objects: read?.objects ?? [object as KubernetesObject] });
  }
  if (problems.length > 0) throw scenarioProblem(path, problems);
  return { ...parsed.data, workloads };
}

function scenarioProblem(path: string, problems: readonly string[]): Problem {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  return new Problem(
    [`the scenario ${path} has ${count}:`, ...problems.map((problem) => `  ${problem}`)].join("\n"),
    "Every field is described in docs/rehearsal.md.",
  );
}

interface ReadManifests {
  objects: KubernetesObject[];
  problems: string[];
}

async function readManifests(files: readonly string[], scenario: string, field: string): Promise<ReadManifests> {
  const all = await Promise.all(files.map((file) => readManifest(file, scenario, `${field}.manifest`)));
  return { objects: all.flatMap(({ objects }) => objects), problems: all.flatMap(({ problems }) => problems) };
}

async function readManifest(file: string, scenario: string, field: string): Promise<ReadManifests> {
  const wrong = (allowed: string) => ({ objects: [], problems: [fieldProblem(field, file, allowed)] });
  const text = await readFile(resolve(dirname(scenario), file), "utf8").catch((error: unknown) => ({
    reason: reasonOf(error),
  }));
  if (typeof text !== "string") return wrong(`a manifest that can be read (${text.reason})`);
  const documents = parseAllDocuments(text) as Document.Parsed[];
  const fault = documents.map(faultOf).find((each) => each !== undefined);
  if (fault !== undefined) return wrong(`valid YAML (${fault})`);
  const written = documents.map((document) => document.toJS() as unknown).filter((each) => each !== null);
  const objects = written.flatMap((each) => (isList(each) ? each.items : [each]));
  if (objects.length === 0) return wrong("a manifest with an object");
  if (!objects.every(isObject)) return wrong("objects of Kubernetes with apiVersion, kind and metadata.name");
  return { objects, problems: [] };
}

function isList(written: unknown): written is { items: unknown[] } {
  const { kind, items } = (written ?? {}) as { kind?: unknown; items?: unknown };
  return kind === "List" && Array.isArray(items);
}

function isObject(written: unknown): written is KubernetesObject {
  const { apiVersion, kind, metadata } = (written ?? {}) as KubernetesObject;
  return [apiVersion, kind, metadata?.name].every((each) => typeof each === "string" && each !== "");
}

function faultOf({ errors: [fault] }: Pick<Document.Parsed, "errors">): string | undefined {
  return fault?.message.split("\n")[0]?.replace(/:$/, "");
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === "ENOENT" ? "there is no such file" : code === "EISDIR" ? "it is a folder" : message;
}
