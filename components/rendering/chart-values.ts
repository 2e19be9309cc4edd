/** Values of a Helm chart. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- what a chart takes is known to the chart alone
export type ChartValues = Record<string, any>;

/**
 * Lays values over others, deep into maps; lists and single values are replaced.
 *
 * @param own what a component sets.
 * @param over what a program sets instead or beside it.
 */
export function withValues(own: ChartValues, over: ChartValues = {}): ChartValues {
  const merged = Object.entries(over).map(([key, value]) => {
    const before: unknown = own[key];
    return [key, isMap(before) && isMap(value) ? withValues(before, value) : (value as unknown)] as const;
  });
  return { ...own, ...Object.fromEntries(merged) };
}

/** Outputs and promises are objects too, but no maps. */
function isMap(value: unknown): value is ChartValues {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
