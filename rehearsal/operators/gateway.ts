import { connect, type Server, type Socket, createServer } from "node:net";
import { join } from "node:path";

/** Longest first line of a connection from inside: an address and a port, or a name of the DNS. */
const FIRST_LINE = 256;

/** What a first line that asks for a name starts with. */
const NAME_MARK = "?";

/** Leads where a pod wants to go. */
export interface Guide {
  /** What connects to an address as `10.0.0.1:443`; undefined where nobody answers there. */
  connect: (address: string) => Socket | undefined;
  /** Address of a Service by its name, and its ports; undefined where there is none. */
  lookUp?: (name: string) => { address: string; ports: number[] } | undefined;
}

/** Connects to a port of a pod, of which the gateway is a folder; nothing else leads into it. */
export function connectInto(gateway: string, port: number): Socket {
  const socket = connect(join(gateway, "in"));
  socket.write(`${port}\n`);
  return socket;
}

/** Takes the connections that a pod makes, and its questions for names. */
export function serveOutgoing(gateway: string, guide: Guide): Server {
  const server = createServer((client) => {
    client.on("error", () => client.destroy());
    readFirstLine(client, (line, rest) => {
      if (line.startsWith(NAME_MARK)) {
        const found = guide.lookUp?.(line.slice(NAME_MARK.length));
        client.end(`${found === undefined ? "" : [found.address, ...found.ports].join(" ")}\n`);
        return;
      }
      const target = guide.connect(line);
      if (target === undefined) {
        client.destroy();
        return;
      }
      if (rest.length > 0) target.write(rest);
      joinSockets(client, target);
    });
  });
  return server.listen(join(gateway, "out"));
}

/** Passes on what either side sends, and ends each with the other. */
export function joinSockets(a: Socket, b: Socket): void {
  for (const [from, to] of [
    [a, b],
    [b, a],
  ] as const) {
    from.on("error", () => to.destroy());
    from.on("close", () => to.destroy());
    from.pipe(to);
  }
}

function readFirstLine(client: Socket, done: (line: string, rest: Buffer) => void): void {
  let read = Buffer.alloc(0);
  const take = (chunk: Buffer) => {
    read = Buffer.concat([read, chunk]);
    const end = read.indexOf("\n");
    if (end === -1 && read.length <= FIRST_LINE) return;
    client.off("data", take);
    client.pause();
    if (end === -1) client.destroy();
    else done(read.subarray(0, end).toString(), read.subarray(end + 1));
  };
  client.on("data", take);
}
