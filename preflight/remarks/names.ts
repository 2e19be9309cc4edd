import { joined } from "../placement/pool-words";

/** Names in a sentence, three at most: `a, b, c and 4 more`. */
export function someOf(names: readonly string[]): string {
  return joined(names.length > MOST + 1 ? [...names.slice(0, MOST), `${names.length - MOST} more`] : names);
}

const MOST = 3;
