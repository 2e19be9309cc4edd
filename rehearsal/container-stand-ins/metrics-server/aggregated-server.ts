import { once } from "node:events";
import { readFile, rm } from "node:fs/promises";
import { createServer, type Server } from "node:https";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import { issueCertificate } from "../../cluster/certificate";
import type { ClusterLayout } from "../../cluster/layout";
import { PKI_FILES } from "../../cluster/pki";
import { type Answer, failure } from "./metrics-api";

/** User that the API server is to those whose APIs it serves. */
const API_SERVER = "front-proxy-client";

/**
 * Serves an aggregated API to the API server, and to nobody else: over TLS on a Unix socket, to whoever has the certificate of
 * the API server's front proxy. Who may ask for what the API server has judged before.
 *
 * @see https://kubernetes.io/docs/tasks/extend-kubernetes/configure-aggregation-layer/ (v1.36)
 */
export class AggregatedServer {
  private constructor(
    private readonly server: Server,
    private readonly socket: string,
    /** Certificate that it shows, as PEM. */
    readonly certificate: string,
  ) {}

  /** @param host name by which the API server asks for it. */
  static async start(
    { pki, metricsSocket: socket }: ClusterLayout,
    host: string,
    answer: (url: URL) => Promise<Answer>,
  ): Promise<AggregatedServer> {
    const { certificate, key } = await issueCertificate({ name: `CN=${host}`, hosts: [host] });
    const ca = await readFile(join(pki, PKI_FILES.frontProxyAuthority));
    const settings = { cert: certificate, key, ca, requestCert: true, rejectUnauthorized: true };
    const server = createServer(settings, (request, response) => {
      const reply = ({ code, body }: Answer) => {
        response.writeHead(code, { "content-type": "application/json" }).end(JSON.stringify(body));
      };
      const { subject } = (request.socket as TLSSocket).getPeerCertificate();
      if (subject.CN !== API_SERVER) reply(failure(403, "Forbidden", "only the API server is answered"));
      else if (request.method !== "GET") reply(failure(405, "MethodNotAllowed", "what is measured can only be read"));
      else if (!isPlain(request.url)) reply(failure(400, "BadRequest", "the path is not the one that was judged"));
      else void answer(urlOf(request.url)).then(reply);
    });
    // What a process left that was killed.
    await rm(socket, { force: true });
    await once(server.listen(socket), "listening");
    return new AggregatedServer(server, socket, certificate);
  }

  /** Connects to it. */
  readonly connect = (): Socket => connect(this.socket);

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

function urlOf(path = "/"): URL {
  return new URL(path, "https://localhost");
}

/** Whether a path is read as it stands: of one with `..` the API server has judged another. */
function isPlain(path = "/"): boolean {
  return urlOf(path).pathname === path.split("?")[0];
}
