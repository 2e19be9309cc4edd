import { inject } from "vitest";
import type { TestProject } from "vitest/node";
import { RehearsedStack } from "../../support/rehearsed-stack";

declare module "vitest" {
  interface ProvidedContext {
    /** Folder of the stack that the tests of this folder share. */
    rehearsedStack: string;
  }
}

/** Tenants of the stack, each with a queue of its own so that no test waits for another, and the GPUs of their queues. */
const TENANTS = {
  research: 8,
  gangs: 8,
  "ml-loop": 4,
};

/** Nodes enough for all queues at once. */
const POOL = { name: "a10g", instanceType: "g5.12xlarge", minNodes: 5, maxNodes: 5 };

/** The whole local stack with its controllers, which all tests of this folder share, each in a namespace of its own. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const tenants = Object.entries(TENANTS);
  const stack = await RehearsedStack.up({
    set: [
      [["mlstack:gpuPools"], [{ name: "t4", instanceType: "g4dn.xlarge", minNodes: 2, maxNodes: 4 }, POOL]],
      [
        ["mlstack:platform", "parts", "queues", "queues"],
        tenants.map(([name, gpus]) => ({ name, cohort: "", quotas: [{ pool: POOL.name, gpus }] })),
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
  return () => stack.down();
}

/** The stack, as a test finds it. */
export function sharedStack(): RehearsedStack {
  return new RehearsedStack(inject("rehearsedStack"));
}
