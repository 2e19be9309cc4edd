import { ApiException } from "@kubernetes/client-node";

/** Whether the API server answered a request with a code. */
export function hasCode(error: unknown, code: number): boolean {
  return error instanceof ApiException && error.code === code;
}

/** Turns one expected API error into undefined. */
export function unlessCode(code: number): (error: unknown) => undefined {
  return (error) => {
    if (hasCode(error, code)) return undefined;
    throw error;
  };
}

/** What the API server says about a request that it did not grant; the error itself where it comes from elsewhere. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof ApiException)) return error instanceof Error ? error.message : String(error);
  const body: unknown = error.body;
  const status = typeof body === "string" ? parsed(body) : body;
  const message = (status as { message?: unknown } | undefined)?.message;
  return typeof message === "string" ? message : error.message;
}

/** What is said of connections that ended, those that were kept among them. */
const PASSING = /ECONNREFUSED|ECONNRESET|socket hang up|EPIPE|Premature close|SocketError|other side closed|GOAWAY/;

/** Whether asking again may help: the API server is away, or too busy. */
export function isPassing(error: unknown): boolean {
  if (error instanceof ApiException) return error.code === 429 || error.code >= 500;
  return error instanceof Error && PASSING.test(`${error.message} ${String(error.cause)}`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
