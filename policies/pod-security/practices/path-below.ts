/** How a path goes on with a key, in brackets where that is more than a plain name. */
export function pathBelow(path: string, key: string): string {
  if (!/^[\w-]+$/.test(key)) return `${path}["${key}"]`;
  return path === "" ? key : `${path}.${key}`;
}
