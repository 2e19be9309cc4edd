import { execFileSync } from "node:child_process";
import { chmod, mkdir, readFile, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { programImage } from "../../../rehearsal/images";
import { scratchFolder, setForTest } from "../../support/scratch";

/** A cache with nothing in it. */
async function emptyCache(): Promise<void> {
  setForTest("XDG_CACHE_HOME", await scratchFolder());
}

async function program(text: string): Promise<string> {
  const file = join(await scratchFolder(), "program");
  await writeFile(file, text);
  await chmod(file, 0o755);
  return file;
}

const imageOf = (source: string) =>
  programImage({
    name: "registry.example.com/tools/program:1.0.0",
    files: [{ source, target: "/program" }],
    entrypoint: ["/program"],
  });

/** What an archive has: names, and the texts of JSON. */
function listed(archive: string): string[] {
  return execFileSync("tar", ["--list", "--file", archive], { encoding: "utf8" }).trim().split("\n");
}

function documentIn(archive: string, name: string): unknown {
  return JSON.parse(execFileSync("tar", ["--extract", "--to-stdout", "--file", archive, name], { encoding: "utf8" }));
}

/** Where the cache has a blob. */
function blobOf(digest: string): string {
  return join(process.env["XDG_CACHE_HOME"]!, "mlstack", "images", "blobs", digest.replace(":", "/"));
}

describe("an image", () => {
  it("is the same for the same files, whenever and in whichever cache it is made", async () => {
    await emptyCache();
    const source = await program("one");
    const first = await imageOf(source);
    const bytes = await readFile(first.archive);
    await emptyCache();
    await utimes(source, new Date(), new Date("2031-01-01T00:00:00Z"));
    await chmod(source, 0o700);
    const second = await imageOf(source);
    expect(second.digest).toBe(first.digest);
    expect(second.archive).not.toBe(first.archive);
    expect((await readFile(second.archive)).equals(bytes)).toBe(true);
  });

  it("is another one when a file changes, and only that layer is written", async () => {
    await emptyCache();
    const source = await program("one");
    const first = await imageOf(source);
    expect(first.layers.map(({ isNew }) => isNew)).toEqual([true]);
    expect((await imageOf(source)).layers.map(({ isNew }) => isNew)).toEqual([false]);
    await writeFile(source, "two");
    const changed = await imageOf(source);
    expect(changed.layers.map(({ isNew }) => isNew)).toEqual([true]);
    expect(changed.digest).not.toBe(first.digest);
    await expect(readFile(first.archive)).rejects.toThrow("ENOENT");
  });

  it("is a layout of OCI with its name", async () => {
    await emptyCache();
    const { archive, digest, layers } = await imageOf(await program("one"));
    const names = listed(archive);
    expect(names.slice(0, 2)).toEqual(["oci-layout", "index.json"]);
    expect(names).toContain(`blobs/${layers[0]!.digest.replace(":", "/")}`);
    const { manifests } = documentIn(archive, "index.json") as { manifests: { digest: string; annotations: object }[] };
    expect(manifests).toHaveLength(1);
    expect(manifests[0]!.digest).toBe(digest);
    expect(manifests[0]!.annotations).toEqual({
      "io.containerd.image.name": "registry.example.com/tools/program:1.0.0",
      "org.opencontainers.image.ref.name": "1.0.0",
    });
  });

  it("has a folder for temporary files beside a program, which any user may write to", async () => {
    await emptyCache();
    const { layers } = await imageOf(await program("one"));
    const blob = blobOf(layers[0]!.digest);
    const listing = execFileSync("tar", ["--list", "--verbose", "--file", blob], { encoding: "utf8" });
    expect(listing).toMatch(/^drwxrwxrwt 0\/0 .* tmp\/$/m);
  });

  it("has folders with links, and paths of any length and language", async () => {
    await emptyCache();
    const folder = await scratchFolder();
    const long = join("a".repeat(120), "b".repeat(120), "ü.txt");
    await mkdir(join(folder, long, ".."), { recursive: true });
    await writeFile(join(folder, long), "found");
    await symlink(`/data/${long}`, join(folder, "link"));
    const { layers } = await programImage({
      name: "registry.example.com/tools/data:1.0.0",
      files: [{ source: folder, target: "/data" }],
      entrypoint: [],
    });
    const blob = blobOf(layers[0]!.digest);
    const target = await scratchFolder();
    execFileSync("tar", ["--extract", "--file", blob, "--directory", target], {
      env: { ...process.env, LC_ALL: "C.UTF-8" },
    });
    expect(await readFile(join(target, "data", long), "utf8")).toBe("found");
    expect(execFileSync("readlink", [join(target, "data", "link")], { encoding: "utf8" }).trim()).toBe(`/data/${long}`);
  });
});
