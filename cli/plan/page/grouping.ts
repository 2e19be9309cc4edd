/** Things by what they have in common, in the order in which each is met first. */
export function groupedBy<Item, Key>(items: readonly Item[], inCommon: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const key = inCommon(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
