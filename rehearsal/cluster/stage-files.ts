import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseAllDocuments, stringify } from "yaml";
import { SELECTED_NODE_ANNOTATION } from "./base-objects";
import { stagesFolder } from "./layout";

interface Stage {
  metadata: { name: string };
  spec: { selector: { matchExpressions: { key: string; operator: string; values?: string[] }[] } };
}

/** What the API objects that pods come from write on them, as jq finds it: how often the same was tried before. */
const TRIES_BEFORE = [
  // Notes of stand-ins, about pods whose controller leaves none.
  '.metadata.annotations["mlstack.dev/tries-before"]',
  '.metadata.annotations["batch.kubernetes.io/job-index-failure-count"]',
  '.metadata.labels["jobset.sigs.k8s.io/restart-attempt"]',
  // Argo's nodes that are tries of another one have its name with a number: `refit.train(1)`.
  '([.metadata.annotations["workflows.argoproj.io/node-name"] // "" | capture("[(](?<try>[0-9]+)[)]$").try] | first)',
  ".status.containerStatuses[0].restartCount",
];

/** How a pod ends, or that it does not, as jq finds it. */
const ENDING = [
  '(.metadata.annotations["mlstack.dev/simulate"] // (if .spec.restartPolicy == "Always" then "run" else "succeed" end))',
  'as $told | ([$told | capture("fail-first=(?<tries>[0-9]+)").tries | tonumber] | first // 0) as $failures',
  `| ([${TRIES_BEFORE.map((tries) => `(${tries} // 0)`).join(", ")}] | map(tonumber) | add) as $before`,
  '| if $before < $failures then "fail" else ($told | split(" ")[0]) end',
].join(" ");

/** Steps of workflows that are played by the stand-in of Argo's executor from their beginning to their end, as jq finds them. */
const PLAYED_STEPS =
  'select([.spec.containers[].command // [] | join(" ")] | any(test("-- argoexec resource "))) | .metadata.name';

/** Annotation of a Spark driver whose work has begun: it says so once it has the executors that it waits for. */
export const WORKING_ANNOTATION = "mlstack.dev/works";

/** Spark drivers that still wait for their executors, as jq finds them. */
const WAITING_DRIVERS = `select(.metadata.labels["spark-role"] == "driver" and .metadata.annotations["${WORKING_ANNOTATION}"] == null) | .metadata.name`;

/** Pods that do not end by themselves where a program is run for an image, as what plays them knows when they may. */
const PLAYED_PODS: Record<string, string> = {
  "quay.io/argoproj/workflow-controller": PLAYED_STEPS,
  "ghcr.io/kubeflow/spark-operator/controller": WAITING_DRIVERS,
};

/** What is not KWOK's to play. */
export interface LeftAlone {
  /** Images of containers that are run as processes, so that nobody else may say that they are ready. */
  processes: readonly string[];
  /** Names of real nodes, whose pods have real volumes. None by default. */
  realNodes?: readonly string[];
}

/** Writes the stages of one cluster. */
export async function writeStages(folder: string, { processes, realNodes = [] }: LeftAlone): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const file of await readdir(stagesFolder())) {
    const text = await readFile(join(stagesFolder(), file), "utf8");
    const stages = parseAllDocuments(text).map((document) => document.toJS() as Stage);
    const all = stages.flatMap(({ spec }) => spec.selector.matchExpressions);
    for (const expression of all) if (expression.key === "ENDING") expression.key = ENDING;
    const named = (name: string) => stages.filter(({ metadata }) => metadata.name === name);
    if (processes.length > 0) named("pod-start").forEach(leaveOut(processes));
    if (realNodes.length > 0) {
      for (const { spec } of named("claim-provision")) {
        const key = `.metadata.annotations["${SELECTED_NODE_ANNOTATION}"]`;
        spec.selector.matchExpressions.push({ key, operator: "NotIn", values: [...realNodes] });
      }
    }
    for (const [image, played] of Object.entries(PLAYED_PODS)) {
      if (processes.includes(image)) named("pod-succeed").forEach(leaveOutFound(played));
    }
    await writeFile(join(folder, file), stages.map((stage) => stringify(stage)).join("---\n"));
  }
}

function leaveOut(processes: readonly string[]): (stage: Stage) => void {
  return ({ spec }) => {
    const key = '.spec.containers[].image | sub("@.*$"; "") | sub(":[^/:]*$"; "")';
    spec.selector.matchExpressions.push({ key, operator: "NotIn", values: [...processes] });
  };
}

function leaveOutFound(key: string): (stage: Stage) => void {
  return ({ spec }) => {
    spec.selector.matchExpressions.push({ key, operator: "DoesNotExist" });
  };
}
