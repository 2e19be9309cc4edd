import type { StepTemplate, WorkflowDefinition, WorkflowTask } from "../../../../components/workloads/workflows";
import { definitions } from "./steps";

/** What is wrong with a definition: where, and what is changed in one that is right. */
type DefinitionFlaw = [path: string, change: (definition: WorkflowDefinition) => void];

const program = { image: "a:1", command: ["run"] };

const template = (definition: WorkflowDefinition, name: string): StepTemplate =>
  definition.templates.find((each) => each.name === name)!;
const tasks = (definition: WorkflowDefinition): WorkflowTask[] => template(definition, "trials").dag!.tasks;
const task = (definition: WorkflowDefinition, name: string): WorkflowTask =>
  tasks(definition).find((each) => each.name === name)!;
const step = (name: string, rest: Partial<StepTemplate> = { container: program }): StepTemplate => ({ name, ...rest });

/** `trials` has the templates trials, fetch, train, compare, at-exit and notify, in this order. */
const OF_TRIALS: DefinitionFlaw[] = [
  ["definition.templates", (it) => (it.templates = [])],
  ["definition.entrypoint", (it) => (it.entrypoint = "trial")],
  ["definition.onExit", (it) => (it.onExit = "notified")],
  ["definition.onExit", (it) => (it.onExit = "notify")],
  ["definition.templates[6]", (it) => it.templates.push(step("stray"))],
  ["definition.templates[6].name", (it) => it.templates.push(step("fetch"))],
  ["definition.templates[1].name", (it) => (it.templates[1]!.name = "fetch rows")],
  ["definition.templates[1]", (it) => (it.templates[1]!.suspend = {})],
  ["definition.templates[1]", (it) => delete it.templates[1]!.container],
  ["definition.templates[1].parallelism", (it) => (it.templates[1]!.parallelism = 2)],
  ["definition.templates[0].parallelism", (it) => (it.templates[0]!.parallelism = 0)],
  ["definition.templates[0].activeDeadlineSeconds", (it) => (it.templates[0]!.activeDeadlineSeconds = 5)],
  ["definition.templates[1].activeDeadlineSeconds", (it) => (it.templates[1]!.activeDeadlineSeconds = 0)],
  ["definition.templates[0].retry", (it) => (it.templates[0]!.retry = { limit: 1 })],
  ["definition.templates[1].retry.limit", (it) => (it.templates[1]!.retry = { limit: -1 })],
  ["definition.templates[1].retry.policy", (it) => (it.templates[1]!.retry = { policy: "Ever" as never })],
  ["definition.templates[1].retry.delaySeconds", (it) => (it.templates[1]!.retry = { delaySeconds: 0 })],
  ["definition.templates[1].retry.factor", (it) => (it.templates[1]!.retry = { factor: 0 })],
  ["definition.templates[1].retry.maxDelaySeconds", (it) => (it.templates[1]!.retry = { maxDelaySeconds: 0.5 })],
  [
    "definition.templates[1].retry.permanentExitCodes[0]",
    (it) => (it.templates[1]!.retry = { permanentExitCodes: [256] }),
  ],
  ["definition.templates[1].mutexes[0]", (it) => (it.templates[1]!.mutexes = ["My Lock"])],
  [
    "definition.templates[1].semaphores[0].key",
    (it) => (it.templates[1]!.semaphores = [{ configMap: "limits", key: "" }]),
  ],
  ["definition.templates[0].mutexes", (it) => (it.templates[0]!.mutexes = ["lock"])],
  [
    "definition.templates[1].inputs.parameters[0].name",
    (it) => (it.templates[1]!.inputs!.parameters![0]!.name = "the day"),
  ],
  [
    "definition.templates[1].inputs.parameters[1].name",
    (it) => (it.templates[1]!.inputs!.parameters![1]!.name = "day"),
  ],
  [
    "definition.templates[1].inputs.parameters[1].defaultValue",
    (it) => (it.templates[1]!.inputs!.parameters![1]!.defaultValue = "many"),
  ],
  [
    "definition.templates[1].inputs.parameters[0].type",
    (it) => (it.templates[1]!.inputs!.parameters![0]!.type = "date" as never),
  ],
  [
    "definition.templates[1].inputs.parameters[1].options",
    (it) => (it.templates[1]!.inputs!.parameters![1]!.options = ["1"]),
  ],
  [
    "definition.templates[1].inputs.parameters[0].options.length",
    (it) => (it.templates[1]!.inputs!.parameters![0]!.options = []),
  ],
  [
    "definition.templates[1].inputs.parameters[0].itemType",
    (it) => (it.templates[1]!.inputs!.parameters![0]!.itemType = "number"),
  ],
  [
    "definition.templates[1].inputs.parameters[0].itemFields",
    (it) => (it.templates[1]!.inputs!.parameters![0]!.itemFields = [{ name: "a" }]),
  ],
  [
    "definition.templates[1].inputs.parameters[2]",
    (it) => it.templates[1]!.inputs!.parameters!.push({ name: "spare", defaultValue: "" }),
  ],
  [
    "definition.templates[2].inputs.artifacts[1]",
    (it) => it.templates[2]!.inputs!.artifacts!.push({ name: "spare", type: "csv", optional: true }),
  ],
  ["definition.templates[2].inputs.artifacts[0].type", (it) => (it.templates[2]!.inputs!.artifacts![0]!.type = " ")],
  [
    "definition.templates[2].outputs.artifacts[0].name",
    (it) => (it.templates[2]!.outputs!.artifacts![0]!.name = "error"),
  ],
  [
    "definition.templates[2].outputs.artifacts[0].path",
    (it) => (it.templates[2]!.outputs!.artifacts![0]!.path = "model"),
  ],
  [
    "definition.templates[2].outputs.parameters[0].path",
    (it) => (it.templates[2]!.outputs!.parameters![0]!.path = "/inputs/table"),
  ],
  [
    "definition.templates[2].outputs.parameters[0].jsonPath",
    (it) => (it.templates[2]!.outputs!.parameters![0]!.jsonPath = "{.a}"),
  ],
  ["definition.templates[1].container.command", (it) => delete it.templates[1]!.container!.command],
  ["definition.templates[1].container.image", (it) => (it.templates[1]!.container!.image = "")],
  ["definition.templates[1].container.gpus", (it) => (it.templates[1]!.container!.gpus = -1)],
  [
    "definition.templates[1].container.volumes[0].name",
    (it) => (it.templates[1]!.container!.volumes = [{ name: "outputs", mountPath: "/o", scratch: {} }]),
  ],
  [
    "definition.templates[1].container.volumes[0].persistentVolumeClaim",
    (it) =>
      (it.templates[1]!.container!.volumes = [
        { name: "work", mountPath: "/work", persistentVolumeClaim: "{{workflow.name}}-work" },
      ]),
  ],
  [
    "definition.templates[1].container.args[0]",
    (it) => (it.templates[1]!.container!.args![0] = "{{inputs.parameters.dya}}"),
  ],
  ["definition.templates[1].container.args[0]", (it) => (it.templates[1]!.container!.args![0] = "{{workflow.status}}")],
  [
    "definition.templates[1].container.args[0]",
    (it) => (it.templates[1]!.container!.args![0] = "{{workflow.parameters.day}}"),
  ],
  [
    "definition.templates[1].container.args[0]",
    (it) => (it.templates[1]!.container!.args![0] = "{{inputs.parameters.day}"),
  ],
  [
    "definition.templates[1].container.env.DAY",
    (it) => (it.templates[1]!.container!.env = { DAY: "{{=inputs.parameters.month + 'x'}}" }),
  ],
  ["definition.templates[0].dag.tasks", (it) => (it.templates[0]!.dag!.tasks = [])],
  ["definition.templates[0].dag.tasks", (it) => (task(it, "fetch").after = [{ task: "best" }])],
  ["definition.templates[0].dag.tasks[0].name", (it) => (task(it, "fetch").name = "1st")],
  ["definition.templates[0].dag.tasks[3].name", (it) => (task(it, "best").name = "train")],
  ["definition.templates[0].dag.tasks[0].template", (it) => (task(it, "fetch").template = "fetsch")],
  ["definition.templates[0].dag.tasks[0].template", (it) => delete task(it, "fetch").template],
  ["definition.templates[0].dag.tasks[0].arguments.parameters.day", (it) => delete task(it, "fetch").arguments],
  [
    "definition.templates[0].dag.tasks[0].arguments.parameters.month",
    (it) => (task(it, "fetch").arguments!.parameters!["month"] = "1"),
  ],
  [
    "definition.templates[0].dag.tasks[0].arguments.parameters.limit",
    (it) => (task(it, "fetch").arguments!.parameters!["limit"] = "all"),
  ],
  [
    "definition.templates[0].dag.tasks[0].arguments.parameters.limit",
    (it) => (task(it, "fetch").arguments!.parameters!["limit"] = "{{inputs.parameters.day}}"),
  ],
  [
    "definition.templates[0].dag.tasks[0].arguments.parameters.limit",
    (it) => (task(it, "fetch").arguments!.parameters!["limit"] = "1{{inputs.parameters.least-rows}}"),
  ],
  [
    "definition.templates[0].dag.tasks[0].arguments.parameters.day",
    (it) => (task(it, "fetch").arguments!.parameters!["day"] = "{{item}}"),
  ],
  [
    "definition.templates[0].dag.tasks[3].arguments.parameters.depth",
    (it) => (task(it, "best").arguments!.parameters!["depth"] = "{{tasks.fetch.outputs.artifacts.table}}"),
  ],
  [
    "definition.templates[0].dag.tasks[3].arguments.parameters.depth",
    (it) => (task(it, "best").arguments!.parameters!["depth"] = "{{tasks.fetch.outputs.parameters.lines}}"),
  ],
  [
    "definition.templates[0].dag.tasks[3].arguments.artifacts.table",
    (it) => (task(it, "best").arguments!.artifacts!["table"] = "{{tasks.fetch.outputs.parameters.rows}}"),
  ],
  [
    "definition.templates[0].dag.tasks[3].arguments.artifacts.table",
    (it) => (task(it, "best").arguments!.artifacts!["table"] = "s3://lake/table.csv"),
  ],
  [
    "definition.templates[0].dag.tasks[3].arguments.artifacts.table",
    (it) => (task(it, "best").arguments!.artifacts!["table"] = "{{tasks.compare.outputs.artifacts.report}}"),
  ],
  [
    "definition.templates[0].dag.tasks[3].arguments.artifacts.table",
    (it) => (task(it, "best").arguments!.artifacts!["table"] = "{{tasks.train.outputs.artifacts.model}}"),
  ],
  [
    "definition.templates[0].dag.tasks[3].arguments.artifacts.table",
    (it) => delete task(it, "best").arguments!.artifacts,
  ],
  ["definition.templates[0].dag.tasks[3].when[0].value", (it) => (task(it, "best").when![0]!.value = "rows")],
  [
    "definition.templates[0].dag.tasks[3].when[0].value",
    (it) => (task(it, "best").when![0]!.value = "{{tasks.fetch.outputs.parameters.lines}}"),
  ],
  [
    "definition.templates[0].dag.tasks[3].when[0].operator",
    (it) => (task(it, "best").when![0]!.operator = "=" as never),
  ],
  [
    "definition.templates[0].dag.tasks[3].when[0].operator",
    (it) => (task(it, "best").when![0]!.value = "{{inputs.parameters.day}}"),
  ],
  ["definition.templates[0].dag.tasks[3].when[0].other", (it) => (task(it, "best").when![0]!.other = "many")],
  [
    "definition.templates[0].dag.tasks[3].when[0].other",
    (it) => (task(it, "best").when![0]!.other = "{{tasks.fetch.outputs.artifacts.table}}"),
  ],
  ["definition.templates[0].dag.tasks[3].after[0].task", (it) => (task(it, "best").after![0]!.task = "tried")],
  [
    "definition.templates[0].dag.tasks[3].after[0].result",
    (it) => (task(it, "best").after![0]!.result = "done" as never),
  ],
  [
    "definition.templates[0].dag.tasks[3].after[1].result",
    (it) => task(it, "best").after!.push({ task: "fetch", result: "any-succeeded" }),
  ],
  [
    "definition.templates[0].dag.tasks[3].after[1].result",
    (it) => task(it, "best").after!.push({ task: "fetch", result: "failed" }),
  ],
  ["definition.templates[0].dag.tasks[1].withItems", (it) => (task(it, "train").withItems = [1])],
  ["definition.templates[0].dag.tasks[3].withItems", (it) => (task(it, "best").withItems = [])],
  ["definition.templates[0].dag.tasks[3].withItems[1]", (it) => (task(it, "best").withItems = [1, "2"])],
  ["definition.templates[0].dag.tasks[3].withItems[0]", (it) => (task(it, "best").withItems = [[1]])],
  [
    "definition.templates[0].dag.tasks[1].withParam",
    (it) => (task(it, "train").withParam = "{{tasks.fetch.outputs.parameters.rows}}"),
  ],
  ["definition.templates[0].dag.tasks[1].withParam", (it) => (task(it, "train").withParam = "[1, 2]")],
  [
    "definition.templates[0].outputs.parameters[0].defaultValue",
    (it) => delete it.templates[0]!.outputs!.parameters![0]!.defaultValue,
  ],
  [
    "definition.templates[0].outputs.artifacts[0].optional",
    (it) => delete it.templates[0]!.outputs!.artifacts![0]!.optional,
  ],
  [
    "definition.templates[0].outputs.parameters[0].source",
    (it) => delete it.templates[0]!.outputs!.parameters![0]!.source,
  ],
  [
    "definition.templates[0].outputs.artifacts[0].source",
    (it) => delete it.templates[0]!.outputs!.artifacts![0]!.source,
  ],
  [
    "definition.templates[0].outputs.parameters[0].source",
    (it) => (it.templates[0]!.outputs!.parameters![0]!.source = "1"),
  ],
  [
    "definition.templates[0].outputs.artifacts[0].archived",
    (it) => (it.templates[0]!.outputs!.artifacts![0]!.archived = true),
  ],
  ["definition.templates[0].outputs.artifacts[0].key", (it) => (it.templates[0]!.outputs!.artifacts![0]!.key = "a")],
  ["definition.templates[1].outputs.artifacts[0].key", (it) => (it.templates[1]!.outputs!.artifacts![0]!.key = "a/")],
  ["definition.templates[1].outputs.artifacts[0].key", (it) => (it.templates[1]!.outputs!.artifacts![0]!.key = "a//b")],
  ["definition.templates[1].outputs.artifacts[0].key", (it) => (it.templates[1]!.outputs!.artifacts![0]!.key = "../b")],
  ["definition.templates[1].outputs.artifacts[0].key", (it) => (it.templates[1]!.outputs!.artifacts![0]!.key = "")],
  [
    "definition.templates[1].outputs.artifacts[0].key",
    (it) => (it.templates[1]!.outputs!.artifacts![0]!.key = "é".repeat(513)),
  ],
  [
    "definition.templates[1].outputs.artifacts[0].key",
    (it) => (it.templates[1]!.outputs!.artifacts![0]!.key = "{{inputs.parameters.month}}"),
  ],
  [
    "definition.templates[2].inputs.artifacts[0].key",
    (it) => (it.templates[2]!.inputs!.artifacts![0]!.key = "a/{{workflow.name"),
  ],
  [
    "definition.templates[0].outputs.parameters[0].path",
    (it) => (it.templates[0]!.outputs!.parameters![0]!.path = "/a"),
  ],
  [
    "definition.templates",
    (it) => {
      it.templates.push(
        step("round", {
          dag: { tasks: [{ name: "again", template: "trials", arguments: { parameters: { day: "" } } }] },
        }),
      );
      tasks(it).push({ name: "round", template: "round" });
    },
  ],
  [
    "definition.templates",
    (it) => {
      for (let index = 0; index < 200; index++) it.templates.push(step(`more-${index}`));
    },
  ],
];

