import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { callersPath, checkoutRoot } from "../../rehearsal/checkout";
import { type Advisory, advisoriesOf } from "./advisories";
import { auditFaults, explainedAdvisories } from "./explained";

/** File that explains known vulnerabilities which a release may have. */
export function explanationsFile(): string {
  return join(checkoutRoot(), "cli", "audit", "explained.yaml");
}

/**
 * `npm run audit [FILE]`: asks npm's registry for known vulnerabilities of the packages that run, and fails on those that are
 * not explained. A file other than `cli/audit/explained.yaml` may be named.
 */
export async function main(): Promise<void> {
  const [, , named] = process.argv;
  const file = named === undefined ? explanationsFile() : callersPath(named);
  try {
    const found = advisoriesOf(await npmAudit());
    const explained = explainedAdvisories(await readFile(file, "utf8"));
    const faults = auditFaults(found, explained, new Date().toISOString().slice(0, 10));
    process.exitCode = faults.length === 0 ? 0 : 1;
    process.stdout.write(faults.length === 0 ? `${verdictOn(found)}\n` : `${faults.join("\n")}\n`);
  } catch (error) {
    const { message, remedy } = error as { message: string; remedy?: string };
    process.exitCode = 2;
    process.stderr.write(`${message}\n${remedy === undefined ? "" : `${remedy}\n`}`);
  }
}

function verdictOn(found: Advisory[]): string {
  return found.length === 0
    ? "No vulnerability is known of the packages that run."
    : `Each of ${found.length} known vulnerabilities is explained.`;
}

/** It ends with an error where it found something, and prints its report all the same. */
function npmAudit(): Promise<string> {
  const options = { cwd: checkoutRoot(), maxBuffer: 64 * 2 ** 20 };
  return new Promise((resolve) => {
    execFile("npm", ["audit", "--json", "--omit=dev", "--package-lock-only"], options, (_, stdout) => {
      resolve(stdout);
    });
  });
}
