import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { once } from "node:events";

/** What the register answers: its status, and an answer or an error in the shape of its protocol. */
export interface Answer {
  status: number;
  body: object;
}

/** AWS's register of tags, on loopback: gives one answer to every question. */
export class AwsRegister {
  private constructor(
    private readonly server: Server,
    readonly endpoint: string,
  ) {}

  /** Starts it; without an answer it knows of no resource. */
  static async start(answer: Answer = { status: 200, body: { ResourceTagMappingList: [] } }): Promise<AwsRegister> {
    const server = createServer((request, response) => {
      request.resume().on("end", () => {
        response.writeHead(answer.status, { "content-type": "application/x-amz-json-1.1" });
        response.end(JSON.stringify(answer.body));
      });
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    return new AwsRegister(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }
}
