import { describe, expect, it } from "vitest";
import {
  artifact,
  containerStep,
  dag,
  param,
  validateWorkflow,
  type WorkflowArgs,
  type WorkflowDefinition,
  workflowDefinition,
} from "../../../../components/workloads/workflows";
import { DEFINITION_FLAWS } from "./definition-flaws";
import { definitions } from "./steps";

const reasonsOf = (args: WorkflowArgs) => validateWorkflow("refit", args).map(({ reason }) => reason);

const pathsOf = (definition: WorkflowDefinition) =>
  validateWorkflow("refit", { definition, parameters: { day: "2026-01-01" } }).map(({ propertyPath }) => propertyPath);

/** The definition of trials with one task changed. */
function withTask(name: string, change: (task: NonNullable<ReturnType<typeof taskOf>>) => void): WorkflowArgs {
  const definition = structuredClone(definitions.trials);
  change(taskOf(definition, name)!);
  return { definition, parameters: { day: "2026-01-01" } };
}

function taskOf(definition: WorkflowDefinition, name: string) {
  return definition.templates[0]!.dag!.tasks.find((task) => task.name === name);
}

describe("a definition by hand is checked as the compiler checks steps", () => {
  it.each(Object.entries(definitions))("%s is right", (name, definition) => {
    const parameters = name === "single" ? { status: "Succeeded" } : name === "minimal" ? {} : { day: "2026-01-01" };
    expect(reasonsOf({ definition, parameters })).toEqual([]);
  });

  it.each(DEFINITION_FLAWS)("%s is told", (path, { definition }) => {
    expect(pathsOf(definition)).toContain(path);
  });

  it("says which output there is instead of one that there is not", () => {
    const args = withTask("best", ({ when }) => (when![0]!.value = "{{tasks.fetch.outputs.parameters.lines}}"));
    expect(reasonsOf(args)).toEqual([
      "definition.templates[0].dag.tasks[3].when[0].value is {{tasks.fetch.outputs.parameters.lines}}; allowed: variables " +
        "that are known there. Did you mean {{tasks.fetch.outputs.parameters.rows}}?",
    ]);
  });

  it("tells a value from files", () => {
    const args = withTask("best", (task) => {
      task.arguments!.artifacts!["table"] = "{{tasks.fetch.outputs.parameters.rows}}";
    });
    expect(reasonsOf(args)).toEqual([
      "definition.templates[0].dag.tasks[3].arguments.artifacts.table is {{tasks.fetch.outputs.parameters.rows}}, which is " +
        "a value; allowed: files of type csv. Values are handed on among parameters.",
    ]);
  });

  it("tells files of one type from those of another", () => {
    const args = withTask("best", (task) => {
      task.arguments!.artifacts!["table"] = "{{tasks.compare.outputs.artifacts.report}}";
    });
    expect(reasonsOf(args)).toEqual([
      "definition.templates[0].dag.tasks[3].arguments.artifacts.table is {{tasks.compare.outputs.artifacts.report}}, which " +
        "is of type html; allowed: files of type csv. Hand on files of that type.",
    ]);
  });

  it("tells a key that no store has, and variables in it that are not known there", () => {
    const definition = structuredClone(definitions.trials);
    const [table] = definition.templates[1]!.outputs!.artifacts!;
    const keyed = (key: string) => {
      table!.key = key;
      return reasonsOf({ definition, parameters: { day: "2026-01-01" } });
    };
    expect(keyed("demand/{{workflow.name}}/{{inputs.parameters.day}}")).toEqual([]);
    expect(keyed("/demand")).toEqual([
      'definition.templates[1].outputs.artifacts[0].key is "/demand"; allowed: a key such as demand/raw, at most 1024 bytes, ' +
        "without a slash at its ends. Write it in this form.",
    ]);
    expect(keyed("demand/{{workflow.run}}")).toEqual([
      "definition.templates[1].outputs.artifacts[0].key is {{workflow.run}}; allowed: variables that are known there. Did " +
        "you mean {{workflow.uid}}?",
    ]);
  });

  it("takes a value as used where only a key has it, and needs no files that a key tells", () => {
    const step = containerStep("step", {
      inputs: { raw: artifact("tables", { key: "demand/raw/{{inputs.parameters.day}}" }), day: param.string() },
      run: ({ inputs }) => ({ image: "a:1", command: ["run", inputs.raw.path] }),
    });
    const graph = dag("graph", {
      inputs: { day: param.string() },
      tasks: (tasks, { day }) => {
        tasks.run(step, { day });
      },
    });
    const parameters = { day: "2026-01-01" };
    for (const each of [step, graph]) {
      expect(reasonsOf({ definition: workflowDefinition(each), parameters })).toEqual([]);
    }
  });

  it("tells a required input that is left out", () => {
    const args = withTask("best", (task) => delete task.arguments!.parameters!["depth"]);
    expect(reasonsOf(args)).toEqual([
      "definition.templates[0].dag.tasks[3].arguments.parameters.depth is missing; allowed: something for this required " +
        "input. Hand it on, or make the input optional.",
    ]);
  });

  it("tells a circle of tasks by their names", () => {
    const args = withTask("fetch", (task) => (task.after = [{ task: "best" }]));
    expect(reasonsOf(args)).toEqual([
      "definition.templates[0].dag.tasks is fetch → best → train → fetch; allowed: tasks that do not wait for each other. " +
        "Break the circle.",
    ]);
  });

  it("tells how to reach what only the workflow knows", () => {
    const definition = structuredClone(definitions.trials);
    definition.templates[1]!.container!.args!.push("{{workflow.parameters.day}}");
    expect(reasonsOf({ definition, parameters: { day: "" } })).toEqual([
      "definition.templates[1].container.args[5] is {{workflow.parameters.day}}; allowed: variables that are known there. " +
        "Declare an input, hand the value on to it, and use that: other workflows can then use it too.",
    ]);
  });

  it("tells that a condition of other path languages is none here", () => {
    const definition = structuredClone(definitions.release);
    definition.templates[2]!.resource!.successCondition = 'status.conditions.#(type=="Ready").status == True';
    expect(reasonsOf({ definition, parameters: { day: "" } })).toEqual([
      'definition.templates[2].resource.successCondition is "status.conditions.#(type==\\"Ready\\").status == True"; ' +
        "allowed: fields by dots, then == != < > and a word, or in and words in brackets. Selectors cannot search lists: " +
        "write status.conditions.0.type for the first, or take another field.",
    ]);
  });

  it("tells everything at once", () => {
    const args = withTask("best", (task) => {
      task.template = "trains";
      task.when![0]!.other = "many";
      task.after![0]!.task = "tried";
    });
    expect(reasonsOf(args).length).toBeGreaterThan(3);
  });

  it("has nothing to say of what is not known yet", () => {
    const later = Promise.resolve("2026-01-01");
    expect(reasonsOf({ definition: definitions.trials, parameters: { day: later } })).toEqual([]);
  });

  it("does not fall over whatever another language hands it", () => {
    for (const definition of [undefined, null, {}, { templates: {} }, { entrypoint: 3, templates: [{}] }]) {
      expect(reasonsOf({ definition } as unknown as WorkflowArgs)).not.toEqual([]);
    }
  });
});

