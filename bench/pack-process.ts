import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import * as grpc from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import {
  AnalyzeRequest,
  type AnalyzeResponse,
  AnalyzerResource,
  AnalyzerResourceOptions,
  AnalyzeStackRequest,
} from "@pulumi/pulumi/proto/analyzer_pb";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import { checkoutRoot } from "../rehearsal/checkout";
import { liveProcess } from "../rehearsal/cluster/process-table";

/** A policy pack in a process of its own, started and called as Pulumi does it. */
export class PackProcess {
  private constructor(
    private readonly child: ChildProcessWithoutNullStreams,
    private readonly client: AnalyzerClient,
    private readonly killWithUs: () => void,
  ) {}

  /**
   * Starts a pack and waits until it can be called.
   *
   * @param folder Folder of its `PulumiPolicy.yaml`.
   * @param variables Environment variables beside those of this process.
   * @throws {Error} with what the pack printed when it ends instead.
   */
  static async start(folder: string, variables: Record<string, string>): Promise<PackProcess> {
    const runner = join(checkoutRoot(), "node_modules", "@pulumi", "pulumi", "cmd", "run-policy-pack");
    // No engine listens there; packs call it only to log.
    const child = spawn(process.execPath, [runner, "127.0.0.1:1", folder], {
      cwd: folder,
      env: { ...process.env, ...variables },
    });
    const kill = () => child.kill("SIGKILL");
    process.once("exit", kill);
    let complaints = "";
    child.stderr.on("data", (chunk: Buffer) => (complaints += chunk.toString()));
    const ended = once(child, "close").then(() => {
      throw new Error(`the policy pack ${folder} ended: ${complaints}`);
    });
    const [port] = (await Promise.race([once(createInterface(child.stdout), "line"), ended])) as [string];
    ended.catch(() => undefined);
    const client = new AnalyzerClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
    return new PackProcess(child, client, kill);
  }

  /** Resident memory now, in MiB. */
  async memoryMib(): Promise<number> {
    return (await liveProcess(this.child.pid ?? 0))?.memoryMib ?? 0;
  }

  /** Lets the pack judge one resource. */
  analyze(request: AnalyzeRequest): Promise<AnalyzeResponse> {
    return new Promise((resolve, reject) => {
      this.client.analyze(request, (error, response) => {
        if (error === null) resolve(response);
        else reject(error);
      });
    });
  }

  /** Lets the pack judge all resources of a stack together. */
  analyzeStack(request: AnalyzeStackRequest): Promise<AnalyzeResponse> {
    return new Promise((resolve, reject) => {
      this.client.analyzeStack(request, (error, response) => {
        if (error === null) resolve(response);
        else reject(error);
      });
    });
  }

  /** Ends the process. */
  async stop(): Promise<void> {
    this.client.close();
    const closed = once(this.child, "close");
    this.child.kill("SIGKILL");
    await closed;
    process.off("exit", this.killWithUs);
  }
}

/** The request with which Pulumi has a resource judged. */
export function analyzeRequest(type: string, properties: object): AnalyzeRequest {
  return filled(new AnalyzeRequest(), type, "it", properties);
}

/** The request with which Pulumi has the resources of a stack judged together. */
export function analyzeStackRequest(resources: { type: string; properties: object }[]): AnalyzeStackRequest {
  const request = new AnalyzeStackRequest();
  request.setResourcesList(
    resources.map(({ type, properties }, index) => filled(new AnalyzerResource(), type, `r${index}`, properties)),
  );
  return request;
}

function filled<Message extends AnalyzeRequest | AnalyzerResource>(
  message: Message,
  type: string,
  name: string,
  properties: object,
): Message {
  message.setType(type);
  message.setName(name);
  message.setUrn(`urn:pulumi:bench::mlstack::${type}::${name}`);
  message.setProperties(Struct.fromJavaScript(properties as Record<string, JavaScriptValue>));
  message.setOptions(new AnalyzerResourceOptions());
  return message;
}
