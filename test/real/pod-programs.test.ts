import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { POD_IMAGES } from "../../rehearsal/real-node/pod-images";
import { ensurePodImages } from "../../rehearsal/real-node/program-images";

const run = promisify(execFile);

/** What a program prints when it ends by itself, whatever its exit code. */
async function printed(program: string, args: string[]): Promise<string> {
  const { stdout, stderr } = await run(program, args, { timeout: 20_000 }).catch((error: unknown) => {
    return error as { stdout: string; stderr: string };
  });
  return stdout + stderr;
}

describe.each(POD_IMAGES)("the program $name", { timeout: 900_000 }, ({ name, image, target }) => {
  it("is built, and has its place in the image that manifests name", async () => {
    const [built] = await ensurePodImages(undefined, [name]);
    expect(built).toMatchObject({ name: image, files: [{ target, mode: 0o755 }] });
  });

  it("answers", async () => {
    const [built] = await ensurePodImages(undefined, [name]);
    expect(await printed(built!.files[0]!.source, ["--help"])).toMatch(/usage|flags|options|commands|-conf/i);
  });
});
