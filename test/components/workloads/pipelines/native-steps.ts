import fc from "fast-check";
import type { PodArgs } from "../../../../components";
import {
  artifact,
  containerStep,
  dag,
  param,
  sequence,
  TaskResult,
  text,
  workflowDefinition,
  type WorkflowDefinition,
  workflowRun,
} from "../../../../components/workloads/workflows";
import { hardwareArgs, programArgs } from "../../../support/workloads/arguments";
import { withoutBraces } from "../workflows/arguments";

const image = "ghcr.io/acme/demand:1.0.0";

interface NativeOptions {
  /** What each program is given. */
  pod?: Partial<PodArgs>;
  isLoop?: boolean;
  isConditional?: boolean;
  hasExit?: boolean;
  tolerates?: boolean;
}

/** A definition that Kubeflow Pipelines can keep and run. */
export function nativeDefinition({
  pod = {},
  isLoop = true,
  isConditional = true,
  hasExit = true,
  tolerates = false,
}: NativeOptions = {}): WorkflowDefinition {
  const fetch = containerStep("fetch", {
    inputs: { day: param.string(), limit: param.number({ default: 1000 }) },
    outputs: {
      table: artifact("csv"),
      rows: param.number(),
      plans: param.list(param.record({ depth: param.number(), loss: param.string() })),
    },
    run: ({ inputs, outputs }) => ({
      image,
      command: ["python", "-m", "demand.fetch"],
      args: [inputs.day, inputs.limit, outputs.table.path, outputs.rows.path, outputs.plans.path],
      ...pod,
    }),
  });
  const train = containerStep("train", {
    inputs: { table: artifact("csv"), depth: param.number(), loss: param.string({ default: "mse" }) },
    outputs: { model: artifact("model"), error: param.number() },
    retry: { limit: 1 },
    activeDeadlineSeconds: 3600,
    run: ({ inputs, outputs }) => ({
      image,
      command: ["python", "-m", "demand.train"],
      args: [inputs.table.path, inputs.depth, `--loss=${inputs.loss}`, outputs.model.path, outputs.error.path],
      gpus: 1,
    }),
  });
  const report = containerStep("report", {
    inputs: { errors: param.list(param.number(), { default: [] }), title: param.string(), run: param.string() },
    outputs: { page: artifact("html") },
    run: ({ inputs, outputs }) => ({
      image,
      command: ["python", "-m", "demand.report"],
      args: [inputs.errors, inputs.title, inputs.run, outputs.page.path],
    }),
  });
  const check = sequence("check", {
    inputs: { table: artifact("csv"), day: param.string() },
    outputs: { model: artifact("model"), error: param.number() },
    tasks: (groups, { table, day }) => {
      const trained = groups.next().run(train, { table, depth: 2 });
      groups.next().run(report, { title: text`Check of ${day}`, run: workflowRun.name });
      return trained.outputs;
    },
  });
  const whole = dag("whole", {
    inputs: { day: param.string({ default: "2026-01-01" }), thorough: param.boolean({ default: true }) },
    outputs: { model: artifact("model"), error: param.number() },
    tasks: (tasks, { day, thorough }) => {
      const { table, rows, plans } = tasks.run(fetch, { day }).outputs;
      const when = isConditional ? { when: [rows.isAtLeast(100), thorough.is(true)] } : {};
      const tried = isLoop
        ? tasks.each(train, plans, ({ depth, loss }) => ({ table, depth, loss }), { name: "tried" })
        : undefined;
      tasks.each(train, [2, 4], (depth) => ({ table, depth }), { name: "fixed", ...when });
      tasks.run(train, { table, depth: 8 }, { name: "best", ...when });
      tasks.run(report, {
        ...(tried === undefined ? {} : { errors: tried.outputs.error }),
        title: text`${rows} rows of ${day}, thorough ${thorough}`,
        run: workflowRun.name,
      });
      if (tolerates) {
        tasks.run(
          report,
          { title: "at last", run: "" },
          { name: "last", after: [{ task: "best", result: TaskResult.ended }] },
        );
      }
      return tasks.run(check, { table, day }).outputs;
    },
  });
  const bye = containerStep("bye", {
    inputs: { day: param.string() },
    run: ({ inputs }) => ({ image, command: ["echo", inputs.day] }),
  });
  return workflowDefinition(whole, hasExit ? { onExit: bye } : {});
}

/** The definitions that tests use. */
export const nativeDefinitions = { trials: nativeDefinition() };

const pods = fc.tuple(programArgs, hardwareArgs(0)).map(([program, hardware]): Partial<PodArgs> => {
  const { volumes = [], env, secretEnv, runAsUser, runAsNonRoot, annotations } = program;
  const { efa: _efa, ...rest } = hardware;
  const all = {
    ...rest,
    env: withoutBraces(env),
    secretEnv,
    runAsUser,
    runAsNonRoot,
    annotations: withoutBraces(annotations),
    volumes: volumes.map(({ readOnly: _readOnly, ...volume }) => volume),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
});

/** Definitions that Kubeflow Pipelines can keep and run, with everything that they can have there. */
export const nativeDefinitionArgs: fc.Arbitrary<WorkflowDefinition> = fc
  .record({
    pod: pods,
    isLoop: fc.boolean(),
    isConditional: fc.boolean(),
    hasExit: fc.boolean(),
    tolerates: fc.boolean(),
  })
  .map(nativeDefinition);
