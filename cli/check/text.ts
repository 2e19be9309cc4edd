/** Text of a file. */
export interface DecodedText {
  /** Without a byte order mark. */
  text: string;
  hasMark: boolean;
}

const MARK = "\uFEFF";

/** Decodes UTF-8; returns why that is not possible where it is not. */
export function decoded(bytes: Uint8Array | string): DecodedText | { fault: string } {
  if (typeof bytes === "string") return withoutMark(bytes);
  const [first = 0, second = 0] = bytes;
  const isUtf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  if (isUtf16) return { fault: "it is UTF-16; save it as UTF-8" };
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.includes("\0") ? { fault: "it holds zero bytes, so it is UTF-16 or no text" } : withoutMark(text);
  } catch {
    return { fault: "it is no UTF-8; save it as UTF-8" };
  }
}

function withoutMark(text: string): DecodedText {
  return text.startsWith(MARK) ? { text: text.slice(1), hasMark: true } : { text, hasMark: false };
}

/** The text with a byte order mark where there was one. */
export function withMark({ hasMark }: Pick<DecodedText, "hasMark">, text: string): string {
  return hasMark ? `${MARK}${text}` : text;
}
