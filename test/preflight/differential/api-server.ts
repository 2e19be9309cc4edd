import { Agent, request, type RequestOptions } from "node:https";
import { createInterface } from "node:readline";
import type { KubeConfig } from "@kubernetes/client-node";

/** An object in the spelling of its API. */
export interface ApiObject {
  metadata: { name: string; labels?: Record<string, string> };
  [property: string]: unknown;
}

/** What an API server sends of an object that changed. */
export interface WatchEvent {
  type: string;
  object: ApiObject;
}

/** Something that the API server refused. */
export class Refusal extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Plain requests over connections that stay open: thousands of small ones are several times as fast as through the typed
 * client, and the worlds are manifests anyway.
 */
export class ApiServer {
  private constructor(private readonly options: RequestOptions) {}

  /** Connects as the user of a kubeconfig. */
  static async connect(config: KubeConfig): Promise<ApiServer> {
    const options: RequestOptions = {};
    await config.applyToHTTPSOptions(options);
    const { hostname, port } = new URL(config.getCurrentCluster()!.server);
    const { ca, cert, key } = options as Record<"ca" | "cert" | "key", Buffer>;
    const agent = new Agent({ keepAlive: true, maxSockets: 8, ca, cert, key });
    return new ApiServer({ hostname, port, agent });
  }

  /** Ends the connections. */
  close(): void {
    (this.options.agent as Agent).destroy();
  }

  /** @throws Refusal where the answer is no success. */
  async send(method: "GET" | "POST" | "PUT" | "DELETE", path: string, body?: object): Promise<ApiObject> {
    const text = body && JSON.stringify(body);
    const headers = text ? { "content-type": "application/json", "content-length": Buffer.byteLength(text) } : {};
    const { code, answer } = await new Promise<{ code: number; answer: string }>((resolve, reject) => {
      request({ ...this.options, method, path, headers }, (response) => {
        const chunks: Buffer[] = [];
        response
          .on("data", (chunk: Buffer) => chunks.push(chunk))
          .once("error", reject)
          .once("end", () => {
            resolve({ code: response.statusCode ?? 0, answer: Buffer.concat(chunks).toString() });
          });
      })
        .once("error", reject)
        .end(text);
    });
    const object = JSON.parse(answer) as ApiObject;
    if (code >= 300) throw new Refusal(code, String(object["message"]));
    return object;
  }

  /**
   * Tells every change from now on, and all objects at first. The server ends a watch after half an hour or more, or where its
   * events are not read quickly enough; it then begins anew.
   *
   * @returns what ends it, once the server has begun to tell.
   */
  async watch(path: string, tell: (event: WatchEvent) => void): Promise<() => void> {
    const agent = new Agent(agentOptions(this.options));
    let isEnded = false;
    const begin = (): Promise<void> =>
      new Promise((resolve, reject) => {
        request({ ...this.options, path: `${path}?watch=true`, agent }, (response) => {
          createInterface({ input: response })
            .on("error", () => undefined)
            .on("line", (line) => {
              tell(JSON.parse(line) as WatchEvent);
            });
          response
            .on("error", () => undefined)
            .once("close", () => {
              // Whoever waits for an event gives up in time where this fails.
              if (!isEnded) begin().catch(() => undefined);
            });
          resolve();
        })
          .on("error", reject)
          .end();
      });
    await begin();
    return () => {
      isEnded = true;
      agent.destroy();
    };
  }
}

function agentOptions({ agent }: RequestOptions): object {
  const { ca, cert, key } = (agent as Agent).options;
  return { ca, cert, key };
}
