import { createHash, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { getVersion } from "@pulumi/kubernetes/utilities";
import type { KubernetesObject } from "./kubernetes-object";
import type { RenderCall } from "./source";

/** Folder in a mirror for what was rendered from it. */
const FOLDER = ".rendered";

/**
 * What was rendered from a mirror before: what is in a mirror by exact version gives the same objects again, and most of the
 * time of a preview would be spent on handing them from process to process.
 *
 * Files are readable by their owner only, as values may hold more than they should. A mirror that cannot be written has none.
 */
export class RenderCache {
  private readonly file: string;

  /**
   * @param mirror folder that the charts come from.
   * @param source folder of the chart in it; where that is made anew, so is what was rendered.
   */
  constructor(
    private readonly mirror: string,
    source: string,
    { token, args }: RenderCall,
  ) {
    const made = statSync(source, { throwIfNoEntry: false })?.mtimeMs;
    const identity = JSON.stringify([getVersion(), made, token, args]);
    const hash = createHash("sha256").update(identity).digest("hex").slice(0, 32);
    this.file = join(mirror, FOLDER, `${hash}.json`);
  }

  /** What was kept; undefined where nothing was, or it cannot be read. */
  public read(): KubernetesObject[] | undefined {
    try {
      return JSON.parse(readFileSync(this.file, "utf8")) as KubernetesObject[];
    } catch {
      return undefined;
    }
  }

  /** Keeps what was rendered, where that is possible. */
  public write(objects: KubernetesObject[]): void {
    const partial = `${this.file}.${randomUUID()}`;
    const folder = join(this.mirror, FOLDER);
    try {
      // The mirror itself is not made: where there is none, the rendering fails or is made up.
      if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 });
      writeFileSync(partial, JSON.stringify(objects), { mode: 0o600 });
      renameSync(partial, this.file);
    } catch {
      // A mirror may be a folder that only others write.
    }
  }
}
