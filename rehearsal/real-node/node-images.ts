import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { BuiltImage } from "../images/image";
import { Problem } from "../problem";
import type { RealNode } from "./real-nodes";

const run = promisify(execFile);

/** Namespace of the container runtime that the kubelet looks in. */
const NAMESPACE = "k8s.io";

/** Bytes of what the runtime prints, at most: a line for each of a few hundred images. */
const LONGEST_LIST = 4 * 1024 * 1024;

/**
 * Gives a real node images, but for those that it has in the same version.
 *
 * @returns names of those that are new.
 * @throws {Problem} when the runtime takes one not.
 */
export async function importImages(node: RealNode, images: readonly BuiltImage[]): Promise<string[]> {
  const present = await imagesOf(node);
  const missing = images.filter(({ name, digest }) => present.get(name) !== digest);
  for (const { name, archive } of missing) {
    await runtime(node, ["images", "import", archive]).catch((error: unknown) => {
      const what = error instanceof Error ? error.message : String(error);
      throw new Problem(`the node ${node.name} does not take the image ${name}: ${what}`, "Build it again.");
    });
  }
  return missing.map(({ name }) => name);
}

/** The images that a node has, each with the digest of its manifest. */
export async function imagesOf(node: RealNode): Promise<Map<string, string>> {
  const lines = (await runtime(node, ["images", "list"])).split("\n").slice(1);
  return new Map(
    lines.flatMap((line): [string, string][] => {
      const [name, , digest] = line.split(/\s+/);
      return name && digest ? [[name, digest]] : [];
    }),
  );
}

async function runtime(node: RealNode, args: string[]): Promise<string> {
  return onNode(node, ["ctr", "--namespace", NAMESPACE, ...args]);
}

/** Runs a command of this machine in the namespaces of a node. @returns what it printed. @throws Error where it fails. */
export async function onNode({ folder }: Pick<RealNode, "folder">, command: string[]): Promise<string> {
  const pid = await readFile(join(folder, "pid"), "utf8");
  const inside = ["--target", pid, "--mount", "--net", "--pid", "--ipc", "--uts", "--", ...command];
  const { stdout } = await run("nsenter", inside, { maxBuffer: LONGEST_LIST });
  return stdout;
}
