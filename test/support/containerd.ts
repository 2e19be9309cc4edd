import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { lastingFolder } from "./lasting-folder";

const run = promisify(execFile);

/** The last is for images, which begin with it. */
const PROGRAMS = ["/usr/bin/containerd", "/usr/bin/ctr", "/usr/sbin/runc", "/usr/bin/busybox"];

/** Why there can be no containerd of one's own here; undefined where there can be. */
export function missingContainerd(): string | undefined {
  if (process.getuid?.() !== 0) return "containerd needs root";
  const missing = PROGRAMS.find((program) => !existsSync(program));
  return missing === undefined ? undefined : `there is no ${missing}`;
}

/** A containerd that nobody else uses, with its own folders. */
export class Containerd {
  private constructor(
    private readonly address: string,
    private readonly end: () => Promise<void>,
  ) {}

  /** Starts one and waits until it answers. */
  static async start(): Promise<Containerd> {
    const folder = lastingFolder("containerd");
    const address = join(folder, "containerd.sock");
    const config = join(folder, "config.toml");
    // The part for kubelets is not needed, and looks for networks.
    const text = [
      "version = 2",
      `root = ${JSON.stringify(join(folder, "root"))}`,
      `state = ${JSON.stringify(join(folder, "state"))}`,
      'disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.internal.v1.opt"]',
      "[grpc]",
      `address = ${JSON.stringify(address)}`,
    ];
    await mkdir(folder, { recursive: true });
    await writeFile(config, `${text.join("\n")}\n`);
    const child = spawn("/usr/bin/containerd", ["--config", config], { stdio: "ignore" });
    const ended = new Promise<void>((done) =>
      child.once("exit", () => {
        done();
      }),
    );
    const containerd = new Containerd(address, async () => {
      child.kill("SIGTERM");
      await ended;
      await rm(folder, { recursive: true, force: true });
    });
    for (let tries = 0; ; tries++) {
      if (
        await containerd.ctr("version").then(
          () => true,
          () => false,
        )
      )
        return containerd;
      if (tries > 100) throw new Error("containerd does not answer");
      await new Promise((wait) => setTimeout(wait, 100));
    }
  }

  /** What its client says of a command in the namespace of Kubernetes. */
  async ctr(...args: string[]): Promise<string> {
    const { stdout } = await run("/usr/bin/ctr", ["--address", this.address, "--namespace", "k8s.io", ...args]);
    return stdout;
  }

  /** Imports a file with an image. */
  async import(archive: string): Promise<void> {
    await this.ctr("images", "import", archive);
  }

  /** Runs a container of an image to its end. @returns what it wrote. */
  async output(image: string, ...command: string[]): Promise<string> {
    return this.ctr("run", "--rm", "--snapshotter", "native", image, `run-${process.hrtime.bigint()}`, ...command);
  }

  /** Ends it, and removes all it had. */
  stop(): Promise<void> {
    return this.end();
  }
}
