import { appendFileSync } from "node:fs";
import { basename } from "node:path";

/*
 * Loaded with `--require` into every Node.js process of a measured command. The one that runs a Pulumi program leaves a
 * line with its peak memory in KiB in the file that MLSTACK_BENCH_MEMORY names: exact, and without the load of watching
 * the process from outside.
 */
const file = process.env["MLSTACK_BENCH_MEMORY"];
// Looked at now, because the SDK replaces its own arguments by those of the program.
const runsProgram = basename(process.argv[1] ?? "") === "run";

if (file !== undefined && runsProgram) {
  process.once("exit", () => {
    appendFileSync(file, `${process.resourceUsage().maxRSS}\n`);
  });
}
