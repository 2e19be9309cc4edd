/** Words of PromQL that are no metrics, where no parenthesis follows. */
const keywords = ["and", "or", "unless", "bool", "by", "without", "on", "ignoring", "group_left", "group_right"];

/** Metrics that a query names. */
export function metricsOf(query: string): string[] {
  const bare = query
    .replace(/"[^"]*"/g, "")
    .replace(/\{[^}]*\}/g, "")
    .replace(/\[[^\]]*\]/g, "")
    .replace(/\boffset\s+\w+/g, "")
    .replace(/\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, "");
  const names = [...bare.matchAll(/[a-zA-Z_:][\w:]*(?!\w*\s*\()/g)].map(([name]) => name);
  return [...new Set(names)].filter((name) => !keywords.includes(name));
}

/** Whether what opens in a query is closed again, in order. */
export function isBalanced(query: string): boolean {
  const open: string[] = [];
  for (const sign of query.replace(/"[^"]*"/g, "")) {
    if ("([{".includes(sign)) open.push(sign);
    if (")]}".includes(sign) && open.pop() !== "([{"[")]}".indexOf(sign)]) return false;
  }
  return open.length === 0;
}
