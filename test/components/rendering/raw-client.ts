import { request, type RequestOptions } from "node:https";
import type { KubeConfig } from "@kubernetes/client-node";

/** What an API server answered. */
export interface RawAnswer {
  status: number;
  body: { message?: string };
}

/**
 * Sends an object to an API server as it is: the client library leaves out fields of types that it knows by other names,
 * defaults and enumerations among them.
 */
export async function send(config: KubeConfig, method: string, path: string, object: object): Promise<RawAnswer> {
  const contentType = method === "PATCH" ? "application/apply-patch+yaml" : "application/json";
  const options: RequestOptions = { method, headers: { "content-type": contentType } };
  await config.applyToHTTPSOptions(options);
  return new Promise((resolve, reject) => {
    const sent = request(`${config.getCurrentCluster()!.server}${path}`, options, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => (text += chunk.toString()));
      response.on("end", () => {
        resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) as RawAnswer["body"] });
      });
    });
    sent.on("error", reject).end(JSON.stringify(object));
  });
}
