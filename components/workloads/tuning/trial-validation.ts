import { type InputProblem, inputProblem, problemAt } from "../../internal";
import { arrayAt, isTreeObject, objectAt, stringAt, type Tree } from "../../model";
import { SweepMetricsKind } from "./metrics-args";
import { WRAPPED_KINDS } from "./metrics-validation";
import type { SweepArgs } from "./sweep-args";
import { placeholder, TRIAL_FACTS } from "./sweep-trial";
import { ARGO_TRAINING_LABEL, KNOWN_TRIAL_KINDS, type TrialKind, trialKindOf } from "./trial-kinds";
import { hasUnknowns, placeholdersIn, textsOf, trialTree } from "./trial-tree";

/** Checks what each trial runs. */
export function checkTrial(args: SweepArgs): InputProblem[] {
  const tree = trialTree(args.trial);
  if (!isTreeObject(tree) || stringAt(tree, "apiVersion") === undefined || stringAt(tree, "kind") === undefined) {
    const observed = tree === undefined ? "missing" : "no manifest";
    const remedy = "Hand over what a function such as gpuJobManifest returns.";
    return [problemAt("trial", observed, "an object with apiVersion and kind", remedy)];
  }
  const kind = trialKindOf(tree);
  return [
    ...checkPlaceholders(args, tree),
    ...checkKind(args, tree, kind),
    ...(kind === undefined ? [] : checkPods(args, tree, kind)),
    ...checkWrapped(args, tree, kind),
  ];
}

/**
 * Checks the placeholders of a trial as far as it is known: Katib refuses too many and too few of them, by a webhook that no
 * preview asks.
 */
export function checkPlaceholders({ parameters }: SweepArgs, tree: Tree): InputProblem[] {
  const used = placeholdersIn(tree);
  const declared = Object.keys(parameters);
  const known = [...declared, ...Object.keys(TRIAL_FACTS)];
  const strange = used.filter((name) => !known.includes(name));
  const misspelt = textsOf(tree).flatMap((text) => text.match(/\$\{trial(?!Parameters\..)[^}]*\}?/g) ?? []);
  const unused = hasUnknowns(tree) ? [] : declared.filter((name) => !used.includes(name));
  const allowed = known.map(placeholder).join(", ");
  return [
    ...strange.map((name) => inputProblem("trial", placeholder(name), allowed, "Declare or respell the parameter.")),
    ...misspelt.map((text) => inputProblem("trial", text, allowed, "Write it like one of these.")),
    ...unused.map((name) =>
      problemAt(`parameters["${name}"]`, "used nowhere", `${placeholder(name)} in the trial`, "Use it, or remove it."),
    ),
  ];
}

function checkKind(args: SweepArgs, tree: Tree, kind: TrialKind | undefined): InputProblem[] {
  const { primaryContainer = kind?.primary(tree)?.name } = args;
  const { successCondition = kind?.success, failureCondition = kind?.failure } = args;
  const missing = Object.entries({ primaryContainer, successCondition, failureCondition }).filter(
    ([, value]) => value === undefined || value.trim() === "",
  );
  const remedy = `Give it: of ${String(stringAt(tree, "kind"))} it is not known. Known kinds are ${KNOWN_TRIAL_KINDS}.`;
  const isIndexed = objectAt(objectAt(objectAt(tree, "spec"), "template"), "spec")?.["subdomain"] !== undefined;
  return [
    ...missing.map(([path, value]) => inputProblem(path, value, "what Katib needs for trials of this kind", remedy)),
    ...(isIndexed && stringAt(tree, "kind") === "Job"
      ? [
          problemAt(
            "trial",
            "a Job whose pods have names by a Service",
            "a workload that is one object",
            "Take a TrainJob or PyTorchJob, whose operator makes what workers find each other by.",
          ),
        ]
      : []),
    ...(stringAt(tree, "kind") === "Workflow" && args.primaryPodLabels === undefined && !hasTrainingLabel(tree)
      ? [
          problemAt(
            "primaryPodLabels",
            "missing, and no template has the label katib.kubeflow.org/model-training",
            "labels of the template that trains",
            'Label that template with katib.kubeflow.org/model-training: "true", or name its labels here.',
          ),
        ]
      : []),
  ];
}

