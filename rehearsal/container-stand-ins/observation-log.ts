import { connect, constants } from "node:http2";
import type { Socket } from "node:net";

/** A value of a trial that is reported. */
export interface Observation {
  metric: string;
  value: number;
}

/** Milliseconds that the DB manager may take. */
const TIMEOUT = 5000;

/** @see https://github.com/kubeflow/katib/blob/v0.19.0/pkg/apis/manager/v1beta1/api.proto */
const METHOD = "/api.v1.beta1.DBManager/ReportObservationLog";

/**
 * Reports what a trial has measured to Katib's DB manager, as its metrics collectors do.
 *
 * @throws Error where nobody takes it.
 * @see https://github.com/grpc/grpc/blob/v1.72.0/doc/PROTOCOL-HTTP2.md
 */
export async function reportObservations(
  socket: Socket,
  trial: string,
  observations: readonly Observation[],
): Promise<void> {
  const session = connect("http://katib-db-manager", { createConnection: () => socket });
  try {
    await new Promise<void>((resolve, reject) => {
      session.once("error", reject);
      const request = session.request({
        [constants.HTTP2_HEADER_METHOD]: "POST",
        [constants.HTTP2_HEADER_PATH]: METHOD,
        "content-type": "application/grpc",
        te: "trailers",
      });
      request.setTimeout(TIMEOUT, () => {
        reject(new Error("the DB manager does not answer"));
      });
      let status: string | undefined;
      const read = (headers: Record<string, string | string[] | undefined>) => {
        status ??= headers["grpc-status"] as string | undefined;
      };
      request.on("response", read).on("trailers", read).on("error", reject);
      request.on("end", () => {
        if (status === "0") resolve();
        else reject(new Error(`the DB manager refuses: status ${status ?? "unknown"} of gRPC`));
      });
      request.on("close", () => {
        reject(new Error("the DB manager hangs up"));
      });
      request.resume();
      request.end(framed(messageOf(trial, observations, new Date())));
    });
  } finally {
    session.destroy();
  }
}

/** A `ReportObservationLogRequest`. */
function messageOf(trial: string, observations: readonly Observation[], at: Date): Buffer {
  const logs = observations.map(({ metric, value }) => {
    const measured = Buffer.concat([field(1, metric), field(2, String(value))]);
    return field(1, Buffer.concat([field(1, at.toISOString()), field(2, measured)]));
  });
  return Buffer.concat([field(1, trial), field(2, Buffer.concat(logs))]);
}

/** A field of a message of Protocol Buffers that has a length: a text, or another message. */
function field(number: number, content: string | Buffer): Buffer {
  const bytes = Buffer.from(content as string);
  const length: number[] = [];
  let rest = bytes.length;
  for (; rest > 0x7f; rest >>= 7) length.push((rest & 0x7f) | 0x80);
  const LENGTH_DELIMITED = 2;
  return Buffer.concat([Buffer.from([(number << 3) | LENGTH_DELIMITED, ...length, rest]), bytes]);
}

/** A message as gRPC sends it: not compressed, with its length. */
function framed(message: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}
