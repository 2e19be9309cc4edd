import { createServer, type Server } from "node:http";
import type { Socket } from "node:net";
import { joinSockets } from "./gateway";

/**
 * Takes what the API server sends to Services: webhooks, and the APIs that others serve. It asks by `CONNECT` over a Unix
 * socket, so no address of the service network has to be there on this machine.
 *
 * @see https://kubernetes.io/docs/tasks/extend-kubernetes/setup-konnectivity/ (v1.36), "egress selector"
 */
export function serveEgress(socket: string, lead: (address: string) => Socket | undefined): Server {
  const server = createServer((_, response) => response.writeHead(405).end());
  server.on("connect", ({ url = "" }, client: Socket, head) => {
    const target = lead(url);
    if (target === undefined) {
      client.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
      return;
    }
    client.on("error", () => target.destroy());
    target.once("error", () => client.end("HTTP/1.1 502 Bad Gateway\r\n\r\n"));
    target.once("connect", () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      if (head.length > 0) target.write(head);
      joinSockets(client, target);
    });
  });
  return server.listen(socket);
}

/** What the API server is told of the proxy. */
export function egressConfiguration(socket: string): object {
  return {
    apiVersion: "apiserver.k8s.io/v1beta1",
    kind: "EgressSelectorConfiguration",
    egressSelections: [
      {
        name: "cluster",
        connection: { proxyProtocol: "HTTPConnect", transport: { uds: { udsName: socket } } },
      },
    ],
  };
}
