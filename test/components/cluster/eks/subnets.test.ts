import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  blockContains,
  blocksOverlap,
  formatIpv4Block,
  type Ipv4Block,
  parseIpv4Block,
  ZONE_LETTERS,
  zoneBlocks,
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

describe("zoneBlocks", () => {
  const vpcs = blocksOf(16, 20);
  const zones = ZONE_LETTERS.map((letter) => `us-east-1${letter}`);
  const blocksIn = (vpc: Ipv4Block) =>
    zones.map((zone) => {
      const { privateBlock, publicBlock } = zoneBlocks(vpc, zone);
      return { nodes: parseIpv4Block(privateBlock)!, balancers: parseIpv4Block(publicBlock)! };
    });

  it.each([
    ["10.0.0.0/16", "us-east-1a", "10.0.0.0/19", "10.0.224.0/24"],
    ["10.0.0.0/16", "us-east-1b", "10.0.32.0/19", "10.0.228.0/24"],
    ["10.0.0.0/16", "eu-west-1b", "10.0.32.0/19", "10.0.228.0/24"],
    ["10.0.0.0/16", "us-east-1f", "10.0.160.0/19", "10.0.244.0/24"],
    ["172.16.16.0/20", "us-east-1c", "172.16.20.0/23", "172.16.30.128/26"],
  ])("of %s give %s the addresses %s and %s", (vpc, zone, privateBlock, publicBlock) => {
    expect(zoneBlocks(parseIpv4Block(vpc)!, zone)).toEqual({ privateBlock, publicBlock });
  });

  it("are all apart from each other and inside the VPC, so that any zone can come beside any others", () => {
    fc.assert(
      fc.property(vpcs, (vpc) => {
        const all = blocksIn(vpc).flatMap(({ nodes, balancers }) => [nodes, balancers]);
        expect(all.every((block) => blockContains(vpc, block))).toBe(true);
        const pairs = all.flatMap((one, index) => all.slice(index + 1).map((other) => [one, other] as const));
        expect(pairs.some(([one, other]) => blocksOverlap(one, other))).toBe(false);
      }),
    );
  });

  it("leave nodes and pods of a zone an eighth of the VPC, and load balancers their 27 bits", () => {
    fc.assert(
      fc.property(vpcs, (vpc) => {
        for (const { nodes, balancers } of blocksIn(vpc)) {
          expect(nodes.prefix).toBe(vpc.prefix + 3);
          expect(balancers.prefix).toBeGreaterThanOrEqual(24);
          expect(balancers.prefix).toBeLessThanOrEqual(27);
        }
      }),
    );
  });
});
