import { checkEnum, checkWholeNumber, type InputProblem, inputProblem, isPlain } from "../../internal";
import { checkGang } from "../object";
import { checkVolumes } from "../pods";
import { checkNodeHardware, checkProgramOptions, checkReserved, checkTrainingObject } from "./job-checks";
import { checkEnd } from "./run-policy";
import { type TrainInitializerArgs, type TrainJobArgs, TrainJobFramework } from "./train-job-args";
import { type FrameworkFacts, frameworkFacts } from "./train-job-frameworks";
import { trainJobFacts, trainJobNodes, trainJobPod } from "./train-job-manifest";

const RUNTIME_KINDS = { cluster: "ClusterTrainingRuntime", namespaced: "TrainingRuntime" };

/** What JobSet adds to the name of a pod so that a new one has another. */
const RANDOM_SUFFIX = "-xxxxx";

/** As the type of the object spells it. */
const LONGEST_URI = 2048;

/**
 * Checks a TrainJob's inputs as far as they are known.
 *
 * @see https://github.com/kubeflow/trainer/tree/v2.3.0/pkg/runtime/framework/plugins "Validate" of each
 * @see https://github.com/kubernetes-sigs/jobset/blob/v0.12.0/pkg/webhooks/jobset_webhook.go "ValidateCreate" for the names
 */
export function validateTrainJob(name: string, args: TrainJobArgs): InputProblem[] {
  const { framework = TrainJobFramework.torch } = args;
  const facts = frameworkFacts(framework);
  const hardware = trainJobFacts(args);
  return [
    ...checkProgramOptions("", args),
    ...checkNodeHardware("", args, hardware),
    ...checkVolumes("", trainJobPod(args), hardware),
    ...checkReserved("", args, facts),
    ...checkEnum("framework", framework, TrainJobFramework),
    ...checkFramework(args, framework, facts),
    ...checkRuntime(args, framework, facts),
    ...checkInitializer("dataset", args),
    ...checkInitializer("model", args),
    ...checkPriorityClass(args),
    ...checkEnd(args),
    ...checkTrainingObject(name, args, suffixesOf(args, facts)),
    ...checkGang(args),
  ];
}

function suffixesOf(args: TrainJobArgs, { jobs }: FrameworkFacts): string[] {
  const initializers = (["dataset", "model"] as const).flatMap((each) =>
    args[each] ? [`-${each}-initializer-0-0`] : [],
  );
  const nodes = jobs.map((job) => `-${job}-0-${job === "node" ? trainJobNodes(args) - 1 : 0}`);
  return [...nodes, ...initializers].map((suffix) => `${suffix}${RANDOM_SUFFIX}`);
}

function checkFramework(args: TrainJobArgs, framework: string, facts: FrameworkFacts): InputProblem[] {
  const { image, nodes, processesPerNode } = args;
  const ofRuntime =
    "Trainer gives it to the first node alone; make a TrainingRuntime with the image, and name it in runtime.";
  const alone = "Start processes from the program.";
  return [
    ...checkWholeNumber("nodes", nodes, { min: facts.leastNodes }),
    ...(image === undefined || facts.takesImage
      ? []
      : [inputProblem("image", image, `nothing with the framework ${framework}`, ofRuntime)]),
    ...(facts.countsProcesses
      ? checkWholeNumber("processesPerNode", processesPerNode, { min: 1 })
      : processesPerNode === undefined
        ? []
        : [inputProblem("processesPerNode", processesPerNode, `nothing with the framework ${framework}`, alone)]),
  ];
}

function checkRuntime(args: TrainJobArgs, framework: string, facts: FrameworkFacts): InputProblem[] {
  const { runtime, runtimeKind } = args;
  const named = "Name a TrainingRuntime.";
  return [
    ...(runtime === undefined && facts.runtime === undefined
      ? [inputProblem("runtime", runtime, `a runtime, with the framework ${framework}`, named)]
      : []),
    ...(isPlain(runtime) && runtime.trim() === ""
      ? [inputProblem("runtime", runtime, "the name of a runtime", named)]
      : []),
    ...(runtime === undefined && runtimeKind !== undefined
      ? [inputProblem("runtimeKind", runtimeKind, "nothing without runtime", "Name the runtime, or leave it out.")]
      : []),
    ...(isPlain(runtimeKind) ? checkEnum("runtimeKind", runtimeKind, RUNTIME_KINDS) : []),
  ];
}

function checkInitializer(path: "dataset" | "model", args: TrainJobArgs): InputProblem[] {
  const initializer: TrainInitializerArgs | undefined = args[path];
  if (initializer === undefined) return [];
  const { storageUri } = initializer;
  const isUri =
    !isPlain(storageUri) || (/^[A-Za-z][A-Za-z0-9+.-]*:\/\/.+$/.test(storageUri) && storageUri.length <= LONGEST_URI);
  const allowed = `an address with a scheme, of at most ${LONGEST_URI} characters`;
  const remedy = `The platform's runtimes fetch nothing; name a TrainingRuntime with a job ${path}-initializer in runtime.`;
  return [
    ...(isUri && storageUri !== undefined
      ? []
      : [inputProblem(`${path}.storageUri`, storageUri, allowed, "Write it like s3://lake/demand.")]),
    ...(args.runtime === undefined ? [inputProblem("runtime", undefined, `a runtime, with ${path}`, remedy)] : []),
  ];
}

function checkPriorityClass({ priorityClassName }: TrainJobArgs): InputProblem[] {
  if (priorityClassName === undefined) return [];
  const given = isPlain(priorityClassName) ? priorityClassName : "an output";
  const remedy = "A patch of a runtime cannot set it; use queuePriority, or a runtime that has it.";
  return [inputProblem("priorityClassName", given, "nothing", remedy)];
}
