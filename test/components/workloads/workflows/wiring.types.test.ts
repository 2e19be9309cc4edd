import { describe, expect, it } from "vitest";
import {
  artifact,
  containerStep,
  dag,
  param,
  parametersOf,
  sequence,
  text,
  useTemplate,
} from "../../../../components/workloads/workflows/builder";
import type { PodArgs } from "../../../../components/workloads/pods/pod-args";

const program: PodArgs = { image: "ghcr.io/acme/demand:1.0.0", command: ["python", "-m", "demand"] };

const fetch = containerStep("fetch", {
  inputs: { day: param.string(), limit: param.number({ default: 100 }) },
  outputs: {
    table: artifact("csv"),
    rows: param.number(),
    depths: param.list(param.number()),
    trials: param.list(param.record({ depth: param.number(), loss: param.string() })),
    source: param.oneOf(["lake", "shop"]),
  },
  run: () => program,
});

const train = containerStep("train", {
  inputs: { table: artifact("csv"), depth: param.number(), loss: param.oneOf(["mse", "mae"], { default: "mse" }) },
  outputs: { model: artifact("model"), error: param.number() },
  run: () => program,
});

const report = containerStep("report", {
  inputs: { model: artifact("model"), title: param.string(), errors: param.list(param.number()) },
  run: () => program,
});

describe("what compiles", () => {
  it("passes values and files of one type", () => {
    const graph = dag("refit", {
      inputs: { day: param.string() },
      outputs: { model: artifact("model"), error: param.number() },
      tasks: (tasks, { day }) => {
        const fetched = tasks.run(fetch, { day });
        const trials = tasks.each(train, fetched.outputs.depths, (depth) => ({ table: fetched.outputs.table, depth }));
        const best = tasks.run(
          train,
          { table: fetched.outputs.table, depth: 8, loss: "mae" },
          { name: "best", when: fetched.outputs.rows.isAtLeast(1000), after: [trials] },
        );
        tasks.run(report, {
          model: best.outputs.model,
          title: text`Errors of ${day}, ${fetched.outputs.rows} rows`,
          errors: trials.outputs.error,
        });
        return best.outputs;
      },
    });
    expect(graph.template().dag?.tasks.map(({ name }) => name)).toEqual(["fetch", "train", "best", "report"]);
  });

  it("reads fields of the records that it loops over", () => {
    const graph = dag("trials", {
      tasks: (tasks) => {
        const fetched = tasks.run(fetch, { day: "2026-01-01" });
        tasks.each(train, fetched.outputs.trials, ({ depth }) => ({ table: fetched.outputs.table, depth }));
        tasks.each(train, [{ depth: 4 }, { depth: 8 }], ({ depth }) => ({ table: fetched.outputs.table, depth }), {
          name: "fixed",
        });
      },
    });
    expect(graph.template().dag?.tasks[1]?.arguments?.parameters).toEqual({ depth: "{{item.depth}}" });
  });

  it("takes a number where any text will do", () => {
    const print = containerStep("print", { inputs: { line: param.string() }, run: () => program });
    const steps = sequence("lines", {
      tasks: (groups) => {
        const fetched = groups.next().run(fetch, { day: "2026-01-01", limit: 5 });
        groups.next().run(print, { line: fetched.outputs.rows });
      },
    });
    expect(steps.template().steps?.[1]?.tasks[0]?.arguments?.parameters).toEqual({
      line: "{{steps.fetch.outputs.parameters.rows}}",
    });
  });

  it("needs no task that hands on files with a key, and takes others in their place", () => {
    const read = containerStep("read", {
      inputs: { table: artifact("csv", { key: "demand/table.csv" }) },
      run: () => program,
    });
    const graph = dag("graph", {
      tasks: (tasks) => {
        tasks.run(read);
        const fetched = tasks.run(fetch, { day: "2026-01-01" });
        tasks.run(read, { table: fetched.outputs.table }, { name: "again" });
      },
    });
    expect(graph.template().dag?.tasks.map((task) => task.arguments?.artifacts)).toEqual([
      undefined,
      undefined,
      { table: "{{tasks.fetch.outputs.artifacts.table}}" },
    ]);
    expect(read.template().inputs?.artifacts).toEqual([{ name: "table", type: "csv", key: "demand/table.csv" }]);
  });

  it("asks for the values of a run", () => {
    expect(parametersOf(fetch, { day: "2026-01-01", limit: 7 })).toEqual({ day: "2026-01-01", limit: "7" });
  });
});

