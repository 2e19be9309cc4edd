import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import * as grpc from "@grpc/grpc-js";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { ConfigureRequest, InvokeRequest, type InvokeResponse } from "@pulumi/pulumi/proto/provider_pb";
import type { Properties } from "../values";

/**
 * Environment variable with the path of the real Kubernetes provider, by which the stand-in renders charts and manifests that
 * lie on this machine, and has an object that tells of any other; by default whatever is rendered is empty.
 */
export const RENDERER_VARIABLE = "MLSTACK_STAND_IN_RENDERER";

/** Renders by a function of the Kubernetes package. */
export type Renderer = (token: string, args: Properties) => Promise<Properties>;

/** A renderer by the real provider of that path, which is started at first use, ends with this process and needs no cluster. */
export function rendererOf(binary: () => Promise<string>): Renderer {
  let provider: Promise<ResourceProviderClient> | undefined;
  return async (token, args) => {
    const client = await (provider ??= binary().then(startProvider));
    const request = new InvokeRequest();
    request.setTok(token);
    request.setArgs(Struct.fromJavaScript(args as Record<string, string>));
    const response = await answered<InvokeResponse>((done) => client.invoke(request, done));
    return response.getReturn()!.toJavaScript();
  };
}

/** The renderer that the environment names; undefined where it names none. */
export function rendererOfEnvironment(): Renderer | undefined {
  const binary = process.env[RENDERER_VARIABLE];
  return binary ? rendererOf(() => Promise.resolve(binary)) : undefined;
}

/** Tells whether what is to be rendered lies on this machine, so that nobody need be asked for it. */
export function isOnThisMachine({ jsonOpts, directory }: Properties): boolean {
  const { path } = typeof jsonOpts === "string" ? (JSON.parse(jsonOpts) as { path?: unknown }) : { path: directory };
  return typeof path === "string" && existsSync(path);
}

type Answer<T> = (error: grpc.ServiceError | null, answer: T) => void;

function answered<T>(call: (done: Answer<T>) => unknown): Promise<T> {
  return new Promise((resolve, reject) => {
    call((error, answer) => {
      if (error) reject(error);
      else resolve(answer);
    });
  });
}

/**
 * Runs a program that ends when standard input does, and so with whoever started it, however that ends: a worker of the
 * test runner gets a signal, and then nothing of its own runs any more.
 */
const WHILE_WATCHED = `trap "" INT TERM HUP; "$0" "$@" </dev/null & cat >/dev/null; kill -9 $!`;

async function startProvider(binary: string): Promise<ResourceProviderClient> {
  // It would report to an engine; there is none, and it has nothing to report.
  const child = spawn("sh", ["-c", WHILE_WATCHED, binary, "127.0.0.1:1"], { stdio: ["pipe", "pipe", "ignore"] });
  const [port] = (await once(createInterface(child.stdout), "line")) as [string];
  const options = { "grpc.max_receive_message_length": 400 * 1024 * 1024 };
  const client = new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), options);
  const configuration = new ConfigureRequest();
  configuration.getVariablesMap().set("kubernetes:config:kubeconfig", "{}");
  await answered((done) => client.configure(configuration, done));
  child.unref();
  for (const stream of [child.stdin, child.stdout]) (stream as unknown as { unref: () => void }).unref();
  return client;
}
