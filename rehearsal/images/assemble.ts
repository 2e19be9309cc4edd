import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { BuiltImage } from "./image";
import { endOfTar, fileTar } from "./layer-tar";
import { blobPath, fileName, imagesFolder, type Layer, storeJson, type Stored, writeWhole } from "./store";

/** How a container of an image is started, where its manifest does not say otherwise. */
export interface Start {
  entrypoint?: string[];
  /** Arguments that stand in for those that a container is given. */
  command?: string[];
  /** User, and group after a colon, as numbers; root by default. */
  user?: string;
  /** Working folder; `/` by default. */
  folder?: string;
  environment?: Record<string, string>;
  /** Ports that the program listens at, such as `8000/tcp`. */
  ports?: string[];
}

/** An image that was built, with what that took. */
export interface AssembledImage extends BuiltImage {
  layers: Layer[];
  /** Bytes of its layers. */
  size: number;
}

/** When an image was made: it is the same image whenever that is. */
const CREATED = "2000-01-01T00:00:00Z";

const MEDIA = {
  index: "application/vnd.oci.image.index.v1+json",
  manifest: "application/vnd.oci.image.manifest.v1+json",
  config: "application/vnd.oci.image.config.v1+json",
  // Without compression a layer's digest depends on no library, and it is imported sooner.
  layer: "application/vnd.oci.image.layer.v1.tar",
};

/** Names of architectures, where Go and so OCI have other ones than Node. */
const ARCHITECTURES: Partial<Record<string, string>> = { x64: "amd64" };

/** Architecture of images that are built here, as OCI calls it. */
export function architecture(): string {
  return ARCHITECTURES[process.arch] ?? process.arch;
}

/**
 * Makes an image of layers that lie in the store, and the file that it is imported from.
 *
 * @param name With tag, as manifests use it.
 * @see https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md
 */
export async function assemble(name: string, layers: Layer[], start: Start): Promise<AssembledImage> {
  const config = await storeJson({
    created: CREATED,
    architecture: architecture(),
    os: "linux",
    config: configOf(start),
    rootfs: { type: "layers", diff_ids: layers.map(({ digest }) => digest) },
    history: layers.map(({ from }) => ({ created: CREATED, created_by: from })),
  });
  const manifest = await storeJson({
    schemaVersion: 2,
    mediaType: MEDIA.manifest,
    config: descriptor(MEDIA.config, config),
    layers: layers.map((layer) => descriptor(MEDIA.layer, layer)),
  });
  const image = { name, manifest, blobs: [manifest, config, ...layers] };
  const size = layers.reduce((bytes, layer) => bytes + layer.size, 0);
  return { name, digest: manifest.digest, archive: await archiveOf(image), layers, size };
}

interface StoredImage {
  name: string;
  manifest: Stored;
  blobs: Stored[];
}

/** The file that an image is imported from; that of an earlier image of the same name goes. */
async function archiveOf(image: StoredImage): Promise<string> {
  const folder = join(imagesFolder(), "archives");
  const own = `${fileName(image.name)}@`;
  const archive = `${own}${image.manifest.digest.slice("sha256:".length, "sha256:".length + 12)}.tar`;
  const path = join(folder, archive);
  if ((await stat(path).catch(() => undefined)) === undefined) await writeWhole(path, archiveTar(image));
  const old = (await readdir(folder)).filter((each) => each.startsWith(own) && each !== archive);
  // What another process writes at this moment ends otherwise.
  for (const each of old.filter((each) => each.endsWith(".tar"))) await rm(join(folder, each), { force: true });
  return path;
}

/** @see https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md */
async function* archiveTar({ name, manifest, blobs }: StoredImage): AsyncGenerator<Buffer> {
  const annotations = { "io.containerd.image.name": name, "org.opencontainers.image.ref.name": tagOf(name) };
  const platform = { architecture: architecture(), os: "linux" };
  const index = {
    schemaVersion: 2,
    mediaType: MEDIA.index,
    manifests: [{ ...descriptor(MEDIA.manifest, manifest), annotations, platform }],
  };
  yield* fileTar("oci-layout", Buffer.from(JSON.stringify({ imageLayoutVersion: "1.0.0" })));
  yield* fileTar("index.json", Buffer.from(JSON.stringify(index)));
  const byDigest = new Map(blobs.map((blob) => [blob.digest, blob]));
  for (const digest of byDigest.keys()) yield* fileTar(`blobs/${digest.replace(":", "/")}`, blobPath(digest));
  yield endOfTar();
}

function configOf({ entrypoint, command, user, folder, environment = {}, ports = [] }: Start): object {
  return {
    ...(user === undefined ? {} : { User: user }),
    ...(ports.length === 0 ? {} : { ExposedPorts: Object.fromEntries(ports.map((port) => [port, {}])) }),
    Env: Object.entries(environment).map(([name, value]) => `${name}=${value}`),
    ...(entrypoint === undefined ? {} : { Entrypoint: entrypoint }),
    ...(command === undefined ? {} : { Cmd: command }),
    WorkingDir: folder ?? "/",
  };
}

function descriptor(mediaType: string, { digest, size }: Stored): object {
  return { mediaType, digest, size };
}

/** The tag of a name, which is what a registry's port is not. */
function tagOf(name: string): string {
  return /:([^:/]+)$/.exec(name)?.[1] ?? "latest";
}
