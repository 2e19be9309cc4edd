import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { credentials } from "@grpc/grpc-js";
import { getPulumiComponents } from "@pulumi/pulumi/provider/experimental";
import services from "@pulumi/pulumi/proto/provider_grpc_pb";
import messages from "@pulumi/pulumi/proto/provider_pb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import * as components from "../../components";

const repository = join(__dirname, "../..");

describe("the repository as a component provider", () => {
  let plugin: ChildProcess;
  let schema: { name: string; version: string; resources: Record<string, { isComponent: boolean }> };

  beforeAll(async () => {
    const runner = join(dirname(require.resolve("@pulumi/pulumi/package.json")), "cmd", "run-plugin");
    // No engine is asked for anything; the folder is that of some other program, as it is with users of the package.
    plugin = spawn(process.execPath, [runner, repository, "127.0.0.1:1"], { cwd: tmpdir() });
    schema = JSON.parse(await schemaOf(await portOf(plugin))) as typeof schema;
  }, 120_000);
  afterAll(async () => {
    const ended = once(plugin, "exit");
    plugin.kill();
    await ended;
  });

  test("is one that Pulumi runs with Node.js", () => {
    expect(parse(readFileSync(join(repository, "PulumiPlugin.yaml"), "utf8"))).toEqual({ runtime: "nodejs" });
  });

  test("offers every component to programs in other languages", () => {
    const names = getPulumiComponents(components).map(({ name }) => `mlstack:index:${name}`);
    expect(schema.name).toBe("mlstack");
    expect(Object.keys(schema.resources).sort()).toEqual(names.sort());
    for (const { isComponent } of Object.values(schema.resources)) expect(isComponent).toBe(true);
  });

  test("has the version of the package", () => {
    const { version } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8")) as { version: string };
    expect(schema.version).toBe(version);
  });
});

/** The first thing that a provider prints is its port. */
async function portOf(plugin: ChildProcess): Promise<number> {
  let output = "";
  let complaints = "";
  plugin.stderr?.on("data", (chunk: Buffer) => (complaints += chunk.toString()));
  const exited = once(plugin, "exit").then(() => {
    throw new Error(`The provider ended before it listened:\n${output}${complaints}`);
  });
  const listening = new Promise<number>((resolve) => {
    plugin.stdout?.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      const port = /^(\d+)\s/.exec(output)?.[1];
      if (port !== undefined) resolve(Number(port));
    });
  });
  return Promise.race([listening, exited]);
}

async function schemaOf(port: number): Promise<string> {
  const client = new services.ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure(), {
    "grpc.max_receive_message_length": -1,
  });
  try {
    return await new Promise((resolve, reject) => {
      client.getSchema(new messages.GetSchemaRequest(), (error, response) => {
        if (error) reject(error);
        else resolve(response.getSchema());
      });
    });
  } finally {
    client.close();
  }
}
