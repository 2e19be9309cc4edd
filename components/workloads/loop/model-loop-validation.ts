import { checkWholeNumber, type InputProblem, inputProblem, isPlain } from "../../internal";
import { validateDriftMonitor } from "../monitoring/drift-monitor-validation";
import { checkObject, checkRun } from "../object";
import { validateModelVersion } from "../registry/model-version-validation";
import { validateInferenceService } from "../serving/inference-service-validation";
import type { WorkflowDefinition } from "../workflows/definition";
import { validateCronWorkflow, validateWorkflowTemplate } from "../workflows/workflow-validation";
import { checkEvaluate, checkGate, checkOwnVariables, checkParameters, checkTrain } from "./loop-step-validation";
import { checkStrangers } from "./loop-strangers";
import type { ModelLoopArgs } from "./model-loop-args";
import { initialRunName, modelLoopManifests } from "./model-loop-manifest";
import { modelUri } from "./model-loop-names";
import { versionArgs } from "./model-loop-register";
import { servingArgs } from "./model-loop-serving";

/** Arguments that are the loop's to say of all its parts. */
const OF_LOOP = /^(objectName|namespace|lineage\b.*|labels\b.*|queue|queuePriority)$/;

/** Checks a ModelLoop's inputs as far as they are known. */
export function validateModelLoop(name: string, args: ModelLoopArgs): InputProblem[] {
  const missing = checkPresence(args);
  if (missing.length > 0) return missing;
  return distinct([
    ...checkObject(name, args),
    ...checkModelStore(args.modelStore),
    ...checkParameters(args),
    ...checkTrain(args),
    ...checkEvaluate(args.evaluate),
    ...checkOwnVariables(args),
    ...checkGate(args),
    ...checkCanary(args),
    ...checkStrangers(args),
    ...checkWholeNumber("readySeconds", args.readySeconds, { min: 1 }),
    ...checkRun(args),
    ...checkReadyPath(args.readyPath),
    ...checkParts(args.objectName ?? name, args),
  ]);
}

/** Without these, nothing else can be judged. */
function checkPresence(args: ModelLoopArgs): InputProblem[] {
  const { train, evaluate, gate, serve, modelStore } = args;
  const missing = Object.entries({ train, evaluate, gate, serve, modelStore })
    .filter(([, value]) => (value as unknown) === undefined)
    .map(([path]) => inputProblem(path, undefined, "something", "A loop needs all of its steps."));
  if (missing.length > 0) return missing;
  const { metrics } = evaluate as Partial<typeof evaluate>;
  if (Array.isArray(metrics) && metrics.length > 0) return [];
  return [inputProblem("evaluate.metrics", metrics, "at least one name", "Say what is measured.")];
}

/** Storage that both programs and KServe read, below which models can be put. */
function checkModelStore(store: ModelLoopArgs["modelStore"]): InputProblem[] {
  if (!isPlain(store) || /^(s3|gs|pvc):\/\/[\w.-]+(\/[\w.=-]+)*$/.test(store)) return [];
  const allowed = "s3://BUCKET/PREFIX, gs://BUCKET/PREFIX or pvc://CLAIM/FOLDER, without a slash at its end";
  return [inputProblem("modelStore", store, allowed, "Say where models are put, for example s3://models/churn.")];
}

function checkReadyPath(path: string | undefined): InputProblem[] {
  if (path === undefined || /^\/[^\s{}]*$/.test(path)) return [];
  return [inputProblem("readyPath", path, "a path that begins with a slash", "Write it like /v1/models/churn.")];
}

function checkCanary({ canary, directly = false }: ModelLoopArgs): InputProblem[] {
  const clash = directly && canary !== undefined;
  const remedy = "Leave canary out, or directly.";
  return [
    ...checkWholeNumber("canary.observeSeconds", canary?.observeSeconds, { min: 0 }),
    ...(clash ? [inputProblem("canary", canary, "nothing with directly", remedy)] : []),
  ];
}

/** What the rooms of the parts say, by the paths of the loop's arguments. */
function checkParts(objectName: string, args: ModelLoopArgs): InputProblem[] {
  const { register } = args;
  const parts = modelLoopManifests(objectName, args, "unknown");
  const { definition } = parts.template;
  const uri = modelUri(args);
  const candidate = args.directly === true ? {} : { candidate: uri };
  const serving = servingArgs(objectName, args, { stable: uri, ...candidate });
  // Numbers that are not known yet are no problem, but what the pod is made from may be one.
  const version = register && { ...versionArgs(objectName, args, register), uri };
  return [
    ...validateWorkflowTemplate(objectName, parts.template).map((each) =>
      moved(each, (path) => ofStep(path, definition)),
    ),
    ...validateInferenceService(objectName, serving).map((each) => moved(each, ofServing)),
    ...(parts.schedule === undefined
      ? []
      : validateCronWorkflow(objectName, parts.schedule).map((each) => moved(each, below("schedule")))),
    ...(parts.drift === undefined
      ? []
      : validateDriftMonitor(objectName, parts.drift).map((each) => moved(each, below("drift", OF_MONITOR)))),
    ...(version === undefined
      ? []
      : validateModelVersion(objectName, version).map((each) => moved(each, below("register")))),
    ...(parts.run === undefined ? [] : checkObject(objectName, { objectName: initialRunName(objectName) })),
  ];
}

/** Also those of which a part has its own. */
const OF_MONITOR = /^(objectName|namespace|lineage\b.*|labels\b.*)$/;

function below(part: string, ofLoop: RegExp = OF_LOOP) {
  return (path: string) => (ofLoop.test(path) ? path : `${part}.${path}`);
}

/** The version that is tried out is the loop's to name. */
function ofServing(path: string): string {
  if (path.startsWith("canaries")) return path.replace(/^canaries(\[0\])?/, "canary");
  return below("serve", OF_MONITOR)(path);
}

/** Arguments that templates of the loop are, for the most part. */
const STEPS: Record<string, string> = { train: "train", evaluate: "evaluate", check: "canary.check" };

/** Arguments of which templates of the loop are made in another form. */
const SOURCES: Record<string, string> = { serve: "serve", "serve-candidate": "serve", register: "register" };

function ofStep(path: string, { templates }: WorkflowDefinition): string {
  const [, index, rest = ""] = /^definition\.templates\[(\d+)\]\.(.+)$/.exec(path) ?? [];
  const name = index === undefined ? "" : templates[Number(index)]!.name;
  const step = STEPS[name];
  if (step === undefined) return SOURCES[name] ?? path;
  const own = rest.replace(/^(container|resource)\./, "").replace(/^retry\.limit$/, "retries");
  return `${step}.${own}`;
}

function moved({ propertyPath, reason }: InputProblem, move: (path: string) => string): InputProblem {
  const path = move(propertyPath);
  const said = reason.replace(propertyPath, () => path).replace(`Set ${propertyPath} `, () => `Set ${path} `);
  return { propertyPath: path, reason: said };
}

/** Parts share arguments, and say the same of them. */
function distinct(problems: InputProblem[]): InputProblem[] {
  const isFirst = ({ propertyPath, reason }: InputProblem, index: number) =>
    problems.findIndex((each) => each.propertyPath === propertyPath && each.reason === reason) === index;
  return problems.filter(isFirst);
}
