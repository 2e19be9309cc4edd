import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { writeRehearsedConfig } from "../../../cli/rehearse/rehearsed-config";
import { readStackFile } from "../../../cli/stack-file";
import { scratchFolder } from "../../support/scratch";

interface Written {
  config: Record<string, unknown>;
}

/** As Pulumi reads it, which takes a time without quotes for a number. */
async function read(path: string): Promise<Written> {
  return parse(await readFile(path, "utf8"), { version: "1.1" }) as Written;
}

test("a stack of the kind local is rehearsed as it is, with controllers that run", async () => {
  const local = await readStackFile({ stack: "local" });
  const rehearsed = await writeRehearsedConfig(local, await scratchFolder());
  const [whole, platform, own] = await Promise.all([rehearsed.whole, rehearsed.platform, local.path].map(read));
  const running = { ...own!.config, "mlstack:cluster": { kind: "local", controllers: "processes" } };
  expect(whole!.config).toEqual(running);
  expect(platform!.config).toEqual({ ...running, "mlstack:scenarios": [] });
  expect(rehearsed).toMatchObject({ hasWorkloads: true, remarks: [], objects: [] });
});

test("a stand-in issues the certificates of a stack of the kind local that has cert-manager", async () => {
  const folder = await scratchFolder();
  const path = join(folder, "config.yaml");
  const platform = { chartMirror: "/charts", certManager: true, parts: { certManager: {}, kueue: {} } };
  await writeFile(
    path,
    JSON.stringify({ config: { "mlstack:cluster": { kind: "local" }, "mlstack:platform": platform } }),
  );
  const rehearsed = await writeRehearsedConfig(await readStackFile({ stack: "local", config: path }), folder);
  const { config } = await read(rehearsed.whole);
  expect(config["mlstack:platform"]).toEqual({ chartMirror: "/charts", parts: { kueue: {} } });
  expect(rehearsed.remarks).toEqual([
    "a stand-in issues certificates in place of cert-manager (mlstack:platform.parts.certManager)",
  ]);
});

test("a stack on EKS is rehearsed as its twin, which is a stack of the kind local", async () => {
  const prod = await readStackFile({ stack: "prod" });
  const rehearsed = await writeRehearsedConfig(prod, await scratchFolder());
  const { config } = await read(rehearsed.whole);
  const pools = config["mlstack:gpuPools"] as { name: string; schedules?: { from: string; to: string }[] }[];
  expect(pools.find(({ name }) => name === "evaluation")!.schedules).toMatchObject([{ from: "01:00", to: "05:00" }]);
  expect(rehearsed).toMatchObject({ hasWorkloads: false, region: "us-east-1" });
  const twin = await readStackFile({ stack: "prod", config: rehearsed.whole });
  expect(twin).toMatchObject({ embedded: true, needsMirror: true, scalesLocally: true });
});

test("how a stack on EKS keeps secrets, and where else it has values from, does not matter", async () => {
  const folder = await scratchFolder();
  const config = join(folder, "Pulumi.lab.yaml");
  const cluster = { kind: "eks", eks: { region: "eu-west-1" } };
  const secrets = { secretsprovider: "awskms://alias/lab", encryptedkey: "AQ==", encryptionsalt: "v1:a" };
  const document = { ...secrets, environment: ["lab"], config: { "mlstack:cluster": cluster } };
  await writeFile(config, JSON.stringify(document));
  const rehearsed = await writeRehearsedConfig(await readStackFile({ stack: "lab", config }), folder);
  expect(await read(rehearsed.whole)).toEqual({
    config: {
      "mlstack:cluster": { kind: "local", controllers: "processes" },
      "mlstack:systemPool": { availabilityZones: ["eu-west-1a", "eu-west-1b", "eu-west-1c"] },
    },
  });
  expect(rehearsed.remarks.at(-1)).toBe("what Pulumi ESC environments say is not read (environment)");
});
