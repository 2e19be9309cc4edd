import { execFileSync, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFile, realpath } from "node:fs/promises";
import { join } from "node:path";
import { status } from "@grpc/grpc-js";
import {
  AboutRequest,
  GetProgramDependenciesRequest,
  InstallDependenciesRequest,
  type RunRequest,
} from "@pulumi/pulumi/proto/language_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { PINS } from "../../rehearsal/toolchain/pins";
import { toolPath } from "../support/toolchain";
import {
  call,
  collect,
  type Host,
  openRegister,
  pluginRequest,
  programInfo,
  type Register,
  runRequest,
  startHost,
  summarize,
  writeFiles,
  writeProgram,
} from "./language-host";

const ENGINE = "127.0.0.1:2";

let binary: string;
let host: Host;

beforeAll(async () => {
  binary = await toolPath("pulumi-language-nodejs");
  host = await startHost(binary, ENGINE);
});

afterAll(() => {
  host.stop();
});

/** Runs a program made of one file. */
async function runProgram(text: string, adjust: (request: RunRequest) => void = () => undefined) {
  const request = runRequest(await writeProgram({ "index.js": text }));
  adjust(request);
  return (await call(host, "run", request)).toObject();
}

it("prints its version", () => {
  const { stdout, status } = spawnSync(binary, ["-version"], { encoding: "utf8" });
  expect({ stdout, status }).toEqual({ stdout: `${PINS.pulumi}\n`, status: 0 });
});

describe("running a program", () => {
  it.each([
    { ending: "process.exit(0)", means: "success", response: { bail: false, error: "" } },
    { ending: "process.exit(32)", means: "that the user has been told", response: { bail: true, error: "" } },
    {
      ending: "process.exit(7)",
      means: "an error",
      response: { bail: false, error: "the program ended with exit code 7" },
    },
    {
      ending: `process.kill(process.pid, "SIGKILL")`,
      means: "an error",
      response: { bail: false, error: "the program ended with exit code 137" },
    },
  ])("takes $ending for $means", async ({ ending, response }) => {
    expect(await runProgram(ending)).toEqual(response);
  });

  it("passes the engine's addresses, the stack and the entry point as arguments", async () => {
    const folder = await writeProgram({
      "index.js": `require("node:fs").writeFileSync("seen.json", JSON.stringify(process.argv.slice(2)))`,
    });
    const request = runRequest(folder);
    request.setOrganization("acme");
    request.setProject("platform");
    request.setStack("dev");
    request.setParallel(16);
    request.setDryrun(true);
    await call(host, "run", request);
    const seen = JSON.parse(await readFile(join(folder, "seen.json"), "utf8")) as string[];
    expect(seen.join(" ")).toBe(
      `--monitor 127.0.0.1:1 --engine ${ENGINE} --organization acme --project platform --stack dev ` +
        `--pwd ${folder} --root-directory ${folder} --parallel 16 --dry-run index.js`,
    );
  });

  it("passes configuration, the names of secrets and runtime options through the environment", async () => {
    const folder = await writeProgram({
      "index.js": `
        const names = Object.keys(process.env).filter((name) => /^PULUMI_(CONFIG|NODEJS)/.test(name)).sort();
        const seen = { environment: names.map((name) => [name, process.env[name]]), node: process.execArgv };
        require("node:fs").writeFileSync("seen.json", JSON.stringify(seen));`,
    });
    const request = runRequest(folder, {
      typescript: false,
      tsconfig: "../tsconfig.json",
      nodeargs: "--stack-size=900 --title 'my stack'",
    });
    request.getConfigMap().set("aws:region", "eu-central-1");
    request.setConfigsecretkeysList(["app:token"]);
    await call(host, "run", request);
    expect(JSON.parse(await readFile(join(folder, "seen.json"), "utf8"))).toEqual({
      environment: [
        ["PULUMI_CONFIG", `{"aws:region":"eu-central-1"}`],
        ["PULUMI_CONFIG_SECRET_KEYS", `["app:token"]`],
        ["PULUMI_NODEJS_TSCONFIG_PATH", "../tsconfig.json"],
        ["PULUMI_NODEJS_TYPESCRIPT", "false"],
      ],
      node: ["--stack-size=900", "--title", "my stack"],
    });
  });

  it("shows the program's output as its own", async () => {
    await runProgram(`console.log("a line of the program")`);
    await vi.waitFor(() => {
      expect(host.printed).toContain("a line of the program");
    });
  });

  it("finds the SDK in a folder above the program", async () => {
    const request = runRequest(await writeProgram({ "stacks/index.js": "process.exit(32)" }));
    const folder = join(request.getPwd(), "stacks");
    request.setPwd(folder);
    request.setInfo(programInfo(folder));
    expect((await call(host, "run", request)).getBail()).toBe(true);
  });

  it("says what to do where the SDK is not installed", async () => {
    const folder = await writeFiles({ "index.js": "" });
    await expect(call(host, "run", runRequest(folder))).rejects.toMatchObject({
      code: status.FAILED_PRECONDITION,
      details:
        `Cannot find module '@pulumi/pulumi/cmd/run' from ${folder}: ` +
        "install the program's dependencies, for example with npm install",
    });
  });

  it("refuses a runtime option of the wrong type", async () => {
    const folder = await writeProgram({ "index.js": "" });
    await expect(call(host, "run", runRequest(folder, { typescript: "yes" }))).rejects.toMatchObject({
      code: status.INVALID_ARGUMENT,
      details: `Pulumi.yaml: runtime option "typescript" must be a boolean, and is "yes"`,
    });
  });

  it("refuses to attach a debugger, and says what does", async () => {
    await expect(runProgram("", (request) => request.setAttachDebugger(true))).rejects.toMatchObject({
      code: status.UNIMPLEMENTED,
      details: "this language host attaches no debugger; set the runtime option nodeargs to --inspect-brk instead",
    });
  });
});

