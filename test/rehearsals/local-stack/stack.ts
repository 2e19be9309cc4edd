import { existsSync } from "node:fs";
import { inject } from "vitest";
import type { TestProject } from "vitest/node";
import { oneOfEach, RehearsedStack } from "../../support/rehearsed-stack";
import { tellSetUp } from "../../support/set-up-message";

declare module "vitest" {
  interface ProvidedContext {
    /** Folder of the stack that the tests of this folder share. */
    rehearsedStack: string;
  }
}

/** Tenants of the stack, each with a queue of its own so that no test waits for another, and the GPUs of their queues. */
export const TENANTS = { research: 8, gangs: 8, "ml-loop": 4, sweeps: 2 };

/** The pool of all queues, with nodes enough for all of them at once. */
const SHARED_POOL = { name: "a10g", instanceType: "g5.12xlarge", minNodes: 5, maxNodes: 6 };

const POOLS = [
  { name: "t4", instanceType: "g4dn.xlarge", minNodes: 1, maxNodes: 4 },
  SHARED_POOL,
  // Each of these only one test uses.
  { name: "scaled", instanceTypes: ["g5.48xlarge", "g6.48xlarge", "g6e.48xlarge"], maxNodes: 2 },
  { name: "standing", instanceType: "g4dn.xlarge", minNodes: 1, maxNodes: 3 },
  {
    name: "timed",
    instanceType: "g4dn.xlarge",
    maxNodes: 2,
    schedules: [{ name: "nightly", from: "22:00", to: "22:01", nodes: 2 }],
  },
];

/** Variable with a folder, to work on these tests: the stack lies there, and stays for the next run. */
const KEPT = "REHEARSED_STACK";

/** The whole local stack with its controllers, which all tests of this folder share, each in a namespace of its own. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const kept = process.env[KEPT];
  if (kept !== undefined && existsSync(kept)) {
    project.provide("rehearsedStack", kept);
    return () => Promise.resolve();
  }
  const tenants = Object.entries(TENANTS);
  const stack = await RehearsedStack.up({
    ...(kept === undefined ? {} : { folder: kept }),
    set: [
      ...oneOfEach(),
      [["mlstack:systemPool", "nodes"], 4],
      [["mlstack:gpuPools"], POOLS],
      [
        ["mlstack:platform", "parts", "queues", "queues"],
        tenants.map(([name, gpus]) => ({ name, cohort: "", quotas: [{ pool: SHARED_POOL.name, gpus }] })),
      ],
      [
        ["mlstack:platform", "parts", "tenants"],
        Object.fromEntries(
          tenants.map(([name, gpus]) => [
            name,
            {
              limits: { gpus },
              queues: [{ clusterQueue: name }],
              katibMetrics: true,
              editors: { groups: ["researchers"] },
              serviceAccounts: [{ name: "argo-workflow", runsWorkflows: true }],
            },
          ]),
        ),
      ],
    ],
  });
  project.provide("rehearsedStack", stack.folder);
  // Further tests begin then: `test/run.ts`.
  tellSetUp();
  return () => (kept === undefined ? stack.down() : Promise.resolve());
}

/** The stack, as a test finds it. */
export function sharedStack(): RehearsedStack {
  return new RehearsedStack(inject("rehearsedStack"));
}
