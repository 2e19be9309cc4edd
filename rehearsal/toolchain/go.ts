import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { Problem } from "../problem";
import { PINS } from "./pins";
import type { Tool } from "./tools";
import { atLeast } from "./version";

const exec = promisify(execFile);

/** Version of the Go on PATH, for example `1.26.8`; undefined where there is none. */
export async function goVersion(): Promise<string | undefined> {
  try {
    const { stdout } = await exec("go", ["env", "GOVERSION"], { env: { ...process.env, GOTOOLCHAIN: "local" } });
    return /go([\d.]+)/.exec(stdout)?.[1];
  } catch {
    return undefined;
  }
}

/**
 * Makes sure that the Go on PATH can build the tools.
 *
 * @throws {Problem} when there is no Go, or one that is older than the pinned modules accept.
 */
export async function requireGo({ title, instead, go = PINS.go }: Tool): Promise<void> {
  const version = await goVersion();
  const remedy = `Install Go ${go} or newer (https://go.dev/doc/install)${instead}.`;
  if (version === undefined) throw new Problem(`${title} has to be built, and there is no Go on PATH`, remedy);
  if (!atLeast(version, go)) {
    throw new Problem(`${title} has to be built, and Go ${version} is older than ${go}`, remedy);
  }
}
