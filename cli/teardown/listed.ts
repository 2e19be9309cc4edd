/** How many objects a message names. */
const NAMED = 3;

/** The first few of some names, with the number of the others. */
export function listed(names: string[]): string {
  const more = names.length - NAMED;
  return `${names.slice(0, NAMED).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

/** Things that have something in common, group by group; each group has at least one. */
export function grouped<Item>(items: Item[], inCommon: (item: Item) => string[]): [Item, ...Item[]][] {
  const groups = new Map<string, [Item, ...Item[]]>();
  for (const item of items) {
    const key = inCommon(item).join("\n");
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return [...groups.values()];
}
