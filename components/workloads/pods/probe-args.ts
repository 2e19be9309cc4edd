/**
 * How a pod is asked whether it is well: by one of `path`, `command` and `grpc`, and by a mere connection where none is
 * given.
 */
export interface ProbeArgs {
  /** Path that answers a request over HTTP with a status below 400, for example `/healthz`. */
  path?: string;
  /** Program inside the container that ends with 0. */
  command?: string[];
  /** Whether the health service of gRPC is asked; false by default. */
  grpc?: boolean;
  /** Name of the port; the first one by default. */
  port?: string;
  /** Seconds between two questions, from 1; 10 by default, and 5 at the start. */
  periodSeconds?: number;
  /** Seconds after which no answer is a bad one, from 1; 3 by default. */
  timeoutSeconds?: number;
  /** Bad answers in a row that count, from 1; 3 by default, and 60 at the start, which are five minutes. */
  failureThreshold?: number;
}
