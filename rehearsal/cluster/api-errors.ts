import { ApiException } from "@kubernetes/client-node";

/** Turns one expected API error into undefined. */
export function unlessCode(code: number): (error: unknown) => undefined {
  return (error) => {
    if (error instanceof ApiException && error.code === code) return undefined;
    throw error;
  };
}
