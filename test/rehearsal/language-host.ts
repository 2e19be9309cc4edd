import { type ChildProcessByStdio, spawn } from "node:child_process";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { type ClientReadableStream, credentials } from "@grpc/grpc-js";
import { LanguageRuntimeClient } from "@pulumi/pulumi/proto/language_grpc_pb";
import {
  type AboutRequest,
  type AboutResponse,
  type GetProgramDependenciesRequest,
  type GetProgramDependenciesResponse,
  ProgramInfo,
  RunPluginRequest,
  type RunPluginResponse,
  RunRequest,
  type RunResponse,
} from "@pulumi/pulumi/proto/language_pb";
import type { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import type { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import { onTestFinished } from "vitest";

/** A language host that runs, as the engine sees it. */
export interface Host {
  client: LanguageRuntimeClient;
  process: ChildProcessByStdio<null, Readable, null>;
  /** Lines that followed the port on standard output. */
  printed: string[];
  stop(): void;
}

/**
 * Starts a language host and waits for its port.
 *
 * @param command The host with its arguments, or a program that starts one whose output is its own.
 */
export async function startHost(...command: string[]): Promise<Host> {
  const [file = "", ...args] = command;
  const process = spawn(file, args, { stdio: ["ignore", "pipe", "ignore"] });
  const lines = createInterface(process.stdout);
  const printed: string[] = [];
  const port = await new Promise<string>((resolve, reject) => {
    lines.once("line", resolve);
    process.once("error", reject);
    process.once("exit", (code) => {
      reject(new Error(`the language host ended with exit code ${code ?? "none"} before it printed its port`));
    });
  });
  lines.on("line", (line) => printed.push(line));
  const client = new LanguageRuntimeClient(`127.0.0.1:${port}`, credentials.createInsecure());
  return {
    client,
    process,
    printed,
    stop: () => {
      client.close();
      process.kill();
    },
  };
}

/** The scripts through which a host enters the SDK, cut down to running the file that they are given. */
const STAND_IN_SDK = {
  "node_modules/@pulumi/pulumi/cmd/run/index.js": `require(require("node:path").resolve(process.argv.at(-1)));`,
  "node_modules/@pulumi/pulumi/cmd/run-plugin/index.js": `require(process.argv[2]);`,
  "node_modules/@pulumi/pulumi/cmd/run-policy-pack/index.js": `require(process.argv[3]);`,
};

/** Writes a project with a stand-in for the SDK, and returns its folder. */
export async function writeProgram(files: Record<string, string>): Promise<string> {
  return writeFiles({ ...STAND_IN_SDK, ...files });
}

/** Writes files, given by their path, into a new folder that lasts as long as the test, and returns it. */
export async function writeFiles(files: Record<string, string>): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "language-host-")));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}

/** Says where a program is, as the engine does. */
export function programInfo(folder: string, options: Record<string, JavaScriptValue> = {}): ProgramInfo {
  const info = new ProgramInfo();
  info.setRootDirectory(folder);
  info.setProgramDirectory(folder);
  info.setEntryPoint("index.js");
  info.setOptions(Struct.fromJavaScript(options));
  return info;
}

/** Asks for a program's run with what every run needs. */
export function runRequest(folder: string, options?: Record<string, JavaScriptValue>): RunRequest {
  const request = new RunRequest();
  request.setInfo(programInfo(folder, options));
  request.setPwd(folder);
  request.setMonitorAddress("127.0.0.1:1");
  return request;
}

/** Asks for a plugin's run. */
export function pluginRequest(folder: string, kind: string): RunPluginRequest {
  const request = new RunPluginRequest();
  const info = programInfo(folder);
  info.setEntryPoint(".");
  request.setInfo(info);
  request.setPwd(folder);
  request.setKind(kind);
  request.setArgsList(["--logtostderr", "127.0.0.1:2"]);
  return request;
}

/** Methods of a host that answer once, with what they take and give. */
interface Answers {
  run: [RunRequest, RunResponse];
  about: [AboutRequest, AboutResponse];
  cancel: [Empty, Empty];
  getPluginInfo: [Empty, PluginInfo];
  getProgramDependencies: [GetProgramDependenciesRequest, GetProgramDependenciesResponse];
}

/** Calls a method that answers once. */
export function call<M extends keyof Answers>(
  { client }: Pick<Host, "client">,
  method: M,
  request: Answers[M][0],
): Promise<Answers[M][1]> {
  type Unary = (request: Answers[M][0], callback: (error: Error | null, response: Answers[M][1]) => void) => unknown;
  return new Promise((resolve, reject) => {
    (client[method] as Unary).call(client, request, (error, response) => {
      if (error) reject(error);
      else resolve(response);
    });
  });
}

/** Everything that a method streams, in order. */
export async function collect<R>(stream: ClientReadableStream<R>): Promise<R[]> {
  const messages: R[] = [];
  for await (const message of stream) messages.push(message as R);
  return messages;
}

/** What a plugin printed and how it ended, with the position of the exit code among the messages. */
export function summarize(messages: RunPluginResponse[]) {
  const text = (of: (message: RunPluginResponse) => string | Uint8Array) =>
    messages.map((message) => Buffer.from(of(message) as Uint8Array).toString()).join("");
  return {
    stdout: text((message) => message.getStdout_asU8()),
    stderr: text((message) => message.getStderr_asU8()),
    exitCodes: messages.filter((message) => message.hasExitcode()).map((message) => message.getExitcode()),
    exitCodeIsLast: messages.at(-1)?.hasExitcode() ?? false,
  };
}

/**
 * A place where processes check in. The system closes a process's connections when it ends, however it ends, so the
 * number of open ones tells how many still live, even where nobody reaps the dead.
 */
export interface Register {
  /** JavaScript that checks a process in and keeps it alive. */
  checkIn: string;
  /** Processes that checked in and live. */
  present(): number;
  close(): void;
}

/** Opens a {@link Register}. */
export async function openRegister(): Promise<Register> {
  let present = 0;
  const server = createServer((socket) => {
    present += 1;
    // A killed process resets its connection.
    socket.on("error", () => undefined);
    socket.on("close", () => (present -= 1));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the register has no port");
  return {
    checkIn: `require("node:net").connect(${address.port}, "127.0.0.1");`,
    present: () => present,
    close: () => server.close(),
  };
}
