import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { Header, type HeaderData, Pax } from "tar";
import { inOrder, type LayerEntry } from "./layer-entry";

/** When everything in an image was last changed: one moment for all, and one that also zip files can tell. */
const MOMENT = new Date("2000-01-01T00:00:00Z");

const BLOCK = 512;

/** The bytes of a layer: a tar without compression, the same for the same entries. */
export async function* layerTar(entries: LayerEntry[]): AsyncGenerator<Buffer> {
  for (const entry of inOrder(entries)) yield* entryTar(entry);
  yield endOfTar();
}

/** One file of a tar, for what is no layer: its header, its bytes, and what fills the last block up. */
export async function* fileTar(path: string, content: string | Buffer, mode = 0o644): AsyncGenerator<Buffer> {
  const size = typeof content === "string" ? (await stat(content)).size : content.length;
  yield header({ path, mode, size, type: "File" });
  let seen = 0;
  for await (const chunk of typeof content === "string" ? createReadStream(content, LARGE_READS) : [content]) {
    seen += (chunk as Buffer).length;
    yield chunk as Buffer;
  }
  if (seen !== size) throw new Error(`${path} was changed while it was read`);
  yield Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);
}

/** What a tar ends with. */
export function endOfTar(): Buffer {
  return Buffer.alloc(2 * BLOCK);
}

const LARGE_READS = { highWaterMark: 1 << 20 };

async function* entryTar(entry: LayerEntry): AsyncGenerator<Buffer> {
  const { path } = entry;
  if (entry.kind === "file") yield* fileTar(path, entry.content, entry.mode);
  else if (entry.kind === "link")
    yield header({ path, mode: 0o777, size: 0, type: "SymbolicLink", linkpath: entry.to });
  else yield header({ path: `${path}/`, mode: entry.mode, size: 0, type: "Directory" });
}

function header(data: HeaderData): Buffer {
  const whole = { ...data, uid: 0, gid: 0, mtime: MOMENT };
  const block = Buffer.alloc(BLOCK);
  if (!new Header(whole).encode(block, 0)) return block;
  // What the old form has no room for goes before it: long paths, and what is not ASCII.
  const { path, linkpath } = whole;
  return Buffer.concat([new Pax({ path: path!, ...(linkpath === undefined ? {} : { linkpath }) }).encode(), block]);
}
