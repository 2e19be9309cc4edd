import { cpSync, existsSync, readdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { CRD_KIND, type KubernetesObject } from "../../components/rendering";
import type { RenderCall } from "../../components/rendering/source";
import { lastingFolder } from "./lasting-folder";
import { type Registered, startMocks } from "./mocks";
import { type Combination, pairwise } from "./pairwise";
import type { PartCase } from "./part-case";
import { platformMirror } from "./platform-mirror";
import { rendered } from "./rendering";

/** Arguments of a try. */
export type TryArgs = Record<string, unknown>;

/** What became of a part with some arguments. */
export interface PartTry {
  /** Everything that it registered. */
  resources: Registered[];
  /** Each chart or set of manifests that it rendered. */
  sources: TriedSource[];
}

/** A chart or set of manifests that a part rendered. */
export interface TriedSource {
  /** Name and version, as the mirror's folder has them. */
  title: string;
  /** Values of a chart; none for manifests. */
  values: Record<string, unknown>;
  /** Objects before anything became of them, hooks among them; undefined where the mirror does not have the source. */
  objects: KubernetesObject[] | undefined;
}

/** Platforms that a part is tried on where its case says nothing of them. */
export const platforms = [
  undefined,
  { certManager: true, prometheus: true, systemPool: "system" },
  { simulated: true },
];

let made: Promise<string> | undefined;

/**
 * A mirror of the tries' own: parts keep what they render in their mirror, and tries render less than all. Charts are without
 * their resource types, which take ten times as long as all the rest.
 */
function triesMirror(): Promise<string> {
  return (made ??= makeMirror());
}

async function makeMirror(): Promise<string> {
  const sources = await platformMirror();
  const folder = lastingFolder("tries");
  for (const name of readdirSync(sources).filter((each) => !each.startsWith("."))) {
    const source = realpathSync(join(sources, name));
    const isChart = readdirSync(source).some((chart) => existsSync(join(source, chart, "Chart.yaml")));
    if (isChart) copyWithoutTypes(source, join(folder, name));
    else symlinkSync(source, join(folder, name));
  }
  // A file where a folder for what was rendered would be: nothing is kept, so that each try tells what it renders.
  writeFileSync(join(folder, ".rendered"), "");
  return folder;
}

/** Templates that read resource types from a file find the first of it. */
function copyWithoutTypes(source: string, target: string): void {
  const read: string[] = [];
  const filter = (from: string, to: string) => {
    if (!isResourceType(from)) return true;
    const isRead = basename(dirname(from)) === "files";
    if (isRead) read.push(to);
    return isRead;
  };
  cpSync(source, target, { recursive: true, filter });
  for (const file of read) writeFileSync(file, readFileSync(file, "utf8").split("\n---\n")[0]!);
}

function isResourceType(path: string): boolean {
  return path.endsWith(".yaml") && /^kind: CustomResourceDefinition$/m.test(readFileSync(path, "utf8"));
}

/** Arguments of a part for one combination of its options: what is undefined is left out, and platforms are merged. */
export function argsOf({ required = {} }: PartCase, combination: Combination, chartMirror?: string): TryArgs {
  const given = Object.entries({ ...required, ...combination }).filter(([, value]) => value !== undefined);
  const mirror = chartMirror === undefined ? {} : { chartMirror };
  const platform = { ...(required["platform"] as object), ...(combination["platform"] as object), ...mirror };
  // Controllers of machines take the mirror as an argument of their own.
  return { ...Object.fromEntries(given), ...mirror, ...(Object.keys(platform).length === 0 ? {} : { platform }) };
}

/**
 * Arguments to try a part with: each value of each option with each value of every other one, as far as the part allows
 * them together, and as far as there is room for them.
 */
export async function triesOf(partCase: PartCase): Promise<TryArgs[]> {
  const options = { platform: platforms, ...partCase.options };
  const program = await startMocks();
  const combinations = pairwise(options, (combination) => isAllowed(partCase, argsOf(partCase, combination)));
  await program.resources();
  return Promise.all(combinations.map((combination) => tryArgs(partCase, combination)));
}

/** Arguments to try a part with: the first value of each option, but for those of a combination. */
export async function tryArgs(partCase: PartCase, combination: Combination = {}): Promise<TryArgs> {
  const defaults = Object.entries(partCase.options).map(([name, [value]]) => [name, value] as const);
  return argsOf(partCase, { ...Object.fromEntries(defaults), ...combination }, await triesMirror());
}

function isAllowed({ create }: PartCase, args: TryArgs): boolean {
  try {
    create("probe", args as never);
    return true;
  } catch (error) {
    if (pulumi.InputPropertiesError.isInstance(error)) return false;
    throw error;
  }
}

/** Creates a part with a mocked engine and the real renderer. */
export async function tryPart({ create }: PartCase, args: TryArgs): Promise<PartTry> {
  const sources: TriedSource[] = [];
  const program = await startMocks({
    render: async (call) => {
      const source = await triedSource(call);
      sources.push(source);
      return { result: source.objects ?? [] };
    },
  });
  create("part", args as never);
  return { resources: await program.resources(), sources };
}

async function triedSource(call: RenderCall): Promise<TriedSource> {
  const mirror = await triesMirror();
  const { path, chart, values, directory } = optionsOf(call);
  const folder = path ?? directory!;
  const title = folder.slice(mirror.length + 1);
  const isThere = existsSync(path === undefined ? folder : join(path, chart!));
  return { title, values: values ?? {}, objects: isThere ? await renderedOnce(call) : undefined };
}

function optionsOf({ args }: RenderCall) {
  const { jsonOpts, directory } = args as { jsonOpts?: string; directory?: string };
  const options = (jsonOpts === undefined ? {} : JSON.parse(jsonOpts)) as Partial<Record<"path" | "chart", string>>;
  return { ...options, directory } as Partial<Record<"path" | "chart" | "directory", string>> & {
    values?: Record<string, unknown>;
  };
}

const renderings = new Map<string, Promise<KubernetesObject[]>>();

/** Many tries differ in what does not reach a chart, and are the same to it. */
function renderedOnce(call: RenderCall): Promise<KubernetesObject[]> {
  const key = JSON.stringify(call);
  const known = renderings.get(key) ?? rendered(call).then(({ result }) => result.map(withoutSchemas));
  renderings.set(key, known);
  return known;
}

/** Manifests keep their resource types, without the schemas, which are most of them. */
function withoutSchemas(object: KubernetesObject): KubernetesObject {
  if (object.kind !== CRD_KIND) return object;
  return { ...object, spec: { ...(object["spec"] as object), versions: [] } };
}
