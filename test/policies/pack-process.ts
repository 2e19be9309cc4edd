import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import * as grpc from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/analyzer_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { checkoutRoot } from "../../rehearsal/checkout";
import { urnOf, type TestResource } from "./analyzer";

type Level = "advisory" | "mandatory" | "remediate" | "disabled";

/** A diagnostic as the engine receives it. */
export interface PackDiagnostic {
  policy: string;
  pack: string;
  level: string;
  severity: string;
  message: string;
  urn: string;
}

/** Policy configuration by policy name: the level of the policy and its properties. */
export type PackConfig = Record<string, { level: Level; properties?: Record<string, JavaScriptValue> }>;

/** The packs compiled with the project's own build settings into a folder of their own, laid out like the checkout. */
export class CompiledPacks {
  private readonly started: Promise<PackProcess>[] = [];

  private constructor(private readonly folder: string) {}

  static async build(): Promise<CompiledPacks> {
    const root = checkoutRoot();
    const cache = join(root, "node_modules", ".cache", "mlstack-test");
    await mkdir(cache, { recursive: true });
    const folder = await mkdtemp(join(cache, "packs-"));
    await cp(join(root, "policies"), join(folder, "policies"), { recursive: true });
    const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
    const settings = ["--outDir", join(folder, "bin"), "--incremental", "false", "--tsBuildInfoFile", "null"];
    const child = spawn(process.execPath, [tsc, "-p", join(root, "tsconfig.build.json"), ...settings]);
    const output = textOf(child);
    const [code] = (await once(child, "close")) as [number];
    if (code !== 0) throw new Error(`tsc failed:\n${output()}`);
    return new CompiledPacks(folder);
  }

  start(pack: string): Promise<PackProcess> {
    const starting = PackProcess.start(join(this.folder, "policies", pack));
    this.started.push(starting);
    return starting;
  }

  /** Ends every pack that was started, and removes the folder. */
  async close(): Promise<void> {
    const started = await Promise.allSettled(this.started);
    await Promise.all(started.flatMap((pack) => (pack.status === "fulfilled" ? [pack.value.stop()] : [])));
    await rm(this.folder, { recursive: true });
  }
}

/** A policy pack in a process of its own, called as the Pulumi engine calls it. */
export class PackProcess {
  private constructor(
    private readonly child: ChildProcessWithoutNullStreams,
    private readonly client: AnalyzerClient,
    /** Everything the pack printed to standard output before it could be called. */
    readonly greeting: string,
  ) {}

  static async start(folder: string): Promise<PackProcess> {
    const runner = join(checkoutRoot(), "node_modules", "@pulumi", "pulumi", "cmd", "run-policy-pack");
    const child = spawn(process.execPath, [runner, "127.0.0.1:1", folder], { cwd: folder });
    const output = textOf(child);
    const [greeting] = (await Promise.race([
      once(createInterface(child.stdout), "line"),
      once(child, "close").then(() => Promise.reject(new Error(`the pack ended:\n${output()}`))),
    ])) as [string];
    const client = new AnalyzerClient(`127.0.0.1:${greeting}`, grpc.credentials.createInsecure());
    return new PackProcess(child, client, greeting);
  }

  async stop(): Promise<void> {
    this.client.close();
    const closed = once(this.child, "close");
    this.child.kill("SIGKILL");
    await closed;
  }

  /** Names of the policies that the pack declares. */
  async policies(): Promise<string[]> {
    const info = await call<proto.AnalyzerInfo>((done) => this.client.getAnalyzerInfo(new Empty(), done));
    return info.getPoliciesList().map((policy) => policy.getName());
  }

  async configure(config: PackConfig): Promise<void> {
    const request = new proto.ConfigureAnalyzerRequest();
    for (const [name, { level, properties = {} }] of Object.entries(config)) {
      const policy = new proto.PolicyConfig();
      policy.setEnforcementlevel(proto.EnforcementLevel[level.toUpperCase() as Uppercase<Level>]);
      policy.setProperties(Struct.fromJavaScript(properties));
      request.getPolicyconfigMap().set(name, policy);
    }
    await call<Empty>((done) => this.client.configure(request, done));
  }

  async analyze(resource: TestResource): Promise<PackDiagnostic[]> {
    const request = filled(new proto.AnalyzeRequest(), resource);
    return diagnosticsOf(await call<proto.AnalyzeResponse>((done) => this.client.analyze(request, done)));
  }

  /** The properties as the pack's remediations leave them; undefined where they change nothing. */
  async remediate(resource: TestResource): Promise<object | undefined> {
    const request = filled(new proto.AnalyzeRequest(), resource);
    const response = await call<proto.RemediateResponse>((done) => this.client.remediate(request, done));
    return response.getRemediationsList().at(-1)?.getProperties()?.toJavaScript();
  }

  async analyzeStack(resources: TestResource[]): Promise<PackDiagnostic[]> {
    const request = new proto.AnalyzeStackRequest();
    request.setResourcesList(resources.map((resource) => filled(new proto.AnalyzerResource(), resource)));
    return diagnosticsOf(await call<proto.AnalyzeResponse>((done) => this.client.analyzeStack(request, done)));
  }
}

function filled<M extends proto.AnalyzeRequest | proto.AnalyzerResource>(message: M, resource: TestResource): M {
  message.setType(resource.type);
  message.setName(resource.name ?? "it");
  message.setUrn(urnOf(resource));
  message.setProperties(Struct.fromJavaScript(resource.props as Record<string, JavaScriptValue>));
  message.setOptions(new proto.AnalyzerResourceOptions());
  return message;
}

function diagnosticsOf(response: proto.AnalyzeResponse): PackDiagnostic[] {
  const levels = Object.keys(proto.EnforcementLevel);
  const severities = Object.keys(proto.PolicySeverity);
  return response.getDiagnosticsList().map((diagnostic) => ({
    policy: diagnostic.getPolicyname(),
    pack: `${diagnostic.getPolicypackname()}@${diagnostic.getPolicypackversion()}`,
    level: levels[diagnostic.getEnforcementlevel()]!.toLowerCase(),
    severity: severities[diagnostic.getSeverity()]!.replace("POLICY_SEVERITY_", "").toLowerCase(),
    message: diagnostic.getMessage(),
    urn: diagnostic.getUrn(),
  }));
}

function call<R>(send: (done: (error: Error | null, response: R) => void) => unknown): Promise<R> {
  return new Promise((resolve, reject) => {
    send((error, response) => {
      if (error === null) resolve(response);
      else reject(error);
    });
  });
}

function textOf(child: ChildProcessWithoutNullStreams): () => string {
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (text += chunk.toString()));
  return () => text;
}
