import type { ChildProcess } from "node:child_process";

/** Vitest and its reporters may send messages of their own. */
const SET_UP = "what the tests share is set up";

/** Tells the process that started vitest that what its tests share is there; nobody where a shell did. */
export function tellSetUp(): void {
  process.send?.(SET_UP);
}

/** Resolves once vitest tells that what its tests share is there, which many a run never does. */
export function setUpOf(vitest: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    vitest.on("message", (message) => {
      if (message === SET_UP) resolve();
    });
  });
}
