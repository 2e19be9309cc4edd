import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import * as grpc from "@grpc/grpc-js";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { ConfigureRequest, InvokeRequest, type InvokeResponse } from "@pulumi/pulumi/proto/provider_pb";
import { type KubernetesObject, withCompactTypes } from "../../components/rendering";
import { adjustmentOf, type Rendering } from "../../components/rendering/rendered-objects";
import { type RenderCall, renderCall } from "../../components/rendering/source";
import { platformMirror } from "./platform-mirror";
import { toolPath } from "./toolchain";

let provider: Promise<ResourceProviderClient> | undefined;

/** Renders charts and manifests by the real Kubernetes provider, as `pulumi up` does; needs no cluster. */
export async function rendered({ token, args }: RenderCall): Promise<{ result: KubernetesObject[] }> {
  const client = await (provider ??= startProvider());
  const request = new InvokeRequest();
  request.setTok(token);
  request.setArgs(Struct.fromJavaScript(args as Record<string, string>));
  const response = await answered<InvokeResponse>((done) => client.invoke(request, done));
  return response.getReturn()!.toJavaScript() as unknown as { result: KubernetesObject[] };
}

const known = new Map<string, Promise<{ result: KubernetesObject[] }>>();

/** The same, where nothing changes charts and manifests: what was rendered alike before is not rendered anew. */
export function renderedOnce(call: RenderCall): Promise<{ result: KubernetesObject[] }> {
  const key = JSON.stringify(call);
  const answer = known.get(key) ?? rendered(call);
  known.set(key, answer);
  return answer;
}

/** All objects that a rendering registers, from the charts and manifests that can be had offline. */
export async function objectsOf(rendering: Rendering): Promise<KubernetesObject[]> {
  const facts = { ...rendering.facts, chartMirror: await platformMirror() };
  const answers = await Promise.all(rendering.sources.map((source) => renderedOnce(renderCall(source, facts))));
  return adjustmentOf(rendering)(withCompactTypes(answers.flatMap(({ result }) => result)));
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

/** The real provider; it ends with the test process. */
async function startProvider() {
  const binary = await toolPath("pulumi-resource-kubernetes");
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