describe("running a plugin", () => {
  it.each([
    { kind: "analyzer", sees: (folder: string) => [ENGINE, folder] },
    { kind: "resource", sees: (folder: string) => [folder, "--logtostderr", ENGINE] },
  ])("gives a plugin of kind $kind the arguments that its script reads", async ({ kind, sees }) => {
    const folder = await writeProgram({ "index.js": "console.log(process.argv.slice(2).join(' '))" });
    const { stdout } = summarize(await collect(host.client.runPlugin(pluginRequest(folder, kind))));
    expect(stdout.trim()).toBe(sees(folder).join(" "));
  });

  it("streams both outputs, and the exit code last", async () => {
    const folder = await writeProgram({
      "index.js": `console.log("50051"); console.error("a warning"); process.exitCode = Number(process.env.CODE);`,
    });
    const request = pluginRequest(folder, "analyzer");
    request.setEnvList(["CODE=3"]);
    expect(summarize(await collect(host.client.runPlugin(request)))).toEqual({
      stdout: "50051\n",
      stderr: "a warning\n",
      exitCodes: [3],
      exitCodeIsLast: true,
    });
  });

  it("loses nothing of a long output on both streams", async () => {
    const line = "x".repeat(99);
    const folder = await writeProgram({
      "index.js": `for (let i = 0; i < 5000; i++) { console.log("${line}"); console.error("${line}"); }`,
    });
    const { stdout, stderr } = summarize(await collect(host.client.runPlugin(pluginRequest(folder, "resource"))));
    expect([stdout.length, stderr.length]).toEqual([500_000, 500_000]);
  });
});

describe("telling about the project", () => {
  it("names the Node.js that runs programs", async () => {
    const about = await call(host, "about", new AboutRequest());
    const ask = (script: string) => execFileSync("node", ["-p", script], { encoding: "utf8" }).trim();
    expect(about.getVersion()).toBe(ask("process.version"));
    expect(await realpath(about.getExecutable())).toBe(await realpath(ask("process.execPath")));
  });

  it("tells its own version", async () => {
    const info = await call(host, "getPluginInfo", new Empty());
    expect(info.getVersion()).toBe(PINS.pulumi);
  });

  const manifests = {
    "package.json": JSON.stringify({ dependencies: { a: "^1", absent: "~2" }, devDependencies: { "@s/b": "*" } }),
    "node_modules/a/package.json": JSON.stringify({ version: "1.2.3", dependencies: { c: "^2" } }),
    "node_modules/a/node_modules/c/package.json": JSON.stringify({ version: "2.0.0" }),
    "node_modules/@s/b/package.json": JSON.stringify({ version: "0.1.0", dependencies: { c: "^3" } }),
    "node_modules/c/package.json": JSON.stringify({ version: "3.0.0" }),
  };
  it.each([
    { which: "that package.json names", transitive: false, expected: ["@s/b 0.1.0", "a 1.2.3", "absent ~2"] },
    {
      which: "that are installed",
      transitive: true,
      expected: ["@s/b 0.1.0", "a 1.2.3", "absent ~2", "c 2.0.0", "c 3.0.0"],
    },
  ])("lists the packages $which", async ({ transitive, expected }) => {
    const request = new GetProgramDependenciesRequest();
    request.setInfo(programInfo(await writeFiles(manifests)));
    request.setTransitivedependencies(transitive);
    const response = await call(host, "getProgramDependencies", request);
    expect(response.getDependenciesList().map((one) => `${one.getName()} ${one.getVersion()}`)).toEqual(expected);
  });
});

