import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { find } from "../../../rehearsal/toolchain/resolve";
import { scratchFolder, setForTest } from "../../support/scratch";

/** Puts a program into a folder that prints one line. */
async function program(folder: string, name: string, line: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, name), `#!/bin/sh\necho ${line}\n`);
  await chmod(join(folder, name), 0o755);
}

describe("looking for tools", () => {
  let path: string;
  let home: string;
  beforeEach(async () => {
    [path, home] = [await scratchFolder(), await scratchFolder()];
    setForTest("XDG_CACHE_HOME", await scratchFolder());
    setForTest("PULUMI_HOME", home);
    setForTest("PATH", `${path}:/usr/bin:/bin`);
  });

  it("takes an official Pulumi on PATH that has its Node.js host beside it", async () => {
    await program(path, "pulumi", "v3.270.1");
    await program(path, "pulumi-language-nodejs", "");
    expect(await find("pulumi")).toMatchObject({ origin: "PATH", version: "3.270.1", folder: path });
  });

  it("builds one of its own where the official Pulumi lacks its host", async () => {
    await program(path, "pulumi", "v3.270.1");
    expect(await find("pulumi")).toMatchObject({ origin: "to be built", version: "3.259.0" });
  });

  it("builds one of its own where the official Pulumi is too old for TypeScript 6", async () => {
    await program(path, "pulumi", "v3.228.0");
    await program(path, "pulumi-language-nodejs", "");
    expect((await find("pulumi")).origin).toBe("to be built");
  });

  it("takes the provider from Pulumi's plugin cache, in the pinned version only", async () => {
    const plugins = join(home, "plugins");
    await program(join(plugins, "resource-kubernetes-v4.24.0"), "pulumi-resource-kubernetes", "4.24.0");
    expect((await find("kubernetes-provider")).origin).not.toBe("plugin cache");
    const folder = join(plugins, "resource-kubernetes-v4.25.0");
    await program(folder, "pulumi-resource-kubernetes", "4.25.0");
    expect(await find("kubernetes-provider")).toMatchObject({ origin: "plugin cache", folder });
  });

  it("leaves the provider to an official Pulumi where there is no Go to build it with", async () => {
    await program(path, "pulumi", "v3.270.1");
    await program(path, "pulumi-language-nodejs", "");
    expect((await find("kubernetes-provider")).origin).toBe("downloaded by pulumi");
  });

  it("always builds the control plane, which nobody has on PATH", async () => {
    await program(path, "kube-apiserver", "v1.36.3");
    expect((await find("controlplane")).origin).toBe("to be built");
  });
});
