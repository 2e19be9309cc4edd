import { describe, expect, it } from "vitest";
import { nextCommands } from "../../cli/summary";

describe("What may be done with a stack that is up", () => {
  it("is said by commands without its name where they mean it anyway", () => {
    expect(nextCommands("local")).toEqual([
      "npm run status               processes, nodes, jobs",
      "npm run preview              what a change of stacks/Pulumi.local.yaml would do",
      "npm run down                 destroy the stack, stop the control plane",
    ]);
  });

  it("is said by commands with its name where they would mean another one", () => {
    expect(nextCommands("real")).toEqual([
      "npm run status                               processes, nodes, jobs",
      "npm run preview -- --stack real              what a change of stacks/Pulumi.real.yaml would do",
      "npm run down -- --stack real                 destroy the stack, stop the control plane",
    ]);
  });
});
