/** A value of each option. */
export type Combination = Record<string, unknown>;

/** Numbers of the values of each option, in the order of the options. */
type Row = number[];

/**
 * Combinations of options in which each value meets each value of every other option at least once: far fewer than all
 * combinations, and yet enough for most mistakes, which take two options to show.
 *
 * @param options values of each option; the first one is its default.
 * @param isAllowed whether a combination may be; all may by default. A pair that is allowed neither with the defaults of all
 * other options, nor with one of them changed, is left out.
 */
export function pairwise(
  options: Record<string, unknown[]>,
  isAllowed: (combination: Combination) => boolean = () => true,
): Combination[] {
  const names = Object.keys(options);
  const counts = names.map((name) => options[name]!.length);
  const combination = (row: Row) => Object.fromEntries(names.map((name, index) => [name, options[name]![row[index]!]]));
  const open = new Set(allPairs(counts));
  const rows: Row[] = [];
  for (const pair of open) {
    const row = completed(pair, counts, open, (given) => isAllowed(combination(given)));
    open.delete(pair);
    if (row === undefined) continue;
    for (const met of pairsIn(row)) open.delete(met);
    rows.push(row);
  }
  return rows.map(combination);
}

/** A pair of values as text: option and value, option and value. A single option is its own partner. */
function pairOf(first: number, value: number, second: number, other: number): string {
  return [first, value, second, other].join(" ");
}

function allPairs(counts: number[]): string[] {
  const isAlone = counts.length === 1;
  return counts.flatMap((count, first) =>
    counts.flatMap((otherCount, second) => {
      if (second < first || (second === first && !isAlone)) return [];
      return [...Array(count).keys()].flatMap((value) => {
        if (isAlone) return [pairOf(first, value, first, value)];
        return [...Array(otherCount).keys()].map((other) => pairOf(first, value, second, other));
      });
    }),
  );
}

function pairsIn(row: Row): string[] {
  return row.flatMap((value, first) =>
    row.flatMap((other, second) => (second < first ? [] : [pairOf(first, value, second, other)])),
  );
}

/** A combination with a pair in it, and with as many open ones as can be had by taking one option after the other. */
function completed(pair: string, counts: number[], open: Set<string>, isAllowed: (row: Row) => boolean) {
  const [first, value, second, other] = pair.split(" ").map(Number) as [number, number, number, number];
  const seed = counts.map((_, index) => (index === first ? value : index === second ? other : 0));
  const free = [...counts.keys()].filter((index) => index !== first && index !== second);

  const eager = [...seed];
  const settled = new Set([first, second]);
  for (const index of free) {
    eager[index] = bestValues(index, counts[index]!, eager, settled, open)[0]!;
    settled.add(index);
  }
  if (isAllowed(eager)) return eager;

  const careful = [seed, ...neighbours(seed, free, counts)].find(isAllowed);
  if (careful === undefined) return undefined;
  const fixed = new Set([first, second]);
  for (const index of free) {
    const best = bestValues(index, counts[index]!, careful, fixed, open).find(
      (each) => each === careful[index] || isAllowed(careful.with(index, each)),
    );
    careful[index] = best!;
    fixed.add(index);
  }
  return careful;
}

/** Values of an option, those first that make the most open pairs with what is settled. */
function bestValues(index: number, count: number, row: Row, settled: Set<number>, open: Set<string>): number[] {
  const gain = (value: number) =>
    [...settled].filter((each) => {
      const [low, high] = each < index ? [each, index] : [index, each];
      const valueOf = (option: number) => (option === index ? value : row[option]!);
      return open.has(pairOf(low, valueOf(low), high, valueOf(high)));
    }).length;
  const gains = [...Array(count).keys()].map((value) => [value, gain(value)] as const);
  return gains.sort(([, a], [, b]) => b - a).map(([value]) => value);
}

function neighbours(seed: Row, free: number[], counts: number[]): Row[] {
  return free.flatMap((index) => [...Array(counts[index]).keys()].map((value) => seed.with(index, value)));
}
