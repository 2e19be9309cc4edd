/** Tells whether a dotted version such as `3.259.0` is the wanted one or newer; suffixes after a hyphen are ignored. */
export function atLeast(version: string, wanted: string): boolean {
  const [found, least] = [numbers(version), numbers(wanted)];
  for (let index = 0; index < least.length; index++) {
    const difference = (found[index] ?? 0) - (least[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

function numbers(version: string): number[] {
  return (version.replace(/^v/, "").split("-")[0] ?? "").split(".").map(Number);
}