function hasTrainingLabel(workflow: Tree): boolean {
  const [[label, value]] = Object.entries(ARGO_TRAINING_LABEL) as [[string, string]];
  const spec = objectAt(workflow, "spec");
  const templates = arrayAt(spec, "templates").map((template) => objectAt(template, "metadata"));
  return [...templates, objectAt(spec, "podMetadata")].some(
    (metadata) => objectAt(metadata, "labels")?.[label] === value,
  );
}

/**
 * Where it collects metrics, Katib wants a container of the primary one's name in every pod of a trial, and refuses all
 * others.
 *
 * @see https://github.com/kubeflow/katib/blob/v0.19.0/pkg/webhook/v1beta1/pod/inject_webhook.go `mutatePodEnv`
 */
function checkPods(args: SweepArgs, tree: Tree, kind: TrialKind): InputProblem[] {
  const name = args.primaryContainer ?? kind.primary(tree)?.name;
  const others = (kind.otherPods?.(tree) ?? []).filter(
    (containers) => name !== undefined && !containers.includes(name),
  );
  if (others.length === 0 || args.metrics?.kind === SweepMetricsKind.push) return [];
  return [
    problemAt(
      "metrics.kind",
      `${args.metrics?.kind ?? SweepMetricsKind.stdOut}, with pods that have ${others.flat().join(", ")}, and no container ${name}`,
      SweepMetricsKind.push,
      "Katib refuses such pods where it collects metrics. Push them, in a namespace without " +
        "katib.kubeflow.org/metrics-collector-injection.",
    ),
  ];
}

/** What a shell would take for more than a letter. Variables of Kubernetes and Argo are replaced before a shell sees them. */
const SHELL_CHARACTERS = /[\s"'`\\;&|<>(){}*?!#~$[\]]/;

const WRITE_SCRIPT = "Write what they mean as command sh, -c and one argument.";

/** What the workflow's own starter is given is no script to Katib. */
const MOVE_SCRIPT = "Put what they mean into a file of the image, or push the metrics.";

/** Katib joins program and arguments by blanks, and hands that to a shell. */
function checkWrapped(args: SweepArgs, tree: Tree, kind: TrialKind | undefined): InputProblem[] {
  if (!WRAPPED_KINDS.includes(args.metrics?.kind ?? SweepMetricsKind.stdOut)) return [];
  const program = kind?.primary(tree, args.primaryPodLabels)?.program;
  const command = wordsOf(program, "command");
  const words = [...command, ...wordsOf(program, "args")];
  const hasStarter = kind?.hasStarter === true;
  if (!hasStarter && /^(ba)?sh$/.test(command[0] ?? "") && words[1] === "-c") return [];
  const remedy = `Katib hands the words to a shell, one after another. ${hasStarter ? MOVE_SCRIPT : WRITE_SCRIPT}`;
  const unsafe = words.filter((word) => word === "" || SHELL_CHARACTERS.test(withoutVariables(word)));
  const values = Object.entries(args.parameters).flatMap(([name, { values: list = [] }]) => {
    const spaced = list.findIndex((value) => SHELL_CHARACTERS.test(value));
    const isUsed = words.some((word) => word.includes(placeholder(name)));
    return spaced < 0 || !isUsed ? [] : [[`parameters["${name}"].values[${spaced}]`, list[spaced]] as const];
  });
  const allowed = "words without blanks, quotation marks and other characters of the shell";
  return [
    ...unsafe.map((word) => inputProblem("trial", word, allowed, remedy)),
    ...values.map(([path, value]) =>
      inputProblem(path, value, allowed, "Katib hands it to a shell; spell it differently."),
    ),
  ];
}

function wordsOf(program: Tree, key: string): string[] {
  return arrayAt(program, key).filter((word) => typeof word === "string");
}

function withoutVariables(word: string): string {
  return word.replaceAll(/\$\{trialParameters\..+?\}|\$\([A-Za-z_]\w*\)|\{\{.+?\}\}/g, "");
}
