import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Fault, faultFor, faultsOfEnvironment, type Operation } from "../../../rehearsal/stand-ins/faults";
import { scratchFolder, setForTest } from "../../support/scratch";

const subnet = {
  urn: "urn:pulumi:dev::mlstack::aws:ec2/subnet:Subnet::net-a",
  token: "aws:ec2/subnet:Subnet",
  name: "net-a",
};

describe("a fault hits the operations that it describes", () => {
  test.each<[string, Partial<Fault>, Operation, boolean]>([
    ["any, where it describes none", {}, "delete", true],
    ["of its type", { type: "aws:ec2/subnet:Subnet" }, "create", true],
    ["not of another type", { type: "aws:ec2/vpc:Vpc" }, "create", false],
    ["on resources of its name", { name: "net-a" }, "update", true],
    ["not on resources of another name", { name: "net-b" }, "update", false],
    ["of its operation", { operation: "delete" }, "delete", true],
    ["not of another operation", { operation: "delete" }, "create", false],
  ])("%s", (_, described, operation, hits) => {
    const fault: Fault = { ...described, action: "fail" };

    expect(faultFor(subnet, operation, [fault])).toBe(hits ? fault : undefined);
  });
});

describe("a fault that counts hits", () => {
  async function hits(count: { at: number; repeats?: boolean }, operations: number): Promise<number[]> {
    const fault: Fault = { action: "fail", count: { folder: join(await scratchFolder(), "count"), ...count } };
    const places = Array.from({ length: operations }, (_, index) => index + 1);
    return places.filter(() => faultFor(subnet, "create", [fault]) !== undefined);
  }

  test("one operation alone", async () => {
    expect(await hits({ at: 3 }, 7)).toEqual([3]);
  });

  test("every multiple of its place where it repeats", async () => {
    expect(await hits({ at: 3, repeats: true }, 7)).toEqual([3, 6]);
  });

  test("counting on where another process left off", async () => {
    const folder = join(await scratchFolder(), "count");
    const fault: Fault = { action: "fail", count: { folder, at: 2 } };
    faultFor(subnet, "create", [structuredClone(fault)]);

    expect(faultFor(subnet, "create", [fault])).toBe(fault);
  });
});

test("faults are read from the environment", () => {
  const faults: Fault[] = [{ type: "aws:ec2/vpc:Vpc", action: "hang" }];
  setForTest("MLSTACK_STAND_IN_FAULTS", JSON.stringify(faults));

  expect(faultsOfEnvironment()).toEqual(faults);
});
