import { Agent, request } from "node:https";
import { text } from "node:stream/consumers";
import { issueCertificate } from "../../rehearsal/cluster/certificate";
import { eventually } from "./cluster";
import { type ForwardedPort, forwardPort } from "./forwarded-port";
import type { RehearsedStack } from "./rehearsed-stack";

/** The gateway of an environment that says nothing of its names, and the Secret that the environment `real` has it answer with. */
const GATEWAY = { namespace: "istio-ingress", secret: "gateway-tls", labelSelector: "app=istio-ingress", port: 443 };

/**
 * Milliseconds for an answer while the certificate may not be there: the gateway then ends connections at once, of which whoever
 * has come through the API server learns nothing.
 */
const FIRST_PATIENCE = 3000;

/** A request that the gateway is sent. */
export interface GatewayRequest {
  path: string;
  /** Document that is sent, by `POST`. */
  body: string;
  headers?: Record<string, string>;
  /** Milliseconds until it is given up; 30 seconds by default. */
  patience?: number;
}

/** What came back. */
export interface GatewayAnswer {
  status: number;
  body: string;
}

/** Istio's gateway of a stack, asked over TLS with a certificate of an authority of the test's own, for one host. */
export class MeshGateway {
  private constructor(
    private readonly host: string,
    private readonly forwarded: ForwardedPort,
    private readonly agent: Agent,
  ) {}

  /** Gives the gateway a certificate for a host, and waits until it answers with that. */
  static async of(stack: RehearsedStack, host: string): Promise<MeshGateway> {
    const authority = await issueCertificate({ name: "CN=authority-of-a-test", isAuthority: true });
    const pair = await issueCertificate({ name: `CN=${host}`, hosts: [host] }, authority);
    const { namespace, secret: name } = GATEWAY;
    const stringData = { "tls.crt": pair.certificate, "tls.key": pair.key };
    const body = { metadata: { name }, type: "kubernetes.io/tls", stringData };
    await stack.core.deleteNamespacedSecret({ namespace, name }).catch(() => undefined);
    await stack.core.createNamespacedSecret({ namespace, body });
    const agent = new Agent({ ca: authority.certificate, servername: host, keepAlive: true, maxSockets: 4 });
    const gateway = new MeshGateway(host, await forwardPort(stack.config, GATEWAY), agent);
    await eventually(
      "the gateway shows the certificate",
      () =>
        gateway
          .ask({ path: "/", body: "", patience: FIRST_PATIENCE })
          .then(({ status }) => status > 0)
          .catch(() => false),
      60_000,
    );
    return gateway;
  }

  /** Sends a request. @throws Error where there is no answer, or one by a server with another certificate. */
  async ask({ path, body, headers = {}, patience = 30_000 }: GatewayRequest): Promise<GatewayAnswer> {
    return new Promise((resolve, reject) => {
      const sent = request(
        new URL(path, this.forwarded.url.replace("http:", "https:")),
        {
          agent: this.agent,
          method: "POST",
          headers: { host: this.host, "content-type": "application/json", ...headers },
          timeout: patience,
        },
        (response) => {
          text(response).then((answer) => {
            resolve({ status: response.statusCode ?? 0, body: answer });
          }, reject);
        },
      );
      sent.on("timeout", () => sent.destroy(new Error(`no answer within ${patience / 1000} s`)));
      sent.on("error", reject);
      sent.end(body);
    });
  }

  /** Asks it no more. */
  close(): void {
    this.agent.destroy();
    this.forwarded.close();
  }
}
