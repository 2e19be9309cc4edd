import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ChildProcess } from "node:child_process";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { connectInto, serveOutgoing } from "../../../rehearsal/operators/gateway";
import { SANDBOX } from "../../../rehearsal/operators/pod-programs";
import { type Sandboxed, type SandboxFolders, startSandbox } from "../../../rehearsal/operators/sandbox";
import { build } from "../../../rehearsal/toolchain/build";
import { eventually } from "../../support/cluster";
import { hasNamespaces } from "../../support/namespaces";
import { processesMentioning } from "../../support/processes";

/** Where the libraries of Node, which is not linked statically, may be. */
const libraries = ["/lib", "/lib64", "/usr/lib", "/usr/lib64"].filter(existsSync);

describe.runIf(hasNamespaces)("a program in a sandbox", { timeout: 60_000 }, () => {
  let binary: string;
  let folders: SandboxFolders;
  let child: ChildProcess | undefined;
  beforeAll(async () => {
    binary = join(await build(SANDBOX), "sandbox");
  }, 300_000);
  beforeEach(async () => {
    const folder = await mkdtemp(join(tmpdir(), "mlstack-sandbox-"));
    folders = { folder, gateway: join(folder, "gateway"), root: join(folder, "root"), log: join(folder, "log") };
    await mkdir(folders.gateway);
  });
  afterEach(async () => {
    child?.kill("SIGKILL");
    await eventually("nothing of it is left", async () => (await processesMentioning(folders.folder)).length === 0);
    await rm(folders.folder, { recursive: true });
  });

  const start = async (script: string, more: Partial<Sandboxed> = {}) => {
    const mounts = libraries.map((path) => ({ source: path, target: path }));
    child = await startSandbox(binary, folders, {
      program: process.execPath,
      entry: "/app/node",
      args: ["-e", script],
      env: ["GREETING=hello"],
      hosts: {},
      services: [],
      ...more,
      mounts: [...mounts, ...(more.mounts ?? [])],
    });
    return child;
  };
  const printed = () => readFile(folders.log, "utf8");
  const codeOf = async (started: ChildProcess) => ((await once(started, "exit")) as [number | null])[0];

  test("sees its own files and variables, and nothing else of the machine", async () => {
    const settings = join(folders.folder, "settings.yaml");
    await writeFile(settings, "level: 1");
    const script = `
      const fs = require("node:fs");
      console.log(JSON.stringify({
        there: fs.readdirSync("/").filter((name) => !/^(lib|lib64|usr)$/.test(name)).sort(),
        settings: fs.readFileSync("/etc/app/settings.yaml", "utf8"),
        hosts: fs.readFileSync("/etc/hosts", "utf8"),
        names: fs.readFileSync("/etc/resolv.conf", "utf8"),
        home: fs.existsSync(${JSON.stringify(folders.folder)}),
        variables: Object.keys(process.env),
        networks: Object.keys(require("node:os").networkInterfaces()),
      }))`;
    const hosts = { "katib-db-manager.kubeflow": "10.96.0.9" };
    const mounts = [{ source: settings, target: "/etc/app/settings.yaml" }];
    expect(await codeOf(await start(script, { hosts, mounts }))).toBe(0);
    expect(JSON.parse(await printed())).toEqual({
      there: ["app", "dev", "etc", "proc", "run", "tmp"],
      settings: "level: 1",
      hosts: "127.0.0.1 localhost\n10.96.0.9 katib-db-manager.kubeflow\n",
      names: "nameserver 127.0.0.1\n",
      home: false,
      variables: ["GREETING"],
      networks: ["lo"],
    });
  });

  test("is reached at every port through its gateway, and reaches Services through it", async () => {
    const outside = createServer((socket) => socket.end("from outside")).listen(0, "127.0.0.1");
    await once(outside, "listening");
    const { port } = outside.address() as { port: number };
    const asked: string[] = [];
    const outgoing = serveOutgoing(folders.gateway, {
      connect: (address) => {
        asked.push(address);
        return connect(port, "127.0.0.1");
      },
    });
    const script = `
      const net = require("node:net");
      const client = net.connect(443, "10.96.0.1");
      client.on("data", (data) => net.createServer((socket) => socket.end("inside, and " + data)).listen(8443));`;
    await start(script, { services: ["10.96.0.1:443"] });
    const answer = await eventually("it answers", async () => {
      let text = "";
      const socket = connectInto(folders.gateway, 8443).on("data", (chunk: Buffer) => (text += chunk.toString()));
      // Until it listens, the connection fails or is closed.
      await new Promise((resolve) => socket.on("error", () => undefined).once("close", resolve));
      return text === "" ? undefined : text;
    });
    expect(answer).toBe("inside, and from outside");
    expect(asked).toEqual(["10.96.0.1:443"]);
    outgoing.close();
    outside.close();
  });

  test("finds Services by name, and reaches them at once; other names are nobody's", async () => {
    const outside = createServer((socket) => socket.end("from outside")).listen(0, "127.0.0.1");
    await once(outside, "listening");
    const { port } = outside.address() as { port: number };
    const asked: string[] = [];
    const outgoing = serveOutgoing(folders.gateway, {
      connect: (address) => {
        asked.push(address);
        return connect(port, "127.0.0.1");
      },
      lookUp: (name) => (name === "web.shop" ? { address: "10.96.0.7", ports: [80, 6789] } : undefined),
    });
    const script = `
      const dns = new (require("node:dns").Resolver)({ timeout: 2000, tries: 1 });
      dns.setServers(["127.0.0.1"]);
      dns.resolve4("other.shop", (error) => {
        dns.resolve6("web.shop", (noOther) => {
          dns.resolve4("web.shop", (_, [address]) => {
            require("node:net").connect(6789, address).on("data", (data) => {
              console.log(JSON.stringify({ other: error.code, ofVersion6: noOther.code, address, data: String(data) }));
            });
          });
        });
      });`;
    expect(await codeOf(await start(script))).toBe(0);
    expect(JSON.parse(await printed())).toEqual({
      other: "ENOTFOUND",
      ofVersion6: "ENODATA",
      address: "10.96.0.7",
      data: "from outside",
    });
    expect(asked).toEqual(["10.96.0.7:6789"]);
    outgoing.close();
    outside.close();
  });

  test.each([
    ["the exit code of the program", "process.exit(7)", 7],
    ["that of the signal that ended it", "process.kill(process.pid, 'SIGKILL')", 137],
  ])("ends with %s", async (_, script, code) => {
    expect(await codeOf(await start(script))).toBe(code);
  });

  test("is told to end, and may do so in its own way", async () => {
    const script = `process.on("SIGTERM", () => process.exit(3)); setInterval(() => {}, 1000); console.log("up");`;
    const started = await start(script);
    await eventually("it is up", async () => (await printed()).includes("up"));
    started.kill("SIGTERM");
    expect(await codeOf(started)).toBe(3);
  });

  test("is gone with all that it started when its sandbox is killed", async () => {
    const script = `
      require("node:child_process").spawn("/app/node", ["-e", "setInterval(() => {}, 1000)"]);
      setInterval(() => {}, 1000); console.log("up");`;
    const started = await start(script);
    await eventually("it is up", async () => (await printed()).includes("up"));
    started.kill("SIGKILL");
    await once(started, "exit");
    const left = async () => (await processesMentioning("setInterval(() => {}, 1000)")).length === 0;
    expect(await eventually("nothing is left", left)).toBe(true);
  });

  test("says what it cannot do", async () => {
    const mounts = [{ source: "/nosuch", target: "/data" }];
    expect(await codeOf(await start("", { mounts }))).toBe(125);
    expect(await printed()).toContain("sandbox: /nosuch at /data: stat /nosuch: no such file or directory");
  });
});
