import { prune } from "../../rehearsal/toolchain/leftovers";
import { exclusively, userLock } from "../../rehearsal/toolchain/lock";
import { table } from "../table";
import { gib } from "../units";

/** Frees what the tool cache holds and no current tool needs; with `everything`, the current tools as well. */
export async function pruneToolchain(everything: boolean): Promise<number> {
  const freed = await exclusively(userLock("build"), () =>
    exclusively(userLock("platform-sources"), () => prune(everything)),
  );
  if (freed.length === 0) {
    process.stdout.write("Nothing to free.\n");
    return 0;
  }
  const rows = freed.map(({ path, bytes }) => [path, gib(bytes, 2)]);
  const total = freed.reduce((sum, { bytes }) => sum + bytes, 0);
  process.stdout.write(`${table(["freed", "size"], rows)}\n${gib(total, 2)} in all\n`);
  return 0;
}