/** `release` has the templates release, fetch, score, distributed, approve and train, in this order. */
const OF_RELEASE: DefinitionFlaw[] = [
  ["definition.templates[0].steps", (it) => (it.templates[0]!.steps = [])],
  ["definition.templates[0].steps[2].tasks", (it) => (it.templates[0]!.steps![2]!.tasks = [])],
  ["definition.templates[0].steps", (it) => (it.templates[0]!.steps![1]!.tasks[0]!.name = "fetch")],
  [
    "definition.templates[0].steps[1].tasks[0].after",
    (it) => (it.templates[0]!.steps![1]!.tasks[0]!.after = [{ task: "fetch" }]),
  ],
  [
    "definition.templates[0].steps[0].tasks[1].arguments.parameters.day",
    (it) =>
      (it.templates[0]!.steps![0]!.tasks[1]!.arguments!.parameters!["day"] = "{{steps.fetch.outputs.parameters.rows}}"),
  ],
  [
    "definition.templates[0].steps[1].tasks[1].arguments.artifacts.table",
    (it) =>
      (it.templates[0]!.steps![0]!.tasks[0]!.when = [
        { value: "{{inputs.parameters.day}}", operator: "!=", other: "" },
      ]),
  ],
  [
    "definition.templates[0].steps[2].tasks[0].templateRef.name",
    (it) => (it.templates[0]!.steps![2]!.tasks[0]!.templateRef!.name = ""),
  ],
  [
    "definition.templates[0].steps[2].tasks[0].arguments.parameters.status",
    (it) => delete it.templates[0]!.steps![2]!.tasks[0]!.arguments,
  ],
  ["definition.templates[2].resource.manifest", (it) => (it.templates[2]!.resource!.manifest = "kind: Job")],
  ["definition.templates[2].resource.manifest.kind", (it) => delete manifestOf(it, 2).kind],
  ["definition.templates[2].resource.manifest.metadata.name", (it) => (manifestOf(it, 2).metadata!["name"] = "Score")],
  [
    "definition.templates[2].resource.manifest.metadata.name",
    (it) => (manifestOf(it, 2).metadata = { generateName: "a-" }),
  ],
  [
    "definition.templates[2].resource.manifest.metadata.name",
    (it) => (manifestOf(it, 2).metadata!["name"] = "x".repeat(60)),
  ],
  ["definition.templates[2].resource.verb", (it) => (it.templates[2]!.resource!.verb = "delete" as never)],
  ["definition.templates[2].resource.successCondition", (it) => (manifestOf(it, 2).kind = "Proxy")],
  [
    "definition.templates[2].resource.successCondition",
    (it) => (it.templates[2]!.resource!.successCondition = 'status.conditions.#(type=="Ready").status == True'),
  ],
  ["definition.templates[2].resource.failureCondition", (it) => (it.templates[2]!.resource!.failureCondition = "a b")],
  [
    "definition.templates[2].outputs.parameters[0].jsonPath",
    (it) => delete it.templates[2]!.outputs!.parameters![0]!.jsonPath,
  ],
  [
    "definition.templates[2].outputs.artifacts[0]",
    (it) => (it.templates[2]!.outputs!.artifacts = [{ name: "a", type: "b" }]),
  ],
  [
    "definition.templates[2].inputs.artifacts[0]",
    (it) => (it.templates[2]!.inputs!.artifacts = [{ name: "a", type: "b", optional: true }]),
  ],
  ["definition.templates[2].retry.permanentExitCodes", (it) => (it.templates[2]!.retry = { permanentExitCodes: [1] })],
  ["definition.templates[4].suspend.seconds", (it) => (it.templates[4]!.suspend!.seconds = 0)],
  ["definition.templates[4].outputs.parameters", (it) => (it.templates[4]!.suspend!.seconds = 60)],
  [
    "definition.templates[4].inputs",
    (it) => (it.templates[4]!.inputs = { parameters: [{ name: "a", defaultValue: "" }] }),
  ],
  [
    "definition.templates[4].outputs.artifacts[0]",
    (it) => (it.templates[4]!.outputs!.artifacts = [{ name: "a", type: "b" }]),
  ],
  [
    "definition.templates[4].outputs.parameters[0].path",
    (it) => (it.templates[4]!.outputs!.parameters![0]!.path = "/a"),
  ],
  ["definition.templates[6].name", (it) => it.templates.push(step("distributed-create"))],
];

interface Head {
  kind?: string;
  metadata?: Record<string, unknown>;
}

function manifestOf(definition: WorkflowDefinition, index: number): Head {
  return definition.templates[index]!.resource!.manifest as Head;
}

/** Definitions with one thing wrong, and the path that a problem has for it. */
export const DEFINITION_FLAWS: [path: string, changes: { definition: WorkflowDefinition }][] = [
  ...OF_TRIALS.map((flaw) => broken(definitions.trials, flaw)),
  ...OF_RELEASE.map((flaw) => broken(definitions.release, flaw)),
];

function broken(
  definition: WorkflowDefinition,
  [path, change]: DefinitionFlaw,
): [string, { definition: WorkflowDefinition }] {
  const copy = structuredClone(definition);
  change(copy);
  return [path, { definition: copy }];
}