describe("what does not compile", () => {
  const graphs = dag("wrong", {
    tasks: (tasks) => {
      const fetched = tasks.run(fetch, { day: "2026-01-01" });
      const trained = tasks.run(train, { table: fetched.outputs.table, depth: 8 });
      const table = fetched.outputs.table;

      // @ts-expect-error -- the step hands on no such output
      String(fetched.outputs.rowz);

      // @ts-expect-error -- a value where files are wanted
      tasks.run(train, { table: fetched.outputs.rows, depth: 8 });

      // @ts-expect-error -- files where a value is wanted
      tasks.run(train, { table, depth: table });

      // @ts-expect-error -- files of another type
      tasks.run(train, { table: trained.outputs.model, depth: 8 });

      // @ts-expect-error -- a text where a number is wanted
      tasks.run(train, { table, depth: fetched.outputs.source });

      // @ts-expect-error -- any text where one of two is wanted
      tasks.run(train, { table, depth: 8, loss: fetched.outputs.source });

      // @ts-expect-error -- a required input is left out
      tasks.run(train, { table });

      // @ts-expect-error -- all required inputs are left out
      tasks.run(train);

      // @ts-expect-error -- the step has no such input
      tasks.run(train, { table, depth: 8, dept: 9 });

      // @ts-expect-error -- a single value where a list is wanted
      tasks.run(report, { model: trained.outputs.model, title: "", errors: trained.outputs.error });

      // @ts-expect-error -- a loop over what is no list
      tasks.each(train, fetched.outputs.rows, () => ({ table, depth: 1 }));

      // @ts-expect-error -- the records have no such field
      tasks.each(train, fetched.outputs.trials, (trial) => ({ table, depth: Number(trial.width) }));

      const trials = tasks.each(train, [1, 2], (depth) => ({ table, depth }), { name: "trials" });
      // @ts-expect-error -- files of single rounds cannot be told apart
      String(trials.outputs.model);

      // @ts-expect-error -- only numbers are more or less than others
      fetched.outputs.source.isAbove(1);

      // @ts-expect-error -- compared with what it never is
      fetched.outputs.source.is("web");

      // @ts-expect-error -- an item that is a text where a number is wanted
      tasks.each(train, ["a"], (depth) => ({ table, depth }), { name: "texts" });

      const packed = tasks.run(useTemplate("packaging", train), { table, depth: 1 }, { name: "packed" });
      // @ts-expect-error -- a template on the cluster has the outputs of its step
      String(packed.outputs.jar);
    },
  });

  it("is all the same plain data, which is checked again", () => {
    expect(graphs.template().dag?.tasks.length).toBeGreaterThan(10);
  });

  it("a graph that leaves out one of its outputs", () => {
    // @ts-expect-error -- the output model is missing
    dag("empty", { outputs: { model: artifact("model") }, tasks: () => ({}) });
    dag("other", {
      outputs: { model: artifact("model") },
      // @ts-expect-error -- the output is files of another type
      tasks: (tasks) => ({ model: tasks.run(fetch, { day: "" }).outputs.table }),
    });
  });

  it("texts of a step that name what it does not have", () => {
    containerStep("a", {
      inputs: { day: param.string() },
      // @ts-expect-error -- there is no input of that name
      run: ({ inputs }) => ({ ...program, env: { MONTH: String(inputs.month) } }),
    });
    containerStep("b", {
      inputs: { table: artifact("csv") },
      // @ts-expect-error -- files are no text, but have a path
      run: ({ inputs }) => ({ ...program, args: [inputs.table] }),
    });
  });

  it("the values of a run of another type, or too few", () => {
    // @ts-expect-error -- the day is missing
    parametersOf(fetch, { limit: 7 });
    // @ts-expect-error -- the limit is a number
    parametersOf(fetch, { day: "2026-01-01", limit: "seven" });
  });
});
