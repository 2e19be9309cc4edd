import { connect, type Server, type Socket } from "node:net";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { serveOutgoing } from "../operators/gateway";
import type { Router } from "../operators/router";
import type { RealNode } from "./real-nodes";

/** Milliseconds from one look at the programs that Services lead to, to the next. */
const LOOK_EVERY = 1000;

/** Leads in and out of the namespaces of real nodes. */
export class NodeGateways {
  private readonly servers: Server[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly nodes: readonly RealNode[]) {}

  /** Connects to an address as it is seen on the first node; undefined where there is none. */
  readonly connect = (address: string): Socket | undefined => {
    const [first] = this.nodes;
    return first && through(first, address);
  };

  /** Takes the connections that programs and pods of the nodes make to what is outside, and leads them on. */
  async start(router: Router): Promise<void> {
    for (const node of this.nodes) {
      await mkdir(node.folder, { recursive: true, mode: 0o700 });
      await rm(join(node.folder, "out"), { force: true });
      this.servers.push(serveOutgoing(node.folder, { connect: router.connectOutside }));
    }
    if (this.nodes.length > 0)
      this.timer = setInterval(() => {
        this.openOutlets(router);
      }, LOOK_EVERY);
  }

  /** Takes no more. */
  stop(): Promise<void> {
    clearInterval(this.timer);
    for (const server of this.servers) server.close();
    return Promise.resolve();
  }

  /** Has the nodes listen where kube-proxy sends what is for programs; those that do already change nothing. */
  private openOutlets(router: Router): void {
    for (const target of router.targets()) for (const node of this.nodes) through(node, `+${target}`);
  }
}

function through({ folder }: RealNode, line: string): Socket {
  const socket = connect(join(folder, "in"));
  // A node that is coming up, or has ended, is asked again.
  socket.on("error", () => socket.destroy());
  socket.write(`${line}\n`);
  return socket;
}
