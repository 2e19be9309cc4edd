/** A version without the `v` that some publishers write before it, so that both spellings name the same release. */
export function bareVersion(version: string): string {
  return version.replace(/^v/, "");
}
