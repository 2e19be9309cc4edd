import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { V1Container, V1KeyToPath, V1Pod, V1Volume, V1VolumeProjection } from "@kubernetes/client-node";
import { fieldOf, type Objects } from "./environment";

/** A folder or file of this machine, and where a container sees it. */
export interface Mount {
  source: string;
  target: string;
  /** Whether it cannot be written; false by default. */
  readOnly?: boolean;
}

/** Reads what volumes hold. */
export interface VolumeSources extends Objects {
  /** A token of the pod's ServiceAccount. */
  token: (pod: V1Pod, audience: string | undefined) => Promise<string>;
}

/** Files by their path in a volume; undefined while an object that it needs is not there. */
type Files = Map<string, Buffer> | undefined;

/** The volumes of a pod as folders of this machine, kept in step with what they are made from. */
export class PodVolumes {
  /** @param folder where they lie, one folder for each. */
  constructor(
    private readonly pod: V1Pod,
    private readonly folder: string,
    private readonly sources: VolumeSources,
  ) {}

  /**
   * Writes what has changed since the last time.
   *
   * @returns what the pod must wait for; undefined where everything is there.
   */
  async sync(): Promise<string | undefined> {
    for (const volume of this.pod.spec?.volumes ?? []) {
      const folder = this.folderOf(volume.name);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      if (volume.emptyDir) continue;
      const files = await this.filesOf(volume);
      if (files === undefined) return `what volume ${volume.name} is made from is not there yet`;
      await write(folder, files);
    }
    return undefined;
  }

  /** Where a container sees the volumes. */
  mountsOf(container: V1Container): Mount[] {
    return (container.volumeMounts ?? []).map(({ name, mountPath, subPath = "" }) => ({
      source: join(this.folderOf(name), subPath),
      target: mountPath,
    }));
  }

  /** Makes the folders that a container mounts a part of, where they are its own to fill. */
  async prepare(container: V1Container): Promise<void> {
    for (const { name, subPath } of container.volumeMounts ?? []) {
      const volume = this.pod.spec?.volumes?.find((each) => each.name === name);
      if (subPath && volume?.emptyDir) await mkdir(join(this.folderOf(name), subPath), { recursive: true });
    }
  }

  private folderOf(volume: string): string {
    return join(this.folder, volume);
  }

  private async filesOf(volume: V1Volume): Promise<Files> {
    const { configMap, secret, projected, downwardAPI } = volume;
    if (configMap) return this.projection({ configMap });
    if (secret) {
      const { secretName, ...rest } = secret;
      return this.projection({ secret: { ...rest, ...(secretName === undefined ? {} : { name: secretName }) } });
    }
    if (downwardAPI) return this.projection({ downwardAPI });
    if (!projected) throw new Error(`volume ${volume.name} is of a kind that no program here can have`);
    const all = new Map<string, Buffer>();
    for (const source of projected.sources ?? []) {
      const files = await this.projection(source);
      if (files === undefined) return undefined;
      for (const [path, content] of files) all.set(path, content);
    }
    return all;
  }

  private async projection({
    configMap,
    secret,
    downwardAPI,
    serviceAccountToken,
  }: V1VolumeProjection): Promise<Files> {
    const namespace = this.pod.metadata?.namespace ?? "";
    if (configMap) {
      const data = await this.sources.configMap(namespace, configMap.name ?? "");
      const files = data && Object.entries(data).map(([key, text]) => [key, Buffer.from(text)] as const);
      return chosen(files, configMap.items, configMap.optional);
    }
    if (secret) {
      const data = await this.sources.secret(namespace, secret.name ?? "");
      return chosen(data && Object.entries(data), secret.items, secret.optional);
    }
    if (serviceAccountToken) {
      const token = await this.sources.token(this.pod, serviceAccountToken.audience);
      return new Map([[serviceAccountToken.path, Buffer.from(token)]]);
    }
    const items = downwardAPI?.items ?? [];
    return new Map(
      items.map(({ path, fieldRef }) => [path, Buffer.from(fieldOf(this.pod, fieldRef?.fieldPath ?? ""))]),
    );
  }
}

function chosen(
  files: readonly (readonly [string, Buffer])[] | undefined,
  items: V1KeyToPath[] | undefined,
  optional: boolean | undefined,
): Files {
  if (files === undefined) return optional === true ? new Map() : undefined;
  const all = new Map(files);
  if (items === undefined) return all;
  const picked = items.flatMap(({ key, path }) => (all.has(key) ? [[path, all.get(key)!] as const] : []));
  return picked.length < items.length && optional !== true ? undefined : new Map(picked);
}

/** Puts files in place one after the other, each whole; what is no more goes. */
async function write(folder: string, files: ReadonlyMap<string, Buffer>): Promise<void> {
  // A certificate is complete once its own file is there, so that comes after its key.
  const order = [...files].sort(([a], [b]) => Number(a === "tls.crt") - Number(b === "tls.crt"));
  for (const [path, content] of order) {
    const file = join(folder, path);
    await mkdir(join(file, ".."), { recursive: true });
    await writeFile(`${file}.new`, content, { mode: 0o600 });
    await rename(`${file}.new`, file);
  }
  for (const name of await readdir(folder)) {
    const isKept = [...files.keys()].some((path) => path === name || path.startsWith(`${name}/`));
    if (!isKept) await rm(join(folder, name), { recursive: true, force: true });
  }
}
