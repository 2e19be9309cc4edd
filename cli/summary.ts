import { BatchV1Api, CoreV1Api, CustomObjectsApi, type V1Node, type V1Pod } from "@kubernetes/client-node";
import { GPU_RESOURCE } from "../components/model";
import { SOURCES } from "../components/model/module-sources";
import { readKubeconfig } from "../rehearsal/cluster/kubeconfig";
import type { ClusterLayout } from "../rehearsal/cluster/layout";
import { type PodPrograms, programFor, readPrograms } from "../rehearsal/operators/program-file";
import { readRealNodes, realNodes } from "../rehearsal/real-node/real-nodes";
import type { Environment } from "./environment";
import { nodePrice, poolRows, readNodePools } from "./pool-rows";
import { elapsed } from "./progress";
import { table } from "./table";
import { USUAL_STACK } from "./usual-stack";

/** Prints what stands after `up` and what to do next. */
export async function printSummary(environment: Environment, started: number): Promise<void> {
  const { layout } = environment.controlPlane;
  const { kubeconfig } = layout;
  await printObjects(layout);
  process.stdout.write(
    [
      "",
      ...(environment.stack.needsMirror === true ? [absentSources(), ""] : []),
      `The stack ${environment.stack.name} is up after ${elapsed(started)}. ${await realityOf(layout)}`,
      "Next:",
      `  kubectl --kubeconfig ${kubeconfig} get pods -A -o wide`,
      ...nextCommands(environment.stack.name).map((line) => `  ${line}`),
      "",
    ].join("\n"),
  );
}

/** What may be done with a stack that is up: a command a line, and what it does. */
export function nextCommands(stack: string): string[] {
  const named = stack === USUAL_STACK ? "" : ` -- --stack ${stack}`;
  const commands = [
    ["npm run status", "processes, nodes, jobs"],
    [`npm run preview${named}`, `what a change of stacks/Pulumi.${stack}.yaml would do`],
    [`npm run down${named}`, "destroy the stack, stop the control plane"],
  ] as const;
  return commands.map(([command, does]) => `${command.padEnd(28 + named.length)} ${does}`);
}

/** What of the stack is real. */
async function realityOf(layout: ClusterLayout): Promise<string> {
  const { images } = await readPrograms(layout.programs);
  const real = await readRealNodes(layout);
  const controllers =
    Object.keys(images).length === 0 ? "the control plane is" : "the control plane and the platform's controllers are";
  if (real === undefined) return `No container ran: nodes and GPUs are simulated, ${controllers} real.`;
  const names = realNodes(real, layout).map(({ name }) => name);
  const are = names.length === 1 ? "runs its pods" : "run their pods";
  return `${names.join(", ")} ${are}: GPUs and the other nodes are simulated, ${controllers} real.`;
}

/** Says what of the platform the local stack cannot have, and why. */
function absentSources(): string {
  const absent = Object.values(SOURCES).filter(({ module }) => module === undefined);
  const names = absent.map(({ name, version }) => `${name} ${version}`).join(", ");
  return `Switched off here, as no Go module carries their charts or manifests: ${names}.`;
}

/** Prints the controllers that run, the pools that grow, the nodes with their GPUs, and the jobs and GPU pods with the nodes that they ran on. */
export async function printObjects(layout: ClusterLayout): Promise<void> {
  const config = readKubeconfig(layout.kubeconfig);
  const programs = await readPrograms(layout.programs);
  const core = config.makeApiClient(CoreV1Api);
  const [nodes, pods, jobs, nodePools] = await Promise.all([
    core.listNode(),
    core.listPodForAllNamespaces(),
    config.makeApiClient(BatchV1Api).listJobForAllNamespaces(),
    readNodePools(config.makeApiClient(CustomObjectsApi)),
  ]);
  const podRows = pods.items
    .filter((pod) => gpusAsked(pod) > 0)
    .map((pod) => [
      `${pod.metadata?.namespace ?? ""}/${pod.metadata?.name ?? ""}`,
      String(gpusAsked(pod)),
      pod.status?.phase ?? "",
      pod.spec?.nodeName ?? "",
    ]);
  const jobRows = jobs.items.map((job) => [
    `${job.metadata?.namespace ?? ""}/${job.metadata?.name ?? ""}`,
    `${job.status?.succeeded ?? 0}/${job.spec?.completions ?? 1}`,
    (job.status?.conditions ?? [])
      .filter(({ status }) => status === "True")
      .map(({ type }) => type)
      .at(-1) ?? "Active",
  ]);
  const sections: [string[], string[][]][] = [
    [["controller", "state", "starts"], pods.items.flatMap((pod) => controllerRow(pod, programs))],
    [["pool", "nodes", "at most", "instance types", "USD per hour"], poolRows(nodePools, nodes.items)],
    [["node", "instance type", "GPUs", "state", "USD per hour"], nodes.items.map(nodeRow)],
    [["job", "completions", "state"], jobRows],
    [["GPU pod", "GPUs", "state", "node"], podRows],
  ];
  for (const [heading, rows] of sections) {
    if (rows.length > 0) process.stdout.write(`\n${table(heading, rows)}\n`);
  }
}

/** A pod whose container is run by a program of this machine. */
function controllerRow({ metadata, spec, status }: V1Pod, programs: PodPrograms): string[][] {
  const container = spec?.containers.find(({ image = "" }) => programFor(programs, image) !== undefined);
  if (container === undefined) return [];
  const { ready, restartCount, state } = status?.containerStatuses?.find(({ name }) => name === container.name) ?? {};
  const is = ready === true ? "ready" : (state?.waiting?.reason ?? "not ready");
  return [[`${metadata?.namespace ?? ""}/${metadata?.name ?? ""}`, is, String((restartCount ?? 0) + 1)]];
}

function nodeRow(node: V1Node): string[] {
  const ready = node.status?.conditions?.find(({ type }) => type === "Ready")?.status === "True";
  const gpus = node.status?.allocatable?.[GPU_RESOURCE] ?? "0";
  return [
    node.metadata?.name ?? "",
    node.metadata?.labels?.["node.kubernetes.io/instance-type"] ?? "",
    gpus === "0" ? "" : gpus,
    ready ? "Ready" : "NotReady",
    nodePrice(node),
  ];
}

function gpusAsked(pod: V1Pod): number {
  return (pod.spec?.containers ?? []).reduce(
    (sum, { resources }) => sum + Number(resources?.limits?.[GPU_RESOURCE] ?? 0),
    0,
  );
}