describe("what a run is given", () => {
  const plan = containerStep("plan", {
    inputs: {
      depths: param.list(param.number()),
      mode: param.oneOf(["fast", "thorough"]),
      table: artifact("csv"),
      sure: param.boolean(),
    },
    run: ({ inputs }) => ({
      image: "a:1",
      command: ["plan"],
      args: [inputs.depths, inputs.mode, inputs.table.path, inputs.sure],
    }),
  });
  const definition = workflowDefinition(plan);
  const right = { depths: "[1, 2]", mode: "fast", sure: "true" };

  it("is taken by the types of the entrypoint's inputs", () => {
    const artifacts = { table: "demand/table.csv" };
    expect(reasonsOf({ definition, parameters: right, artifacts })).toEqual([]);
    const wrong = { depths: "1, 2", mode: "slow", sure: "yes" };
    expect(reasonsOf({ definition, parameters: wrong, artifacts })).toEqual([
      'parameters.depths is "1, 2"; allowed: a JSON list. Write it as its type demands.',
      'parameters.mode is "slow"; allowed: fast, thorough. Give it one of these.',
      'parameters.sure is "yes"; allowed: true or false. Write it as its type demands.',
    ]);
  });

  it("must be there", () => {
    expect(reasonsOf({ definition, parameters: { depths: "[]", mode: "fast" } })).toEqual([
      "parameters.sure is missing; allowed: something for this input of the entrypoint. Give it, or give the input a default.",
      "artifacts.table is missing; allowed: something for this input of the entrypoint. Give it, or give the input a default.",
    ]);
  });
});

describe("volumes of a run", () => {
  const step = containerStep("step", {
    run: () => ({
      image: "a:1",
      command: ["run"],
      volumes: [{ name: "work", mountPath: "/work", persistentVolumeClaim: "{{workflow.name}}-work" }],
    }),
  });
  const definition = workflowDefinition(step);

  it("go together with the steps that mount them", () => {
    expect(reasonsOf({ definition, volumeClaims: [{ name: "work", size: "10Gi" }] })).toEqual([]);
    expect(reasonsOf({ definition, volumeClaims: [{ name: "other", size: "10Gi" }] })).toEqual([
      'definition.templates[0].container.volumes[0].persistentVolumeClaim is "{{workflow.name}}-work"; allowed: ' +
        "{{workflow.name}}-other. Add the claim to volumeClaims, or name another.",
      "volumeClaims[0] is a claim that no step mounts; allowed: a volume with {{workflow.name}}-other. Mount it, or remove it.",
    ]);
  });
});

describe("what a graph leaves out", () => {
  const measure = containerStep("measure", {
    outputs: { error: param.number() },
    run: ({ outputs }) => ({ image: "a:1", command: ["measure"], args: [outputs.error.path] }),
  });
  const use = containerStep("use", {
    inputs: { error: param.number() },
    outputs: { note: param.string() },
    run: ({ inputs, outputs }) => ({ image: "a:1", command: ["use"], args: [inputs.error, outputs.note.path] }),
  });

  it("reaches to all that needs its outputs, and so to the outputs of the graph", () => {
    const graph = dag("graph", {
      outputs: { note: param.string() },
      tasks: (tasks) => {
        const first = tasks.run(measure);
        tasks.run(use, { error: first.outputs.error }, { when: first.outputs.error.isBelow(1) });
        const third = tasks.run(use, { error: 1 }, { name: "third", after: [{ task: "use", result: "succeeded" }] });
        return third.outputs;
      },
    });
    expect(pathsOf(workflowDefinition(graph))).toContain("definition.templates[0].outputs.parameters[0].defaultValue");
  });
});
