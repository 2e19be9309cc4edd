import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { KubeConfig } from "@kubernetes/client-node";
import { afterEach, expect, test } from "vitest";
import { Director } from "../../../rehearsal/scenarios/director";
import type { Seen } from "../../../rehearsal/timeline/observation";

let server: Server | undefined;
afterEach(() => server?.close());

const podType = { name: "pods", kind: "Pod", namespaced: true, verbs: ["create"] };
const arrival = {
  workload: "train",
  name: "train",
  at: 0,
  objects: [
    {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "train", namespace: "default" },
      spec: { containers: [{ name: "main", image: "registry.test/train:1" }] },
    },
  ],
};

/** What becomes of the arrival of a pod at an API server that answers the first and further requests for it so. */
async function refusalOf(...answers: ((response: ServerResponse) => void)[]): Promise<string | undefined> {
  const answer = ({ method, url = "" }: IncomingMessage, response: ServerResponse) => {
    response.setHeader("content-type", "application/json");
    if (method === "POST") answers.shift()?.(response);
    else response.end(JSON.stringify(url === "/api/v1" ? { kind: "APIResourceList", resources: [podType] } : {}));
  };
  server = createServer(answer).listen(0, "127.0.0.1");
  await new Promise((resolve) => server!.once("listening", resolve));
  const config = new KubeConfig();
  config.loadFromClusterAndUser(
    { name: "c", server: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, skipTLSVerify: true },
    { name: "u" },
  );
  const told: Seen[] = [];
  const director = new Director(config, {}, (seen) => told.push(seen));
  await director.play([arrival], [], 1, new AbortController().signal);
  expect(told).toMatchObject([{ of: "arrival", name: "train" }]);
  return (told[0] as { refused?: string }).refused;
}

const dies = (response: ServerResponse) => response.destroy();
const exists = (response: ServerResponse) => {
  response.statusCode = 409;
  response.end(JSON.stringify({ kind: "Status", message: 'pods "train" already exists' }));
};

test("what was created before the API server died without an answer has arrived", async () => {
  expect(await refusalOf(dies, exists)).toBeUndefined();
});

test("what was there before is refused, in the words of the API server", async () => {
  expect(await refusalOf(exists)).toBe('pods "train" already exists');
});
