import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { checkoutRoot } from "../../rehearsal/checkout";
import { freePorts } from "./free-ports";
import { Program } from "./program";
import { missingPython, type PythonEnvironment, pythonOf } from "../../rehearsal/toolchain/python-environment";

/** Carries a server; where one is on PATH, that one runs. */
const PACKAGE: PythonEnvironment = {
  name: "redis",
  requirements: join(checkoutRoot(), "test", "support", "redis-requirements.txt"),
};

/** Newer ones would compile the package's server. */
const HAS_PACKAGE = "import sys; sys.exit(sys.version_info >= (3, 13))";

/** A Redis server on loopback, with a password and without files. */
export class Redis {
  private constructor(
    private readonly server: Program,
    readonly password: string,
    /** Where clients connect, with the password. */
    readonly url: string,
  ) {}

  /** Why it can not be had here; undefined where it can. */
  static missing(): string | undefined {
    if (isOnPath()) return undefined;
    const missing = missingPython(PACKAGE);
    if (missing !== undefined) return `there is no redis-server on PATH, and ${missing}`;
    const { status } = spawnSync("python3", ["-c", HAS_PACKAGE], { stdio: "ignore" });
    return status === 0 ? undefined : "there is no redis-server on PATH, and no package of one for this python3";
  }

  /** Starts a server without any keys. */
  static async start(): Promise<Redis> {
    const binary = isOnPath() ? "redis-server" : join(dirname(await pythonOf(PACKAGE)), "redis-server");
    const [port = 0] = await freePorts(1);
    const password = randomUUID();
    const options = ["--bind", "127.0.0.1", "--port", String(port), "--save", "", "--requirepass", password];
    const server = new Program([binary, ...options], tmpdir());
    await server.prints(/Ready to accept connections/);
    return new Redis(server, password, `redis://:${password}@127.0.0.1:${port}/0`);
  }

  /** Ends it. */
  stop(): Promise<void> {
    return this.server.stop();
  }
}

function isOnPath(): boolean {
  return spawnSync("redis-server", ["--version"], { stdio: "ignore" }).error === undefined;
}
