import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { checkoutRoot } from "../../rehearsal/checkout";
import { freePorts } from "../support/free-ports";
import { expectCareful, LocalImage, readImage } from "../support/image";
import { lastingFolder } from "../support/lasting-folder";
import type { Program } from "../support/program";
import { missingPython, type PythonEnvironment, pythonOf } from "../../rehearsal/toolchain/python-environment";
import { scratchFolder } from "../support/scratch";

const EXAMPLE = join(checkoutRoot(), "examples", "parameter-server");
const PACKAGES: PythonEnvironment = { name: "parameter-server", requirements: join(EXAMPLE, "requirements.txt") };
const IMAGE = readImage(EXAMPLE, "Dockerfile");

const missing = missingPython(PACKAGES);
if (missing !== undefined) console.warn(`no parameter servers are run, as ${missing}`);

/** Square of the noise in the measurements, which no model gets below; see `problem.py`. */
const SMALLEST_LOSS = 0.01;
/** The loss at which the chief ends the training. */
const TARGET_LOSS = 0.012;

type Tasks = Record<string, Program>;

it("runs in an image with one exact base, as a user that is not root", () => {
  expectCareful(IMAGE);
});

describe.runIf(missing === undefined)("parameter servers and their trainers", { timeout: 120_000 }, () => {
  let image: LocalImage;
  beforeAll(async () => {
    image = await LocalImage.layOut(IMAGE, lastingFolder("parameter-server"), await pythonOf(PACKAGES));
  }, 600_000);

  /** Starts tasks, such as "ps 0", with what an operator hands to each; evaluators stay outside the cluster. */
  const startAll = async (names: string[], args: string[] = []) => {
    const folder = join(await scratchFolder(), "checkpoints");
    const inside = names.filter((name) => !name.startsWith("evaluator"));
    const ports = await freePorts(inside.length);
    const cluster: Record<string, string[]> = {};
    inside.forEach((name, at) => (cluster[name.split(" ")[0]!] ??= []).push(`127.0.0.1:${ports[at]}`));
    const start = (name: string) => {
      const [type = "", index = ""] = name.split(" ");
      const config = { cluster, task: { type, index: Number(index) }, environment: "cloud" };
      const own = ["--bind", "127.0.0.1", "--checkpoints", folder, "--target-loss", String(TARGET_LOSS)];
      return image.start([...own, ...args], { TF_CONFIG: JSON.stringify(config) });
    };
    const tasks: Tasks = Object.fromEntries(names.map((name) => [name, start(name)]));
    return { tasks, folder, start };
  };
  const exitCodes = async (tasks: Tasks) =>
    Object.fromEntries(
      await Promise.all(Object.entries(tasks).map(async ([name, task]) => [name, await task.ends()] as const)),
    );
  const numberIn = (pattern: RegExp, { output }: Program) => Number(pattern.exec(output)?.[1]);
  const lastLoss = ({ output }: Program) => Number([...output.matchAll(/loss=([\d.]+)/g)].at(-1)?.[1]);

  it("share the parameters, train together until the chief ends it, and are judged by the evaluator", async () => {
    const trainers = ["worker 0", "worker 1", "chief 0"];
    const { tasks, folder } = await startAll(
      ["ps 0", "ps 1", ...trainers, "evaluator 0"],
      ["--learning-rate", "0.004"],
    );
    const codes = await exitCodes(tasks);
    expect(codes).toEqual(Object.fromEntries(Object.keys(tasks).map((name) => [name, 0])));

    // Each server has its half, and has taken what all trainers pushed.
    const steps = trainers.map((name) => numberIn(/pushed (\d+) steps/, tasks[name]!));
    expect(Math.min(...steps)).toBeGreaterThan(0);
    for (const name of ["ps 0", "ps 1"]) {
      expect(tasks[name]!.output).toContain("kept 32 parameters");
      const updates = numberIn(/took (\d+) updates/, tasks[name]!);
      expect(updates).toBeGreaterThan(Math.max(...steps));
      expect(updates).toBeLessThanOrEqual(steps[0]! + steps[1]! + steps[2]!);
    }

    const losses = [...tasks["chief 0"]!.output.matchAll(/loss=([\d.]+)/g)].map(([, loss]) => Number(loss));
    expect(losses[0]).toBeGreaterThan(10);
    expect(losses.at(-1)).toBeLessThanOrEqual(TARGET_LOSS);
    expect(lastLoss(tasks["evaluator 0"]!)).toBeGreaterThan(SMALLEST_LOSS * 0.9);
    expect(lastLoss(tasks["evaluator 0"]!)).toBeLessThan(TARGET_LOSS * 1.2);
    expect((await readdir(folder)).filter((file) => file.startsWith("checkpoint-"))).not.toEqual([]);
  });

  it("are led by the first worker where there is no chief", async () => {
    const { tasks } = await startAll(["ps 0", "worker 0", "worker 1"]);
    expect(await exitCodes(tasks)).toEqual({ "ps 0": 0, "worker 0": 0, "worker 1": 0 });
    expect(lastLoss(tasks["worker 0"]!)).toBeLessThanOrEqual(TARGET_LOSS);
    expect(tasks["worker 1"]!.output).not.toContain("loss=");
  });

  it("go on from the last checkpoint when a server is lost and comes back", async () => {
    const { tasks, start } = await startAll(
      ["ps 0", "ps 1", "worker 0", "chief 0"],
      [...["--learning-rate", "0.0004", "--checkpoint-updates", "100"]],
    );
    await tasks["chief 0"]!.prints(/updates=[1-9]\d* loss/);
    await tasks["ps 1"]!.stop("SIGKILL");
    tasks["ps 1"] = start("ps 1");
    expect(await exitCodes(tasks)).toEqual({ "ps 0": 0, "ps 1": 0, "worker 0": 0, "chief 0": 0 });
    expect(tasks["chief 0"]!.output).toMatch(/chief 0 goes on from the checkpoint after \d+ updates/);
    expect(lastLoss(tasks["chief 0"]!)).toBeLessThanOrEqual(TARGET_LOSS);
  });

  it("fail with the chief when the target is out of reach, and let the others end", async () => {
    const { tasks } = await startAll(
      ["ps 0", "worker 0", "chief 0", "evaluator 0"],
      [...["--target-loss", "0.001", "--max-updates", "1000"]],
    );
    expect(await exitCodes(tasks)).toEqual({ "ps 0": 0, "worker 0": 0, "chief 0": 1, "evaluator 0": 0 });
  });

  it("train nothing before all trainers are there", async () => {
    const folder = join(await scratchFolder(), "checkpoints");
    const [server = 0, chief = 0, lost = 0] = await freePorts(3);
    const address = (port: number) => [`127.0.0.1:${port}`];
    const cluster = { ps: address(server), chief: address(chief), worker: address(lost) };
    const start = (type: string) =>
      image.start(["--bind", "127.0.0.1", "--checkpoints", folder, "--patience", "1"], {
        TF_CONFIG: JSON.stringify({ cluster, task: { type, index: 0 } }),
      });
    start("ps");
    const program = start("chief");
    expect([await program.ends(), program.output]).toEqual([1, "only 1 of 2 trainers came\n"]);
  });

  it("refuse a cluster without servers", async () => {
    const config = { cluster: { worker: ["127.0.0.1:2222"] }, task: { type: "worker", index: 0 } };
    expect(await image.run([], { TF_CONFIG: JSON.stringify(config) })).toEqual({
      code: 1,
      output: 'TF_CONFIG is invalid: the cluster has no job "ps": parameters need a server\n',
    });
  });
});
