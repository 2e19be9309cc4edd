import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { checkoutRoot } from "../../rehearsal/checkout";
import { missingPython } from "../../rehearsal/toolchain/python-environment";

const PROGRAM = join(checkoutRoot(), "examples", "parameter-server", "cluster_spec.py");

const missing = missingPython();
if (missing !== undefined) console.warn(`TF_CONFIG is not read by a program, as ${missing}`);

const ps = ["ps-0.train:2222", "ps-1.train:2222"];
const worker = ["worker-0.train:2222", "worker-1.train:2222"];
const chief = ["chief-0.train:2222"];

describe.runIf(missing === undefined)("TF_CONFIG, as a process of a distributed job reads it", () => {
  const environment = (config: string | undefined) => {
    const { TF_CONFIG: _, ...others } = process.env;
    return config === undefined ? others : { ...others, TF_CONFIG: config };
  };
  // What stands on PATH may be a script that looks for Python each time.
  let python: string;
  beforeAll(() => {
    const { stdout } = spawnSync("python3", ["-c", "import sys; print(sys.executable)"], { encoding: "utf8" });
    python = stdout.trim();
  });
  /** Exit code and what the command prints for a value of TF_CONFIG, which may be none. */
  const command = (config: string | undefined) => {
    const { status, stdout, stderr } = spawnSync(python, [PROGRAM], { env: environment(config), encoding: "utf8" });
    return { status, stdout, stderr };
  };
  const resolved = (config: object): unknown => JSON.parse(command(JSON.stringify(config)).stdout);
  const task = (type: string, index: number) => ({ type, index });

  it("tells every process the same cluster, and each its own task and address", () => {
    const cluster = { chief, ps, worker };
    expect(resolved({ cluster, task: task("worker", 1), environment: "cloud" })).toEqual({
      cluster,
      task: { type: "worker", index: 1, address: "worker-1.train:2222" },
      rpcLayer: null,
      master: "worker-1.train:2222",
      isChief: false,
    });
  });

  it.each([
    ["the chief where there is one", { chief, ps, worker }, task("chief", 0), true],
    ["no worker where there is a chief", { chief, ps, worker }, task("worker", 0), false],
    ["the master, as TensorFlow 1 calls it", { master: chief, ps, worker }, task("master", 0), true],
    ["the first worker where there is neither", { ps, worker }, task("worker", 0), true],
    ["no other worker", { ps, worker }, task("worker", 1), false],
    ["no parameter server", { ps, worker }, task("ps", 0), false],
  ])("makes chief %s", (_, cluster, own, isChief) => {
    expect(resolved({ cluster, task: own })).toMatchObject({ isChief });
  });

  it("lets an evaluator stand outside the cluster, without an address", () => {
    expect(resolved({ cluster: { chief, ps, worker }, task: task("evaluator", 0) })).toMatchObject({
      task: { type: "evaluator", index: 0, address: null },
      master: "",
      isChief: true,
    });
  });

  it("takes addresses by index, with gaps, and lists those without gaps", () => {
    const sparse = { cluster: { ps: { "1": ps[1], "0": ps[0] }, worker: { "7": worker[0] } }, task: task("worker", 7) };
    expect(resolved(sparse)).toMatchObject({
      cluster: { ps, worker: { "7": "worker-0.train:2222" } },
      task: { index: 7, address: "worker-0.train:2222" },
    });
  });

  it("puts the protocol before the master's address, and takes a given master as it is", () => {
    const config = { cluster: { ps, worker }, task: task("worker", 0), rpc_layer: "grpc" };
    expect(resolved(config)).toMatchObject({ rpcLayer: "grpc", master: "grpc://worker-0.train:2222" });
    expect(resolved({ ...config, session_master: "grpc://other:1" })).toMatchObject({ master: "grpc://other:1" });
  });

  it("needs no task of a cluster of one, nor an index in a job of one", () => {
    const alone = ["127.0.0.1:2222"];
    expect(resolved({ cluster: { worker: alone } })).toMatchObject({ task: task("worker", 0), master: "" });
    expect(resolved({ cluster: { worker: alone, ps }, task: { type: "worker" } })).toMatchObject({
      task: task("worker", 0),
    });
  });

  it("says without a cluster that the process trains alone", () => {
    const { status, stdout } = command(undefined);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ cluster: {}, task: null, rpcLayer: null, master: "", isChief: true });
  });

  const own = task("worker", 0);
  const PARSER = "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)";
  it.each([
    ["{cluster}", `TF_CONFIG is not JSON: ${PARSER}`],
    ["[]", 'TF_CONFIG is []: give an object with "cluster" and "task"'],
    [{ cluster: [ps] }, `"cluster" is [["${ps.join('", "')}"]]: give an object from names of jobs to addresses`],
    [
      { cluster: { ps: "ps-0:2222" }, task: own },
      'the tasks of job "ps" are "ps-0:2222": give a list, or a map from indices to addresses',
    ],
    [{ cluster: { worker, ps: [2222] }, task: own }, 'the address of task 0 of job "ps" is 2222: give text'],
    [
      { cluster: { worker: ["worker-0"], ps }, task: own },
      'the address of task 0 of job "worker" is "worker-0": give host:port, with a port from 1 to 65535',
    ],
    [
      { cluster: { worker: ["http://worker-0:2222"], ps }, task: own },
      'the address of task 0 of job "worker" is "http://worker-0:2222": give host:port, with a port from 1 to 65535',
    ],
    [
      { cluster: { worker: ["worker-0:70000"], ps }, task: own },
      'the address of task 0 of job "worker" is "worker-0:70000": give host:port, with a port from 1 to 65535',
    ],
    [
      { cluster: { worker: { first: "worker-0:2222" }, ps }, task: own },
      '"first" is no index of a task of job "worker": give whole numbers from 0 on',
    ],
    [
      { cluster: { worker, ps, parameterserver: ps }, task: own },
      'job "parameterserver" is unknown: jobs of a training are chief, master, worker, ps, evaluator',
    ],
    [{ cluster: { worker, chief: ps }, task: own }, 'job "chief" has 2 tasks: there can be only one'],
    [
      { cluster: { worker, chief, master: chief }, task: own },
      'the cluster has a "chief" and a "master": they are two names of the same job, give one',
    ],
    [{ cluster: { worker, ps } }, '"task" names no type: give one of ps, worker'],
    [
      { cluster: { worker, ps }, task: { type: "worker" } },
      '"task" has no index, and job "worker" has several tasks or none: give its index',
    ],
    [
      { cluster: { worker, ps }, task: task("chief", 0) },
      'there is no job "chief" in the cluster: its jobs are ps, worker',
    ],
    [
      { cluster: { worker, ps }, task: task("worker", 2) },
      'job "worker" has no task with index 2: its indices are 0, 1',
    ],
    [
      { cluster: { worker: { "1": worker[1] }, ps }, task: own },
      'job "worker" has no task with index 0: its indices are 1',
    ],
    [{ cluster: { worker, ps }, task: own, rpc_layer: 7 }, '"rpc_layer" is 7: give text'],
  ])("refuses %j", (config, message) => {
    const text = typeof config === "string" ? config : JSON.stringify(config);
    expect(command(text)).toEqual({ status: 1, stdout: "", stderr: `TF_CONFIG is invalid: ${message}\n` });
  });
});
