/** A block of IPv4 addresses. */
export interface Ipv4Block {
  /** First address, as a number from 0 to 2^32 - 1. */
  first: number;
  /** Bits that all addresses of the block share, from 0 to 32. */
  prefix: number;
}

/** Blocks of the subnets in one zone of a VPC. */
export interface ZoneBlocks {
  /** Large block for nodes and pods. */
  privateBlock: string;
  /** Small block for NAT gateways and public load balancers. */
  publicBlock: string;
}

/** Letters that the names of zones end with, in all regions together; the place of a zone's letter decides its blocks. */
export const ZONE_LETTERS = ["a", "b", "c", "d", "e", "f"];

/** Parts that a VPC has: one for each letter, one to spare, and one that the public subnets share. */
const PARTS = 8;

/** Public subnets are no larger than this: 251 addresses are plenty for gateways and load balancers. */
const LARGEST_PUBLIC_PREFIX = 24;

/** Reads a block such as `10.0.0.0/16`; undefined where it is none, or where its address is not the block's first. */
export function parseIpv4Block(text: string): Ipv4Block | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text)?.slice(1).map(Number) ?? [];
  const [a = 256, b = 256, c = 256, d = 256, prefix = 33] = parts;
  if (Math.max(a, b, c, d) > 255 || prefix > 32) return undefined;
  const first = ((a * 256 + b) * 256 + c) * 256 + d;
  return first % sizeOf(prefix) === 0 ? { first, prefix } : undefined;
}

/** Writes a block the way AWS spells it. */
export function formatIpv4Block({ first, prefix }: Ipv4Block): string {
  const bytes = [24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256);
  return `${bytes.join(".")}/${prefix}`;
}

/** Tells whether two blocks have an address in common. */
export function blocksOverlap(one: Ipv4Block, other: Ipv4Block): boolean {
  return one.first < other.first + sizeOf(other.prefix) && other.first < one.first + sizeOf(one.prefix);
}

/** Tells whether every address of a block is in another. */
export function blockContains(outer: Ipv4Block, inner: Ipv4Block): boolean {
  return inner.prefix >= outer.prefix && blocksOverlap(outer, inner);
}

/**
 * The blocks of a zone, for example `us-east-1a`: an eighth of the VPC for nodes and pods, and an eighth of its last eighth
 * for the public subnet, or the beginning of that.
 *
 * They depend on the zone alone, as AWS refuses a subnet in addresses of one that is still there: zones can come and go
 * without moving the others.
 */
export function zoneBlocks(vpc: Ipv4Block, zone: string): ZoneBlocks {
  const place = ZONE_LETTERS.indexOf(zone.slice(-1));
  const privatePrefix = vpc.prefix + Math.log2(PARTS);
  const publicPrefix = privatePrefix + Math.log2(PARTS);
  const lastPart = vpc.first + (PARTS - 1) * sizeOf(privatePrefix);
  const privateBlock = { first: vpc.first + place * sizeOf(privatePrefix), prefix: privatePrefix };
  const publicBlock = {
    first: lastPart + place * sizeOf(publicPrefix),
    prefix: Math.max(publicPrefix, LARGEST_PUBLIC_PREFIX),
  };
  return { privateBlock: formatIpv4Block(privateBlock), publicBlock: formatIpv4Block(publicBlock) };
}

function sizeOf(prefix: number): number {
  return 2 ** (32 - prefix);
}
