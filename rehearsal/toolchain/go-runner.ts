import { spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, type WriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { Problem } from "../problem";
import { cacheFolder, goBuildCache } from "./cache";
import { GO_ENVIRONMENT } from "./pins";

/** Called while a tool is built, with what is going on now. */
export type BuildProgress = (doing: string) => void;

/** Runs a Go command and resolves to what it printed on standard output. @throws {Problem} when it fails. */
export type GoRunner = (args: string[]) => Promise<string>;

/** Runs Go commands in a module folder; what they report goes to the log, and how far they are to `progress`. */
export function goRunner(folder: string, log: WriteStream, progress: BuildProgress): GoRunner {
  return async (args) => {
    log.write(`$ go ${args.join(" ")}\n`);
    const environment = { ...process.env, ...GO_ENVIRONMENT, GOCACHE: goBuildCache() };
    const child = spawn("go", args, { cwd: folder, env: environment, stdio: ["ignore", "pipe", "pipe"] });
    const stop = () => child.kill();
    process.once("exit", stop);
    let output = "";
    let complaints = "";
    let packages = 0;
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => {
      log.write(chunk);
      complaints = (complaints + chunk.toString()).slice(-4000);
      packages += chunk.toString().split("\n").length - 1;
      progress(`${packages.toLocaleString("en")} packages`);
    });
    const [code] = (await once(child, "close")) as [number | null];
    process.off("exit", stop);
    if (code !== 0) {
      throw new Problem(
        `go ${args[0] ?? ""} failed: ${complaints.trimEnd().split("\n").slice(-5).join("\n")}`,
        `The whole log is ${String(log.path)}. Mend the cause and run the command again; it goes on where it stopped.`,
      );
    }
    return output;
  };
}

/** Opens the log of a tool's build, in place of that of the build before. */
export async function openLog(name: string): Promise<WriteStream> {
  const folder = join(cacheFolder(), "logs");
  await mkdir(folder, { recursive: true });
  const log = createWriteStream(join(folder, `${name}.log`));
  await once(log, "open");
  return log;
}
