/** Tells whether a name fits a pattern in which `*` stands for any text. */
export function fits(pattern: string, name: string): boolean {
  const [start = "", ...rest] = pattern.split("*");
  if (rest.length === 0) return name === pattern;
  const end = rest.pop() ?? "";
  if (!name.startsWith(start) || !name.endsWith(end)) return false;
  let from = start.length;
  // By hand and not by a regular expression, which a pattern of many stars would keep busy for ever.
  for (const part of rest) {
    const found = name.indexOf(part, from);
    if (found === -1) return false;
    from = found + part.length;
  }
  return from <= name.length - end.length;
}
