import { createHash, randomUUID } from "node:crypto";
import { open, mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder, makeCacheFolder } from "../toolchain/cache";
import { exclusively, userLock } from "../toolchain/lock";
import type { LayerEntry } from "./layer-entry";
import { layerTar } from "./layer-tar";

/** A layer that lies in the store. */
export interface Layer extends Stored {
  /** What made it, for the history of its image. */
  from: string;
  /** Whether this run wrote it; what was there already was taken as it is. */
  isNew: boolean;
}

/** A blob that lies in the store. */
export interface Stored {
  /** `sha256:` and hexadecimal digits. */
  digest: string;
  /** Bytes. */
  size: number;
}

/** What a layer is made of. */
export interface LayerContent {
  entries: LayerEntry[];
  /** What came in beside what the layer's inputs say, such as the versions of packages. */
  with?: string;
}

/** Inputs of a layer that takes long to make: as long as they stay the same, it is not made again. */
export interface LayerInputs {
  /** What made it, for the history of its image and for the name of its record. */
  from: string;
  /** All that it depends on, as JSON. */
  inputs: unknown;
}

/** Goes into the inputs of every kept layer: raise it where the same inputs begin to make another layer. */
const GENERATION = 1;

/** Folder of layers, images and what they are made of, in the tool cache. */
export function imagesFolder(): string {
  return join(cacheFolder(), "images");
}

/** Path of a blob of the store. */
export function blobPath(digest: string): string {
  return join(imagesFolder(), "blobs", ...digest.split(":"));
}

/** The layer of some entries. It is read to know its digest, and written only where no layer has that. */
export async function layerOf(from: string, entries: LayerEntry[]): Promise<Layer> {
  const stored = await digestOf(layerTar(entries));
  if (await isStored(stored)) return { ...stored, from, isNew: false };
  return { ...(await write(layerTar(entries))), from, isNew: true };
}

/**
 * The layer of some inputs, made where it was not made before.
 *
 * @param make Makes it. It gets an empty folder, which is gone afterwards.
 * @throws {Problem} when the cache cannot be used.
 */
export async function keptLayer(
  { from, inputs }: LayerInputs,
  make: (work: string) => Promise<LayerContent>,
): Promise<Layer> {
  const record = join(imagesFolder(), "layers", `${fileName(from)}-${shortHash([GENERATION, inputs])}.json`);
  const known = await kept(record);
  if (known !== undefined) return known;
  await makeCacheFolder();
  return exclusively(userLock("image-layers"), async () => {
    // Another run may have made it meanwhile.
    const now = await kept(record);
    if (now !== undefined) return now;
    const work = join(imagesFolder(), "work", randomUUID());
    await mkdir(work, { recursive: true });
    try {
      const content = await make(work);
      const whole = content.with === undefined ? from : `${from}: ${content.with}`;
      const layer = { ...(await write(layerTar(content.entries))), from: whole };
      await writeWhole(record, JSON.stringify(layer));
      return { ...layer, isNew: true };
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  });
}

/** Stores a document as the JSON that it has everywhere: without spaces, its keys as they are given. */
export async function storeJson(document: unknown): Promise<Stored> {
  const bytes = Buffer.from(JSON.stringify(document));
  const stored = await digestOf([bytes]);
  return (await isStored(stored)) ? stored : write([bytes]);
}

/** Writes a file of a cache in such a way that nobody ever reads a part of it. */
export async function writeWhole(path: string, content: Chunks | string): Promise<void> {
  await mkdir(join(path, ".."), { recursive: true });
  const partial = `${path}.${randomUUID()}`;
  try {
    if (typeof content === "string") await writeFile(partial, content);
    else await writeChunks(partial, content);
    await rename(partial, path);
  } finally {
    await rm(partial, { force: true });
  }
}

/** First digits of a hash over a value. */
export function shortHash(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 12);
}

/** Name of a file that tells another name, such as that of an image. */
export function fileName(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9.]+/g, "-").slice(0, 100);
}

type Chunks = AsyncIterable<Buffer> | Iterable<Buffer>;

async function kept(record: string): Promise<Layer | undefined> {
  const text = await readFile(record, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const layer = JSON.parse(text) as Omit<Layer, "isNew">;
  return (await isStored(layer)) ? { ...layer, isNew: false } : undefined;
}

async function isStored({ digest, size }: Stored): Promise<boolean> {
  // A blob gets its name when it is whole, so that its size is only a guard against a disk that was full.
  return stat(blobPath(digest)).then(
    (found) => found.size === size,
    () => false,
  );
}

async function write(chunks: Chunks): Promise<Stored> {
  const blobs = join(imagesFolder(), "blobs", "sha256");
  await mkdir(blobs, { recursive: true });
  const partial = join(blobs, `partial-${randomUUID()}`);
  try {
    const stored = await writeChunks(partial, chunks);
    await rename(partial, blobPath(stored.digest));
    return stored;
  } finally {
    await rm(partial, { force: true });
  }
}

async function writeChunks(path: string, chunks: Chunks): Promise<Stored> {
  const file = await open(path, "w");
  try {
    return await digestOf(chunks, (chunk) => file.writeFile(chunk));
  } finally {
    await file.close();
  }
}

async function digestOf(chunks: Chunks, seen: (chunk: Buffer) => Promise<void> = async () => {}): Promise<Stored> {
  const hash = createHash("sha256");
  let size = 0;
  for await (const chunk of chunks) {
    hash.update(chunk);
    size += chunk.length;
    await seen(chunk);
  }
  return { digest: `sha256:${hash.digest("hex")}`, size };
}
