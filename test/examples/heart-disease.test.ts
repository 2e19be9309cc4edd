import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { checkoutRoot } from "../../rehearsal/checkout";
import { expectCareful, LocalImage, readImage } from "../support/image";
import { lastingFolder } from "../support/lasting-folder";
import { missingPython, type PythonEnvironment, pythonOf } from "../../rehearsal/toolchain/python-environment";

const exec = promisify(execFile);

const EXAMPLE = join(checkoutRoot(), "examples", "heart-disease");
const SUPPORT = join(checkoutRoot(), "test", "support");
const PACKAGES: PythonEnvironment = { name: "heart-disease", requirements: join(EXAMPLE, "requirements.txt") };
const TENSORBOARD: PythonEnvironment = {
  name: "tensorboard",
  requirements: join(SUPPORT, "tensorboard-requirements.txt"),
};
const STEPS = ["read", "process", "train", "evaluate"] as const;
type Step = (typeof STEPS)[number];

/** TensorBoard's own reader prints all scalars of a folder: by name, pairs of step and value. */
const SCALARS = `
import json, sys
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
events = EventAccumulator(sys.argv[1]).Reload()
print(json.dumps({tag: [[e.step, e.value] for e in events.Scalars(tag)] for tag in events.Tags()["scalars"]}))
`;

/** What a server of models does with a request of the v2 protocol: an array of its shape goes to predict. */
const PREDICT = `
import joblib, json, numpy, sys
[asked] = json.load(open(sys.argv[2]))["inputs"]
values = numpy.array(asked["data"], dtype={"FP64": "float64"}[asked["datatype"]]).reshape(asked["shape"])
print(json.dumps(joblib.load(sys.argv[1]).predict(values).tolist()))
`;

/** How Katib finds metrics in what a trial prints, katib 0.19 pkg/metricscollector/v1beta1/common/const.go. */
const KATIB_FILTER = /([\w|-]+)\s*=\s*([+-]?\d*(\.\d+)?([Ee][+-]?\d+)?)/g;

const missing = missingPython(PACKAGES, TENSORBOARD);
if (missing !== undefined) console.warn(`the steps of the heart disease pipeline are not run, as ${missing}`);

it.each(STEPS)("%s runs in an image with one exact base, as a user that is not root", (step) => {
  expectCareful(readImage(EXAMPLE, join(step, "Dockerfile")));
});

