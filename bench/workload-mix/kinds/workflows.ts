import {
  artifact,
  containerStep,
  CronWorkflow,
  type CronWorkflowArgs,
  cronWorkflowManifest,
  dag,
  param,
  Pipeline,
  type PipelineArgs,
  pipelineManifests,
  PipelineRun,
  type PipelineRunArgs,
  pipelineRunManifest,
  validateCronWorkflow,
  validatePipeline,
  validatePipelineRun,
  validateWorkflow,
  validateWorkflowTemplate,
  Workflow,
  type WorkflowArgs,
  type WorkflowDefinition,
  workflowDefinition,
  workflowManifest,
  workflowObjects,
  WorkflowTemplate,
  type WorkflowTemplateArgs,
  workflowTemplateManifest,
} from "../../../components";
import { kind, object, objectsIn } from "./kind";

/** A definition of three steps, made anew for each workload. */
function definition(index: number): WorkflowDefinition {
  const image = `registry.example.com/ml/demand:1.4.${index}`;
  const fetch = containerStep("fetch", {
    inputs: { day: param.string() },
    outputs: { table: artifact("csv"), rows: param.number() },
    run: ({ inputs, outputs }) => ({
      image,
      command: ["python", "-m", "demand.fetch"],
      args: [inputs.day, outputs.table.path, outputs.rows.path],
    }),
  });
  const train = containerStep("train", {
    inputs: { table: artifact("csv"), depth: param.number() },
    outputs: { error: param.number() },
    run: ({ inputs, outputs }) => ({
      image,
      command: ["python", "-m", "demand.train"],
      args: [inputs.table.path, "--depth", inputs.depth, "--error", outputs.error.path],
      gpus: 1,
    }),
    retry: { limit: 1, permanentExitCodes: [2] },
  });
  const compare = containerStep("compare", {
    inputs: { errors: param.list(param.number()) },
    run: ({ inputs }) => ({ image, command: ["python", "-m", "demand.compare"], args: [inputs.errors] }),
  });
  const trials = dag("trials", {
    inputs: { day: param.string() },
    tasks: (graph, { day }) => {
      const { table, rows } = graph.run(fetch, { day }).outputs;
      const tried = graph.each(train, [2, 4, 8], (depth) => ({ table, depth }), { when: rows.isAtLeast(1000) });
      graph.run(compare, { errors: tried.outputs.error });
    },
  });
  return workflowDefinition(trials);
}

const run = (index: number) => ({
  ...object(index),
  definition: definition(index),
  parameters: { day: "2026-01-01" },
});

/** Workflows of Argo, and pipelines on it. */
export const workflowKinds = {
  Workflow: kind<WorkflowArgs>({
    args: run,
    validate: validateWorkflow,
    manifests: (name, args) => objectsIn(workflowObjects(name, args, workflowManifest(name, args))),
    create: (name, args, opts) => new Workflow(name, args, opts),
  }),
  WorkflowTemplate: kind<WorkflowTemplateArgs>({
    args: (index) => ({ ...object(index), definition: definition(index) }),
    validate: validateWorkflowTemplate,
    manifests: (name, args) => objectsIn(workflowObjects(name, args, workflowTemplateManifest(name, args))),
    create: (name, args, opts) => new WorkflowTemplate(name, args, opts),
  }),
  CronWorkflow: kind<CronWorkflowArgs>({
    args: (index) => ({ ...run(index), schedules: [`${index % 60} 3 * * *`] }),
    validate: validateCronWorkflow,
    manifests: (name, args) => objectsIn(workflowObjects(name, args, cronWorkflowManifest(name, args))),
    create: (name, args, opts) => new CronWorkflow(name, args, opts),
  }),
  Pipeline: kind<PipelineArgs>({
    args: (index) => ({ ...object(index), definition: definition(index) }),
    validate: validatePipeline,
    manifests: (name, args) => {
      const [manifest] = pipelineManifests(name, args);
      return objectsIn(workflowObjects(name, args, manifest!));
    },
    create: (name, args, opts) => new Pipeline(name, args, opts),
  }),
  PipelineRun: kind<PipelineRunArgs>({
    args: run,
    validate: validatePipelineRun,
    manifests: (name, args) => objectsIn(workflowObjects(name, args, pipelineRunManifest(name, args))),
    create: (name, args, opts) => new PipelineRun(name, args, opts),
  }),
};