describe("installing dependencies", () => {
  const offline = { ".npmrc": "offline=true\naudit=false\nfund=false\nupdate-notifier=false\n" };

  async function install(files: Record<string, string>) {
    const folder = await writeFiles({ ...offline, ...files });
    const request = new InstallDependenciesRequest();
    request.setInfo(programInfo(folder));
    const messages = await collect(host.client.installDependencies(request)).catch((error: unknown) => {
      throw Object.assign(error as Error, { folder });
    });
    const output = messages.map((message) => Buffer.from(message.getStdout_asU8()).toString()).join("");
    return { folder, output };
  }

  it("installs what package.json names, and streams what npm prints", async () => {
    const { folder, output } = await install({
      "package.json": JSON.stringify({ dependencies: { near: "file:./near" } }),
      "near/package.json": JSON.stringify({ name: "near", version: "1.0.0" }),
    });
    expect(output).toContain("added 1 package");
    expect(await readFile(join(folder, "node_modules", "near", "package.json"), "utf8")).toContain("1.0.0");
  });

  it("says which command failed, and where", async () => {
    const error: unknown = await install({
      "package.json": JSON.stringify({ dependencies: { far: "file:./missing.tgz" } }),
    }).catch((reason: unknown) => reason);
    const { details, folder } = error as { details: string; folder: string };
    expect(details).toMatch(/^npm install in .* ended with exit code \d+$/);
    expect(details).toContain(folder);
  });
});

describe("leaving nothing behind", () => {
  let register: Register;
  let folder: string;

  /** A program that never ends and starts another that never ends. */
  beforeEach(async () => {
    register = await openRegister();
    folder = await writeProgram({
      "index.js": `${register.checkIn} require("node:child_process").fork("./helper.js", { stdio: "inherit" });`,
      "helper.js": register.checkIn,
    });
  });

  afterEach(() => {
    register.close();
  });

  const becomes = (count: number) =>
    vi.waitFor(
      () => {
        expect(register.present()).toBe(count);
      },
      { timeout: 10_000, interval: 50 },
    );

  it("stops a program and what it started when the engine cancels the call", async () => {
    const ended = new Promise((resolve) => {
      const running = host.client.run(runRequest(folder), resolve);
      void becomes(2).then(() => {
        running.cancel();
      });
    });
    expect(await ended).toMatchObject({ code: status.CANCELLED });
    await becomes(0);
  });

  it("stops a plugin and what it started when the engine cancels the call", async () => {
    const request = pluginRequest(folder, "resource");
    const running = host.client.runPlugin(request);
    const ended = collect(running).catch((error: unknown) => error);
    await becomes(2);
    running.cancel();
    expect(await ended).toMatchObject({ code: status.CANCELLED });
    await becomes(0);
  });

  it("stops a program that does not heed an interrupt", async () => {
    const stubborn = await writeProgram({ "index.js": `process.on("SIGINT", () => undefined); ${register.checkIn}` });
    const running = host.client.run(runRequest(stubborn), () => undefined);
    await becomes(1);
    running.cancel();
    await becomes(0);
  });

  it("stops programs, but not plugins, when the engine asks it to cancel", async () => {
    const own = await startHost(binary, ENGINE);
    try {
      const plugin = own.client.runPlugin(pluginRequest(folder, "resource"));
      const pluginEnded = collect(plugin).catch(() => undefined);
      await becomes(2);
      const ended = call(own, "run", runRequest(folder)).catch((error: unknown) => error);
      await becomes(4);
      await call(own, "cancel", new Empty());
      expect(await ended).toMatchObject({
        code: status.CANCELLED,
        details: "the engine cancelled the operation",
      });
      await becomes(2);
      plugin.cancel();
      await pluginEnded;
      await becomes(0);
    } finally {
      own.stop();
    }
  });

  it("stops all when it is told to end, and ends well", async () => {
    const own = await startHost(binary, ENGINE);
    own.client.run(runRequest(folder), () => undefined);
    await becomes(2);
    own.process.kill("SIGINT");
    expect(await once(own.process, "exit")).toEqual([0, null]);
    await becomes(0);
    own.client.close();
  });

  it("stops all, and itself, when the engine is killed", async () => {
    const engine = `require("node:child_process").spawn(process.argv[1], [process.argv[2]], { stdio: "inherit" });`;
    const own = await startHost("node", "-e", engine, binary, ENGINE);
    own.client.run(runRequest(folder), () => undefined);
    await becomes(2);
    // The host and its children write to the same pipe, which closes with the last of them.
    const closed = once(own.process.stdout, "close");
    own.process.kill("SIGKILL");
    await closed;
    expect(register.present()).toBe(0);
    own.client.close();
  });

  it.runIf(process.platform === "linux")("takes the program along when it is itself killed", async () => {
    const own = await startHost(binary, ENGINE);
    const alone = await writeProgram({ "index.js": register.checkIn });
    own.client.run(runRequest(alone), () => undefined);
    await becomes(1);
    own.process.kill("SIGKILL");
    await becomes(0);
    own.client.close();
  });
});
