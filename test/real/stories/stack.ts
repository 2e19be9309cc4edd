import { existsSync } from "node:fs";
import { inject } from "vitest";
import type { TestProject } from "vitest/node";
import { RehearsedStack, type Setting } from "../../support/rehearsed-stack";

declare module "vitest" {
  interface ProvidedContext {
    /** Folder of the stack that the stories share. */
    realStack: string;
  }
}

/** Parts of the platform whose controllers are two by default. */
const CONTROLLERS = [
  "argoWorkflows",
  "jobSet",
  "katib",
  "kserve",
  "kueue",
  "sparkOperator",
  "trainer",
  "trainingOperator",
  "verticalPodAutoscaling",
];

/** Variable with a folder, to work on these tests: the stack lies there, and stays for the next run. */
const KEPT = "REAL_STACK";

/** The environment `real` with its stories, which all tests of this folder share. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const kept = process.env[KEPT];
  if (kept !== undefined && existsSync(kept)) {
    project.provide("realStack", kept);
    return () => Promise.resolve();
  }
  const stack = await RehearsedStack.up({
    environment: "real",
    ...(kept === undefined ? {} : { folder: kept }),
    // One of each controller does as much work as two.
    set: CONTROLLERS.map((part): Setting => [["mlstack:platform", "parts", part, "replicas"], 1]),
  });
  project.provide("realStack", stack.folder);
  return () => (kept === undefined ? stack.down() : Promise.resolve());
}

/** The stack, as a test finds it. */
export function realStack(): RehearsedStack {
  return new RehearsedStack(inject("realStack"));
}
