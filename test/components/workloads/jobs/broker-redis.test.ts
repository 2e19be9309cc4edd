import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { brokerManifest } from "../../../../components/workloads/jobs/broker-manifest";
import { checkoutRoot } from "../../../../rehearsal/checkout";
import { freePorts } from "../../../support/free-ports";
import { Program } from "../../../support/program";
import { missingPython, type PythonEnvironment, pythonOf } from "../../../../rehearsal/toolchain/python-environment";
import { Redis } from "../../../support/redis";

const run = promisify(execFile);

/** A server and a client. */
const PACKAGE: PythonEnvironment = {
  name: "redis",
  requirements: join(checkoutRoot(), "test", "support", "redis-requirements.txt"),
};
const missing = Redis.missing() ?? missingPython(PACKAGE);
const PASSWORD = "0f".repeat(24);

/** A server with the arguments of a broker's pod, in a folder in place of its volume. */
function serverArguments(folder: string, port: number): string[] {
  const args = { image: "example.com/x:1", master: {}, workers: {}, broker: { memory: "16Mi" } };
  const { spec } = brokerManifest("fleet", args);
  const [container] = (spec.template as { spec: { containers: { args: string[] }[] } }).spec.containers;
  const real: Record<string, string> = { "/data": folder, "$(REDIS_PASSWORD)": PASSWORD };
  const [, ...options] = container!.args.map((argument) => real[argument] ?? argument);
  return ["--bind", "127.0.0.1", "--port", String(port), ...options];
}

describe.skipIf(missing !== undefined)(`the broker's Redis${missing === undefined ? "" : ` (${missing})`}`, () => {
  let folder = "";
  let python = "";
  let port = 0;
  let server: Program;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "mlstack-broker-"));
    python = await pythonOf(PACKAGE);
    [port = 0] = await freePorts(1);
    server = await start();
  }, 120_000);
  afterAll(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function start(): Promise<Program> {
    const started = new Program([join(dirname(python), "redis-server"), ...serverArguments(folder, port)], folder);
    await started.prints(/Ready to accept connections/);
    return started;
  }

  async function client(expression: string, password = PASSWORD): Promise<string> {
    const program = `import redis; r = redis.Redis(port=${port}, password=${JSON.stringify(password)}); print(${expression})`;
    const { stdout } = await run(python, ["-c", program]);
    return stdout.trim();
  }

  it("lets nobody in without the password", async () => {
    await expect(client("r.ping()", "another")).rejects.toThrow(/invalid username-password|WRONGPASS/);
  });

  it("has every task again after it was killed", async () => {
    expect(await client('r.rpush("tasks", *range(100))')).toBe("100");
    await server.stop("SIGKILL");
    server = await start();
    expect(await client('r.llen("tasks"), r.lindex("tasks", 99)')).toBe("100 b'99'");
  });

  it("refuses tasks that there is no room for, and drops none", async () => {
    await expect(client('[r.rpush("full", "x" * 1_000_000) for _ in range(20)]')).rejects.toThrow(/OOM|used memory/);
    expect(Number(await client('r.llen("full")'))).toBeGreaterThan(5);
  });
});
