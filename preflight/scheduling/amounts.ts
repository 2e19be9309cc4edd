/**
 * Amounts of resources by name, in the units in which the scheduler counts: millicores of `cpu`, bytes of memory, disk and
 * huge pages, whole units of everything else, `pods` among them.
 */
export type Amounts = ReadonlyMap<string, number>;
