import { existsSync } from "node:fs";
import { inject } from "vitest";
import type { TestProject } from "vitest/node";
import { oneOfEach, RehearsedStack } from "../../support/rehearsed-stack";
import { UsedMemory } from "../../support/used-memory";

declare module "vitest" {
  interface ProvidedContext {
    /** Folder of the stack that the stories share. */
    realStack: string;
  }
}

/** Variable with a folder, to work on these tests: the stack lies there, and stays for the next run. */
const KEPT = "REAL_STACK";

/** What the projects of one run share. */
interface Shared {
  stack: Promise<RehearsedStack>;
  memory: UsedMemory;
  /** Projects that still need it. */
  users: number;
}

/** Each project loads this file by itself. */
const shared = globalThis as { mlstackRealStack?: Shared };

/** The environment `real` with its stories, which all tests of this folder share; it goes when the last of them is done. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const kept = process.env[KEPT];
  if (kept !== undefined && existsSync(kept)) {
    project.provide("realStack", kept);
    return () => Promise.resolve();
  }
  const own = (shared.mlstackRealStack ??= { stack: bringUp(kept), memory: new UsedMemory(), users: 0 });
  own.users += 1;
  const stack = await own.stack;
  project.provide("realStack", stack.folder);
  return async () => {
    own.users -= 1;
    if (own.users > 0 || kept !== undefined) return;
    // That a stack is destroyed object by object is tested with a smaller one: this takes over a minute.
    await stack.remove();
    console.log(`Memory that the machine used at most while the stories ran: ${own.memory.stop().toFixed(1)} GiB`);
  };
}

function bringUp(folder: string | undefined): Promise<RehearsedStack> {
  return RehearsedStack.up({
    environment: "real",
    ...(folder === undefined ? {} : { folder }),
    set: oneOfEach(["mpiOperator"]),
  });
}

/** The stack, as a test finds it. */
export function realStack(): RehearsedStack {
  return new RehearsedStack(inject("realStack"));
}
