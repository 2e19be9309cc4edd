/** Comparing more lines with each other than this takes too long. */
const MOST_CELLS = 9_000_000;

/** Makes lines comparable. */
type KeyOf = (line: string) => string;

/**
 * Makes in a text the changes that lead from one rendering of it to another one, so that every other line stays as
 * somebody wrote it.
 *
 * @param original the text as it is written.
 * @param before its rendering, which differs from it in layout only.
 * @param after the rendering after the changes.
 * @returns undefined where no place in the text can be found for a change.
 */
export function mergedLines(original: string, before: string, after: string): string | undefined {
  const [written, rendered, changed] = [original, before, after].map((text) => text.split("\n"));
  if (written === undefined || rendered === undefined || changed === undefined) return undefined;
  const places = matchesOf(rendered, written, (line) => line.replaceAll(/\s/g, ""));
  const kept = matchesOf(rendered, changed, (line) => line);
  if (places === undefined || kept === undefined) return undefined;
  const result: string[] = [];
  let [at, from, to] = [0, 0, 0];
  /** Takes over what was rendered anew before two lines that are the same. */
  const closeGap = (renderedEnd: number, changedEnd: number): boolean => {
    if (from === renderedEnd && to === changedEnd) return true;
    const previous = from === 0 ? 0 : placeAfter(from - 1, places);
    const isInsertion = from === renderedEnd;
    const begin = previous ?? (isInsertion ? places.get(from) : undefined);
    const end = isInsertion ? begin : placeAfter(renderedEnd - 1, places);
    if (begin === undefined || end === undefined || begin < at || end < begin) return false;
    result.push(...written.slice(at, begin), ...changed.slice(to, changedEnd));
    at = end;
    return true;
  };
  for (const [index, other] of [...kept].toSorted(([a], [b]) => a - b)) {
    if (!closeGap(index, other)) return undefined;
    [from, to] = [index + 1, other + 1];
  }
  if (!closeGap(rendered.length, changed.length)) return undefined;
  return [...result, ...written.slice(at)].join("\n");
}

/** The place behind a line, where it is known. */
function placeAfter(line: number, places: Map<number, number>): number | undefined {
  const place = places.get(line);
  return place === undefined ? undefined : place + 1;
}

/** Which lines of one text are which lines of another one: the longest common row of them. */
function matchesOf(one: string[], other: string[], keyOf: KeyOf): Map<number, number> | undefined {
  const [a, b] = [one.map(keyOf), other.map(keyOf)];
  const matches = new Map<number, number>();
  let start = 0;
  for (; start < a.length && start < b.length && a[start] === b[start]; start++) matches.set(start, start);
  let end = 0;
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) {
    end += 1;
    matches.set(a.length - end, b.length - end);
  }
  const [rows, columns] = [a.length - start - end, b.length - start - end];
  if (rows * columns > MOST_CELLS) return undefined;
  const width = columns + 1;
  const lengths = new Uint32Array((rows + 1) * width);
  const lengthAt = (row: number, column: number) => lengths[row * width + column] ?? 0;
  const isSame = (row: number, column: number) => a[start + row] === b[start + column];
  for (let row = rows - 1; row >= 0; row--) {
    for (let column = columns - 1; column >= 0; column--) {
      lengths[row * width + column] = isSame(row, column)
        ? lengthAt(row + 1, column + 1) + 1
        : Math.max(lengthAt(row + 1, column), lengthAt(row, column + 1));
    }
  }
  for (let [row, column] = [0, 0]; row < rows && column < columns;) {
    if (isSame(row, column)) matches.set(start + row++, start + column++);
    else if (lengthAt(row + 1, column) >= lengthAt(row, column + 1)) row += 1;
    else column += 1;
  }
  return matches;
}
