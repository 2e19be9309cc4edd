import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  blockContains,
  blocksOverlap,
  formatIpv4Block,
  type Ipv4Block,
  MAX_ZONES,
  parseIpv4Block,
  planSubnets,
} from "../../../../components/cluster/eks/subnets";

const blocksOf = (min: number, max: number) =>
  fc
    .tuple(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.integer({ min, max }))
    .map(([address, prefix]): Ipv4Block => ({ first: address - (address % 2 ** (32 - prefix)), prefix }));
const anyBlock = blocksOf(0, 32);
const lastOf = ({ first, prefix }: Ipv4Block) => first + 2 ** (32 - prefix) - 1;

describe("parseIpv4Block", () => {
  it.each([
    ["10.0.0.0/16", { first: 167772160, prefix: 16 }],
    ["0.0.0.0/0", { first: 0, prefix: 0 }],
    ["255.255.255.255/32", { first: 4294967295, prefix: 32 }],
  ])("reads %s", (text, block) => {
    expect(parseIpv4Block(text)).toEqual(block);
  });

  it.each(["", "10.0.0.0", "10.0.0.0/33", "10.0.0.256/32", "10.0.0.1/16", "10.0.0/16", " 10.0.0.0/16", "::/0"])(
    "refuses %j",
    (text) => {
      expect(parseIpv4Block(text)).toBeUndefined();
    },
  );

  it("reads back every block that is written", () => {
    fc.assert(
      fc.property(anyBlock, (block) => {
        expect(parseIpv4Block(formatIpv4Block(block))).toEqual(block);
      }),
    );
  });

  it("gives any other text a plain answer", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const block = parseIpv4Block(text);
        expect(block === undefined || block.first <= 4294967295).toBe(true);
      }),
    );
  });
});

describe("blocksOverlap, blockContains", () => {
  it("agree with the addresses at both ends", () => {
    fc.assert(
      fc.property(anyBlock, anyBlock, (one, other) => {
        expect(blocksOverlap(one, other)).toBe(one.first <= lastOf(other) && other.first <= lastOf(one));
        expect(blockContains(one, other)).toBe(one.first <= other.first && lastOf(one) >= lastOf(other));
      }),
    );
  });
});

describe("planSubnets", () => {
  const vpcs = blocksOf(16, 20);
  const zoneCounts = fc.integer({ min: 2, max: MAX_ZONES });

  it.each([
    [2, ["10.0.0.0/18", "10.0.64.0/18"], ["10.0.192.0/24", "10.0.193.0/24"]],
    [3, ["10.0.0.0/18", "10.0.64.0/18", "10.0.128.0/18"], ["10.0.192.0/24", "10.0.193.0/24", "10.0.194.0/24"]],
  ])("divides 10.0.0.0/16 among %i zones", (zones, privateBlocks, publicBlocks) => {
    expect(planSubnets(parseIpv4Block("10.0.0.0/16")!, zones)).toEqual({ privateBlocks, publicBlocks });
  });

  it("gives each zone a private and a public block, all apart from each other and inside the VPC", () => {
    fc.assert(
      fc.property(vpcs, zoneCounts, (vpc, zones) => {
        const { privateBlocks, publicBlocks } = planSubnets(vpc, zones);
        expect([privateBlocks.length, publicBlocks.length]).toEqual([zones, zones]);
        const all = [...privateBlocks, ...publicBlocks].map((text) => parseIpv4Block(text)!);
        expect(all.every((block) => blockContains(vpc, block))).toBe(true);
        const pairs = all.flatMap((one, index) => all.slice(index + 1).map((other) => [one, other] as const));
        expect(pairs.some(([one, other]) => blocksOverlap(one, other))).toBe(false);
      }),
    );
  });

  it("leaves nodes and pods at least half of the VPC where zones fill it, and load balancers their 27 bits", () => {
    fc.assert(
      fc.property(vpcs, zoneCounts, (vpc, zones) => {
        const { privateBlocks, publicBlocks } = planSubnets(vpc, zones);
        const [node, balancer] = [privateBlocks, publicBlocks].map((blocks) => parseIpv4Block(blocks[0]!)!.prefix);
        expect(zones * 2 ** (vpc.prefix - node!)).toBeGreaterThanOrEqual(0.5);
        expect(balancer).toBeLessThanOrEqual(27);
      }),
    );
  });
});
