/** Values of a Secret as programs read them. */
export function decodedSecret({ data }: Record<string, unknown>): Record<string, string> {
  const entries = Object.entries(data as Record<string, string>);
  return Object.fromEntries(entries.map(([key, value]) => [key, Buffer.from(value, "base64").toString("utf8")]));
}
