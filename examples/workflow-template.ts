import {
  Cluster,
  ClusterKind,
  containerStep,
  dag,
  param,
  useTemplate,
  Workflow,
  workflowDefinition,
  workflowRun,
  WorkflowTemplate,
} from "../components";

const cluster = new Cluster("lab", { kind: ClusterKind.existing });
const opts = { providers: [cluster.provider] };

const notify = containerStep("notify", {
  inputs: { text: param.string(), level: param.oneOf(["info", "alarm"], { default: "info" }) },
  run: ({ inputs }) => ({
    image: "ghcr.io/acme/messages:2.0.1",
    command: ["message"],
    args: [`--level=${inputs.level}`, inputs.text],
    secretEnv: { TOKEN: { name: "messages", key: "token" } },
  }),
});

export const messages = new WorkflowTemplate(
  "messages",
  { definition: workflowDefinition(notify), namespace: "demand" },
  opts,
);

const cleanUp = containerStep("clean-up", {
  run: () => ({ image: "ghcr.io/acme/demand:1.4.0", command: ["python", "-m", "demand.clean_up"] }),
});

const atExit = dag("at-exit", {
  tasks: (graph) => {
    const when = workflowRun.status.isNot("Succeeded");
    graph.run(useTemplate("messages", notify), { text: workflowRun.failures, level: "alarm" }, { when });
  },
});

export const cleaning = new Workflow(
  "cleaning",
  { definition: workflowDefinition(cleanUp, { onExit: atExit }), namespace: "demand" },
  { ...opts, dependsOn: [messages] },
);

export const hello = new Workflow(
  "hello",
  { workflowTemplate: messages.objectName, parameters: { text: "hello" }, namespace: "demand" },
  opts,
);
