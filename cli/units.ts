/** Writes a number of bytes in GiB. */
export function gib(bytes: number, digits = 1): string {
  return `${(bytes / 2 ** 30).toFixed(digits)} GiB`;
}
