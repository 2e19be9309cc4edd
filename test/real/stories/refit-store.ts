import { execFileSync } from "node:child_process";
import { digestOf } from "../../support/digest";
import type { StackStore } from "../../support/stack-store";

/** A run of the refit, as far as it tells where its files are. */
export interface RefitRun {
  metadata: { name: string; creationTimestamp: string };
}

/** What is published with a model. */
export interface Manifest {
  version: string;
  files: Record<string, string>;
  lineage: {
    code: { commit: string };
    data: { reference: string; training: string; validation: string };
    parameters: { ntrees: number; max_depth: number };
    parameters_hash: string;
    model: { algorithm: string; digest: string };
  };
}

/** Key of all published versions. */
const REGISTRY = "refit/registry/cancellation";

/** Key of what a run keeps. */
export function runKey({ metadata: { name, creationTimestamp } }: RefitRun): string {
  return `refit/runs/${name}-${Date.parse(creationTimestamp) / 1000}`;
}

/** Key of a published version. */
export function versionKey(version: string): string {
  return `${REGISTRY}/${version}`;
}

/** Versions that are published: those that have a manifest. */
export async function publishedVersions(store: StackStore): Promise<string[]> {
  const keys = await store.keysUnder(`${REGISTRY}/`);
  return keys.flatMap((key) => (key.endsWith("/manifest.json") ? [key.slice(REGISTRY.length + 1).split("/")[0]!] : []));
}

/** Key of the one version that a run published. @throws Error where there is none, or another with it. */
export async function publishedBy(store: StackStore, run: string): Promise<string> {
  const own = (await publishedVersions(store)).filter((version) => version.includes(`-${run}-`));
  if (own.length !== 1) throw new Error(`${run} published ${own.length} versions: ${own.join(", ")}`);
  return versionKey(own[0]!);
}

/** A JSON file of the store. */
export async function jsonAt<T>(store: StackStore, key: string): Promise<T> {
  return JSON.parse(await store.text(key)) as T;
}

/** Keys of the Parquet files of a table that Spark wrote. */
export async function partsOf(store: StackStore, table: string): Promise<string[]> {
  return (await store.keysUnder(`${table}/`)).filter((key) => /\/part-[^/]*\.parquet$/.test(key));
}

/** As the training step takes it: over the files of a table, in the order of their content. */
export async function digestOfTable(store: StackStore, table: string): Promise<string> {
  const parts = await partsOf(store, table);
  const digests = await Promise.all(parts.map(async (key) => digestOf(await store.bytes(key))));
  return digestOf(digests.sort().join(""));
}

/** A file of a jar. */
export function entryOf(jar: Buffer, path: string): Buffer {
  const read =
    "import io, sys, zipfile; " +
    "sys.stdout.buffer.write(zipfile.ZipFile(io.BytesIO(sys.stdin.buffer.read())).read(sys.argv[1]))";
  return execFileSync("python3", ["-c", read, path], { input: jar, maxBuffer: 64 * 1024 * 1024 });
}

/** Who was a customer on a day by the raw tables: signed up by then, and not gone before it. */
export function customersOn(day: string, customers: string, cancellations: string): number {
  const cells = (table: string) =>
    table
      .trimEnd()
      .split("\n")
      .slice(1)
      .map((line) => line.split(","));
  const left = new Map(cells(cancellations).map(([customer, on]) => [customer!, on!]));
  return cells(customers).filter(([customer, , , signedUp]) => {
    return signedUp! <= day && (left.get(customer!) ?? "never") >= day;
  }).length;
}
