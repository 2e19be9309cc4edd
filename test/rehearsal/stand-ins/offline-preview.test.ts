import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { describe, expect, test } from "vitest";
import { offlineLabel } from "../../../cli/offline";
import { readStackFile, writeOfflineStackFile } from "../../../cli/stack-file";
import { mlstack } from "../../support/mlstack";
import { scratchFolder } from "../../support/scratch";

describe("mlstack preview --offline", { timeout: 120_000 }, () => {
  test("plans the local stack with no cluster and no state, judged by the policies, and says what that is", async () => {
    const state = join(await scratchFolder(), "state");
    const before = await offlineFolders();

    const { code, output } = await mlstack(state, "preview", "--offline");

    const lines = output.trim().split("\n");
    const labelled = lines.flatMap((line, index) => (line === offlineLabel("local") ? [index] : []));
    expect(labelled).toHaveLength(2);
    expect(labelled[0]).toBeLessThan(lines.indexOf("Previewing update (local):"));
    expect(labelled[1]).toBe(lines.length - 1);
    expect(output).toMatch(/kubernetes:core\/v1:Node .* create/);
    expect(output).toMatch(/gpu-ml@v\d/);
    expect(code, output).toBe(0);
    expect(existsSync(state)).toBe(false);
    expect(await offlineFolders()).toEqual(before);
  });

  test("is refused together with --expect-no-changes", async () => {
    const { code, output } = await mlstack(await scratchFolder(), "preview", "--offline", "--expect-no-changes");

    expect(code).toBe(1);
    expect(output).toContain(
      "--offline shows a stack as if nothing of it existed, so that --expect-no-changes could never be met\nLeave one of the two out.",
    );
  });

  test("is refused together with --refresh", async () => {
    const { code, output } = await mlstack(await scratchFolder(), "preview", "--offline", "--refresh");

    expect(code).toBe(1);
    expect(output).toContain(
      "--offline asks nobody what is really there, which --refresh is for\nLeave one of the two out.",
    );
  });
});

async function offlineFolders(): Promise<string[]> {
  return (await readdir(tmpdir())).filter((name) => name.startsWith("mlstack-offline-"));
}

describe("the configuration of an offline stack", () => {
  async function written(config: object): Promise<unknown> {
    const folder = await scratchFolder();
    const path = join(folder, "Pulumi.mine.yaml");
    await writeFile(path, JSON.stringify(config));
    await writeOfflineStackFile(
      await readStackFile({ stack: "mine", config: path }),
      join(folder, "copy"),
      "/kubeconfig",
    );
    return parse(await readFile(join(folder, "copy"), "utf8"));
  }

  test("has no encryption, no environments and no secrets", async () => {
    const config = {
      encryptionsalt: "v1:salt",
      secretsprovider: "awskms://alias/pulumi",
      encryptedkey: "key",
      environment: ["ml/prod"],
      config: { "mlstack:token": { secure: "AAA" }, "mlstack:list": [{ name: "a", key: { secure: "BBB" } }] },
    };

    expect(await written(config)).toEqual({
      config: {
        "mlstack:token": "secret-not-read-offline",
        "mlstack:list": [{ name: "a", key: "secret-not-read-offline" }],
      },
    });
  });

  test.each(["local", "existing"])("has a kubeconfig in place of that of a cluster of kind %s", async (kind) => {
    expect(await written({ config: { "mlstack:cluster": { kind, kubeconfig: "~/.kube/config" } } })).toEqual({
      config: { "mlstack:cluster": { kind, kubeconfig: "/kubeconfig" } },
    });
  });

  test("has none where the stack makes the cluster in AWS", async () => {
    expect(await written({ config: { "mlstack:cluster": { kind: "eks" } } })).toEqual({
      config: { "mlstack:cluster": { kind: "eks" } },
    });
  });
});
