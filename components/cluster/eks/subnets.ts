/** A block of IPv4 addresses. */
export interface Ipv4Block {
  /** First address, as a number from 0 to 2^32 - 1. */
  first: number;
  /** Bits that all addresses of the block share, from 0 to 32. */
  prefix: number;
}

/** Blocks of the subnets of a VPC, one of each kind per zone, in the order of the zones. */
export interface SubnetPlan {
  /** Large blocks for nodes and pods. */
  privateBlocks: string[];
  /** Small blocks for NAT gateways and public load balancers. */
  publicBlocks: string[];
}

/** Most zones that a plan is made for: as many as the largest region has. */
export const MAX_ZONES = 6;

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
 * Divides a VPC among its zones: into equal parts, of which each zone gets one for nodes and pods, and which leave at
 * least one, whose beginning becomes the public subnets.
 *
 * The parts depend on the number of zones alone, so the same zones always get the same blocks.
 */
export function planSubnets(vpc: Ipv4Block, zones: number): SubnetPlan {
  const privatePrefix = vpc.prefix + bitsFor(zones + 1);
  const publicPrefix = Math.max(privatePrefix + bitsFor(zones), LARGEST_PUBLIC_PREFIX);
  const blocks = (first: number, prefix: number) =>
    Array.from({ length: zones }, (_, zone) => formatIpv4Block({ first: first + zone * sizeOf(prefix), prefix }));
  const lastPart = vpc.first + sizeOf(vpc.prefix) - sizeOf(privatePrefix);
  return { privateBlocks: blocks(vpc.first, privatePrefix), publicBlocks: blocks(lastPart, publicPrefix) };
}

function sizeOf(prefix: number): number {
  return 2 ** (32 - prefix);
}

/** Bits that tell so many things apart. */
function bitsFor(things: number): number {
  return Math.ceil(Math.log2(things));
}
