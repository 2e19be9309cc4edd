import { artifact, Cluster, ClusterKind, containerStep, dag, param, Workflow, workflowDefinition } from "../components";

const cluster = new Cluster("lab", { kind: ClusterKind.existing });

const image = "ghcr.io/acme/demand:1.4.0";

const fetchRides = containerStep("fetch", {
  inputs: { day: param.string() },
  outputs: { table: artifact("csv"), rows: param.number() },
  run: ({ inputs, outputs }) => ({
    image,
    command: ["python", "-m", "demand.fetch"],
    args: [inputs.day, "--table", outputs.table.path, "--rows", outputs.rows.path],
  }),
});

const train = containerStep("train", {
  inputs: { table: artifact("csv"), depth: param.number() },
  outputs: { model: artifact("model"), error: param.number() },
  run: ({ inputs, outputs }) => ({
    image,
    command: ["python", "-m", "demand.train"],
    args: [inputs.table.path, "--depth", inputs.depth, "--model", outputs.model.path, "--error", outputs.error.path],
    gpus: 1,
  }),
  retry: { limit: 1, permanentExitCodes: [2] },
});

const compare = containerStep("compare", {
  inputs: { errors: param.list(param.number()) },
  run: ({ inputs }) => ({ image, command: ["python", "-m", "demand.compare"], args: [inputs.errors] }),
});

const trials = dag("trials", {
  inputs: { day: param.string(), "least-rows": param.number({ default: 1000 }) },
  tasks: (graph, inputs) => {
    const fetched = graph.run(fetchRides, { day: inputs.day });
    const tried = graph.each(train, [2, 4, 8], (depth) => ({ table: fetched.outputs.table, depth }), {
      when: fetched.outputs.rows.isAtLeast(inputs["least-rows"]),
    });
    graph.run(compare, { errors: tried.outputs.error });
  },
});

export const demand = new Workflow(
  "demand",
  {
    definition: workflowDefinition(trials),
    parameters: { day: "2026-01-01" },
    lineage: { commit: "0123abc" },
  },
  { providers: [cluster.provider] },
);
