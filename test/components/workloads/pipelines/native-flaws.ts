import type { StepTemplate, WorkflowDefinition, WorkflowTask } from "../../../../components/workloads/workflows";
import { gpuJobManifest } from "../../../../components/workloads";
import { nativeDefinitions } from "./native-steps";

type NativeFlaw = [path: string, change: (definition: WorkflowDefinition) => void];

/** The templates are whole, fetch, train, report, check and bye, in this order. */
const FETCH = "definition.templates[1]";
const TRAIN = "definition.templates[2]";
const container = (definition: WorkflowDefinition) => definition.templates[1]!.container!;
const train = (definition: WorkflowDefinition): StepTemplate => definition.templates[2]!;
const task = (definition: WorkflowDefinition, name: string): WorkflowTask =>
  definition.templates[0]!.dag!.tasks.find((each) => each.name === name)!;
/** Its tasks are fetch, tried, fixed, best, report and check. */
const TASKS = "definition.templates[0].dag.tasks";

const FLAWS: NativeFlaw[] = [
  [
    "definition.templates[6].resource",
    (it) => {
      it.templates.push({ name: "job", resource: { manifest: gpuJobManifest("job", { image: "a:1" }) } });
      it.templates[0]!.dag!.tasks.push({ name: "job", template: "job" });
    },
  ],
  [
    "definition.templates[6].suspend",
    (it) => {
      it.templates.push({ name: "pause", suspend: {} });
      it.templates[0]!.dag!.tasks.push({ name: "pause", template: "pause" });
    },
  ],
  [`${TRAIN}.mutexes`, (it) => (train(it).mutexes = ["a"])],
  [`${TRAIN}.semaphores`, (it) => (train(it).semaphores = [{ configMap: "a", key: "b" }])],
  ["definition.templates[0].parallelism", (it) => (it.templates[0]!.parallelism = 2)],
  ["definition.templates[0].dag.failFast", (it) => (it.templates[0]!.dag!.failFast = false)],
  [`${TRAIN}.retry.policy`, (it) => (train(it).retry = { policy: "OnError" })],
  [`${TRAIN}.retry.permanentExitCodes`, (it) => (train(it).retry = { permanentExitCodes: [2] })],
  [`${TRAIN}.outputs.parameters[0].path`, (it) => (train(it).outputs!.parameters![0]!.path = "/error")],
  [`${TRAIN}.outputs.artifacts[0].path`, (it) => (train(it).outputs!.artifacts![0]!.path = "/model")],
  [`${TRAIN}.outputs.artifacts[0].key`, (it) => (train(it).outputs!.artifacts![0]!.key = "demand/model")],
  [`${TRAIN}.inputs.artifacts[0].key`, (it) => (train(it).inputs!.artifacts![0]!.key = "demand/table")],
  [`${TRAIN}.inputs.artifacts[0].path`, (it) => (train(it).inputs!.artifacts![0]!.path = "/table")],
  [`${TRAIN}.outputs.parameters[0].defaultValue`, (it) => (train(it).outputs!.parameters![0]!.defaultValue = "1")],
  [`${FETCH}.container.priorityClassName`, (it) => (container(it).priorityClassName = "high")],
  [`${FETCH}.container.serviceAccountName`, (it) => (container(it).serviceAccountName = "fetch")],
  [
    `${FETCH}.container.efa`,
    (it) => {
      container(it).gpus = 8;
      container(it).efa = 1;
    },
  ],
  [`${FETCH}.container.args[5]`, (it) => container(it).args!.push("{{workflow.name}}")],
  [`${FETCH}.container.args[5]`, (it) => container(it).args!.push("{{=inputs.parameters.day + 'x'}}")],
  [`${FETCH}.container.env.DAY`, (it) => (container(it).env = { DAY: "{{inputs.parameters.day}}" })],
  [
    `${FETCH}.container.volumes[0].readOnly`,
    (it) => (container(it).volumes = [{ name: "a", mountPath: "/a", persistentVolumeClaim: "a", readOnly: true }]),
  ],
  [
    `${FETCH}.container.volumes[0].readOnly`,
    (it) => (container(it).volumes = [{ name: "a", mountPath: "/a", secret: "a", readOnly: false }]),
  ],
  [`${TASKS}[3].after[0].result`, (it) => (task(it, "best").after = [{ task: "tried", result: "failed" }])],
  [`${TASKS}[3].after`, (it) => (task(it, "best").after = [{ task: "tried", result: "ended" }])],
  [
    `${TASKS}[0].templateRef`,
    (it) => {
      const { name, inputs, outputs } = it.templates[1]!;
      task(it, "fetch").templateRef = { name: "other", template: name, inputs: inputs!, outputs: outputs! };
      delete task(it, "fetch").template;
      it.templates.splice(1, 1);
    },
  ],
  [
    `${TASKS}[4].arguments.parameters.title`,
    (it) => (task(it, "report").arguments!.parameters!["title"] = "{{=workflow.name}}"),
  ],
  [
    `${TASKS}[4].arguments.parameters.title`,
    (it) => (task(it, "report").arguments!.parameters!["title"] = "of {{workflow.name}}"),
  ],
  [
    `${TASKS}[4].arguments.parameters.title`,
    (it) => (task(it, "report").arguments!.parameters!["title"] = "{{workflow.namespace}}"),
  ],
  [
    `${TASKS}[4].arguments.parameters.title`,
    (it) => (task(it, "report").arguments!.parameters!["title"] = "{{tasks.best.outputs.parameters.error}}"),
  ],
  [
    "definition.templates[0].outputs.parameters[0].source",
    (it) => {
      const output = it.templates[0]!.outputs!.parameters![0]!;
      output.source = "{{tasks.best.outputs.parameters.error}}";
      output.defaultValue = "1";
    },
  ],
];

/** What Kubeflow Pipelines do not know, and the path that a problem has for it. */
export const NATIVE_FLAWS: [path: string, changes: object & Record<string, unknown>][] = [
  ["native.versionName", { native: { versionName: "Version 1" } }],
  ...["parallelism", "activeDeadlineSeconds", "secondsAfterCompletion", "priority"].map(
    (field): [string, Record<string, unknown>] => [field, { [field]: 1 }],
  ),
  ["queue", { queue: "default" }],
  ["artifactStore", { artifactStore: { bucket: "a", region: "b" } }],
  ["serviceAccountName", { serviceAccountName: "trainer" }],
  ["mutexes", { mutexes: ["a"] }],
  ...FLAWS.map(([path, change]): [string, Record<string, unknown>] => {
    const definition = structuredClone(nativeDefinitions.trials);
    change(definition);
    return [path, { definition }];
  }),
];