describe.runIf(missing === undefined)("the steps of the heart disease pipeline", { timeout: 120_000 }, () => {
  const folder = lastingFolder("heart-disease");
  const at = (name: string) => join(folder, name);
  let python: string;
  let images: Record<Step, LocalImage>;
  /** What each step printed when all ran in order. */
  const printed = {} as Record<Step, string>;

  beforeAll(async () => {
    python = await pythonOf(PACKAGES);
    await pythonOf(TENSORBOARD);
    const layOut = async (step: Step) => {
      const image = readImage(EXAMPLE, join(step, "Dockerfile"));
      return [step, await LocalImage.layOut(image, at(`image-${step}`), python)] as const;
    };
    images = Object.fromEntries(await Promise.all(STEPS.map(layOut))) as Record<Step, LocalImage>;

    printed.read = await run("read", { output: at("table.csv") });
    printed.process = await run("process", { input: at("table.csv"), train: at("train.csv"), test: at("test.csv") });
    printed.train = await run("train", { train: at("train.csv"), model: at("model.joblib"), logs: at("logs") });
    const judged = { model: at("model.joblib"), test: at("test.csv"), metrics: at("metrics.json") };
    printed.evaluate = await run("evaluate", { ...judged, "min-accuracy": 0.8 });
  }, 600_000);

  const attempt = (step: Step, args: Record<string, string | number>) =>
    images[step].run(Object.entries(args).flatMap(([option, value]) => [`--${option}`, String(value)]));
  /** Runs a step to its end and returns what it prints. @throws with that when it fails. */
  const run = async (step: Step, args: Record<string, string | number>) => {
    const { code, output } = await attempt(step, args);
    if (code !== 0) throw new Error(`${step} exits with ${code}:\n${output}`);
    return output;
  };
  const metricsIn = (output: string) =>
    [...output.matchAll(KATIB_FILTER)].map(([, name = "", value]) => [name, Number(value)] as const);

  it("pass files from one to the next, up to a model that is good on patients it has not seen", async () => {
    expect(printed.read).toBe("read 900 patients\n");
    expect(printed.process).toBe("kept 900 of 900 patients: 720 to train, 180 to evaluate\n");
    const metrics = JSON.parse(await readFile(at("metrics.json"), "utf8")) as Record<string, number>;
    expect(metrics["patients"]).toBe(180);
    expect(metrics["accuracy"]).toBeGreaterThan(0.8);
    expect(metrics["auc"]).toBeGreaterThan(0.9);
    const rounded = ["accuracy", "auc", "recall"].map((name) => [name, Number(metrics[name]!.toFixed(4))]);
    expect(metricsIn(printed.evaluate)).toEqual(rounded);
  });

  it("tell Katib and TensorBoard the same, epoch by epoch", async () => {
    expect(printed.train).toMatch(/^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z accuracy=0\.\d{4} loss=\d\.\d{4}\n){20}$/);
    const { stdout } = await exec(await pythonOf(TENSORBOARD), ["-c", SCALARS, at("logs")]);
    const scalars = JSON.parse(stdout) as Record<string, [number, number][]>;
    expect(Object.keys(scalars).sort()).toEqual(["accuracy", "loss"]);
    for (const [name, points] of Object.entries(scalars)) {
      const values = metricsIn(printed.train).filter(([metric]) => metric === name);
      expect(points.map(([epoch, value]) => [epoch, Number(value.toFixed(4))])).toEqual(
        values.map(([, value], index) => [index + 1, value]),
      );
    }
  });

  it("make a model that takes raw features, as the sample of a request has them", async () => {
    const request = join(EXAMPLE, "inference", "request.json");
    const { stdout } = await exec(python, ["-c", PREDICT, at("model.joblib"), request]);
    expect(JSON.parse(stdout)).toEqual([0, 1]);
  });

  it("train by their arguments, so that a sweep finds better and worse models", async () => {
    const files = { train: at("train.csv"), model: at("stiff.joblib"), logs: at("stiff") };
    const stiff = metricsIn(await run("train", { ...files, epochs: 3, regularization: 1 }));
    expect(stiff).toHaveLength(6);
    const loss = (metrics: (readonly [string, number])[]) => metrics.at(-1)![1];
    expect(loss(stiff)).toBeGreaterThan(loss(metricsIn(printed.train)) + 0.1);
  });

  it("make the same table of the same seed, and another one of another", async () => {
    const table = async (name: string, seed: number) => {
      await run("read", { seed, rows: 50, output: at(name) });
      return readFile(at(name), "utf8");
    };
    const [first, again, other] = [await table("a", 1), await table("b", 1), await table("c", 2)];
    expect(again).toBe(first);
    expect(other).not.toBe(first);
  });

  it("take a given table, clean it, and keep each patient once", async () => {
    const [header = "", ...rows] = (await readFile(at("table.csv"), "utf8")).split("\n");
    const given = rows.slice(0, 100);
    // Cholesterol of 0 is no measurement, pain of kind 9 does not exist, an unknown degree teaches nothing.
    given[0] = "64,1,9,140,0,0,0,150,0,1.5,2,0,3,2";
    given[1] = "64,1,4,140,250,0,0,150,0,1.5,2,0,3,?";
    given[2] = given[3]!;
    await writeFile(at("given.csv"), `${[header, ...given].join("\n")}\n`);

    await run("read", { source: at("given.csv"), output: at("taken.csv") });
    expect(
      await run("process", { input: at("taken.csv"), train: at("cleaned.csv"), test: at("cleaned-test.csv") }),
    ).toMatch(/^kept 98 of 100 patients/);
    const cleaned = `${await readFile(at("cleaned.csv"), "utf8")}${await readFile(at("cleaned-test.csv"), "utf8")}`;
    expect(cleaned).toContain("\n64,1,,140,,0,0,150,0,1.5,2,0,3,1\n");
    expect(cleaned).not.toContain("?");
  });

  it("fail where a table is not the one that they need", async () => {
    await writeFile(at("other.csv"), "a,b\n1,2\n");
    expect(await attempt("read", { source: at("other.csv"), output: at("none.csv") })).toEqual({
      code: 1,
      output: expect.stringContaining(`${at("other.csv")} has columns ['a', 'b']: it needs ['age', 'sex',`) as string,
    });
  });

  it("fail where the model is not good enough, and tell its metrics all the same", async () => {
    const judged = { model: at("model.joblib"), test: at("test.csv"), metrics: at("judged.json") };
    const { code, output } = await attempt("evaluate", { ...judged, "min-accuracy": 0.999 });
    expect(code).toBe(1);
    expect(output).toContain("the accuracy is below 0.999\n");
    expect(metricsIn(output).map(([name]) => name)).toEqual(["accuracy", "auc", "recall"]);
    expect(JSON.parse(await readFile(at("judged.json"), "utf8"))).toHaveProperty("accuracy");
  });
});
