import type * as pulumi from "@pulumi/pulumi";
import {
  type Condition,
  dag,
  param,
  type Parameter,
  type ParameterRef,
  type TaskList,
  workflowDefinition,
  workflowRun,
} from "../workflows/builder";
import type { WorkflowDefinition } from "../workflows/definition";
import type { LoopGateArgs, ModelLoopArgs } from "./model-loop-args";
import { CANDIDATE, MODEL_URI_INPUT, modelUri, readyPath, versionUrl } from "./model-loop-names";
import { registerStep } from "./model-loop-register";
import { servingManifest, sharesTraffic, trafficManifests } from "./model-loop-serving";
import {
  type Action,
  applyStep,
  checkStep,
  currentStep,
  evaluateStep,
  recordStep,
  texts,
  trainStep,
  watchStep,
} from "./model-loop-steps";

const OBSERVE_SECONDS = 300;

/** Input with the address of the model that is served, empty before the first. */
const SERVED = "served";

/** What a loop's steps are made from. */
interface LoopContext {
  objectName: string;
  args: ModelLoopArgs;
  /** Uid of the ConfigMap that remembers which model is served. */
  owner: pulumi.Input<string>;
}

/**
 * What each run of a loop does: trains a model, measures it, and where it passes the gate registers it, tries it out and
 * serves it; and at the end of a run that failed, serves the model that was served before.
 */
export function loopDefinition(context: LoopContext): WorkflowDefinition {
  const { objectName, args } = context;
  const current = currentStep(objectName, args);
  const train = trainStep(args);
  const evaluate = evaluateStep(args);
  const register = args.register && registerStep(objectName, args, args.register);
  const serving = servingSteps(context);
  const rollOut = rollOutStep(context, serving);
  const loop = dag("loop", {
    inputs: defaults(args.parameters),
    tasks: (graph, inputs) => {
      const uri = { [MODEL_URI_INPUT]: modelUri(args) };
      const { served } = graph.run(current).outputs;
      const trained = graph.run(train, { ...uri, ...inputs });
      const evaluated = graph.run(evaluate, { ...uri, served }, { after: [trained] });
      const when = gateConditions(args.gate, evaluated.outputs[args.gate.metric]);
      const registered = register && graph.run(register, { ...uri, ...evaluated.outputs }, { when });
      const before = Object.fromEntries(servedInput(args).map((name) => [name, served]));
      graph.run(rollOut, { ...uri, ...before }, { when, after: registered === undefined ? [evaluated] : [registered] });
    },
  });
  return workflowDefinition(loop, { onExit: rollBackStep(serving, current) });
}

/** What leads requests, and what serves one model. */
interface ServingSteps {
  /** Lead all requests to the stable model. */
  calm: Action[];
  /** Serves one model, and none beside it. */
  serve: Action;
  watch: Action;
}

function servingSteps({ objectName, args, owner }: LoopContext): ServingSteps {
  const stable = "{{inputs.parameters.uri}}";
  return {
    calm: trafficManifests(objectName, args, owner, false).map(({ of, manifest }) =>
      applyStep(`calm-${of}`, {}, manifest),
    ),
    serve: applyStep("serve", texts("uri"), servingManifest(objectName, args, { stable }, owner)),
    watch: watchStep(objectName, args),
  };
}

/** Tries a model out where another is served, and then serves it in its place. */
function rollOutStep(context: LoopContext, { calm, serve, watch }: ServingSteps) {
  const { objectName, args } = context;
  const record = recordStep(objectName, args);
  const tryOut = args.directly === true ? undefined : tryOutStep(context, { calm, serve, watch });
  return dag("roll-out", {
    inputs: texts(MODEL_URI_INPUT, ...servedInput(args)),
    tasks: (graph, inputs) => {
      const uri = inputs[MODEL_URI_INPUT]!;
      const given = { [MODEL_URI_INPUT]: uri };
      const tried = tryOut && graph.run(tryOut, inputs, { when: inputs[SERVED]!.isNot("") });
      const promoted = graph.run(serve, { uri }, { after: tried === undefined ? [] : [tried] });
      const calmed = calm.map((each) => graph.run(each, {}, { after: [promoted] }));
      const url = `${versionUrl(objectName)}${readyPath(objectName, args)}`;
      const ready = graph.run(watch, { url, seconds: "0" }, { after: [promoted, ...calmed] });
      graph.run(record, given, { after: [ready] });
    },
  });
}

/** Serves a model beside the one that is served, for as long as it takes to trust it. */
function tryOutStep({ objectName, args, owner }: LoopContext, { calm, watch }: ServingSteps) {
  const { observeSeconds = OBSERVE_SECONDS, check } = args.canary ?? {};
  const urls = { stable: versionUrl(objectName), candidate: versionUrl(objectName, CANDIDATE) };
  const models = { stable: "{{inputs.parameters.served}}", candidate: `{{inputs.parameters.${MODEL_URI_INPUT}}}` };
  const put = applyStep(
    "serve-candidate",
    texts(MODEL_URI_INPUT, SERVED),
    servingManifest(objectName, args, models, owner),
  );
  const share = sharesTraffic(args)
    ? trafficManifests(objectName, args, owner, true).map(({ of, manifest }) => applyStep(`share-${of}`, {}, manifest))
    : [];
  const judge = check && checkStep(args, check, urls);
  return dag("try-out", {
    inputs: texts(MODEL_URI_INPUT, SERVED),
    tasks: (graph, inputs) => {
      const uri = { [MODEL_URI_INPUT]: inputs[MODEL_URI_INPUT]! };
      const url = `${urls.candidate}${readyPath(objectName, args)}`;
      const there = graph.run(put, { ...uri, served: inputs[SERVED]! });
      const ready = graph.run(watch, { url, seconds: "0" }, { name: "wait", after: [there] });
      const shared = inTurn(graph, share, ready);
      const seconds = String(observeSeconds);
      const observed = graph.run(watch, { url, seconds }, { name: "observe", after: [shared] });
      const judged = judge === undefined ? observed : graph.run(judge, uri, { after: [observed] });
      if (share.length > 0) inTurn(graph, calm, judged);
    },
  });
}

/** Goes back to the model that was served before. Where the run failed earlier than that, nothing changes. */
function rollBackStep({ calm, serve }: ServingSteps, current: ReturnType<typeof currentStep>) {
  return dag("roll-back", {
    tasks: (graph) => {
      const before = graph.run(current, {}, { when: workflowRun.status.isNot("Succeeded") });
      const { served } = before.outputs;
      const when = served.isNot("");
      const calmed = calm.map((each) => graph.run(each, {}, { when, after: [before] }));
      graph.run(serve, { uri: served }, { when, after: calmed });
    },
  });
}

/** Only what tries models out must know which one is served. */
function servedInput({ directly = false }: ModelLoopArgs): string[] {
  return directly ? [] : [SERVED];
}

type AnyTask = ReturnType<TaskList["run"]>;

function inTurn(graph: TaskList, steps: Action[], first: AnyTask): AnyTask {
  return steps.reduce<AnyTask>((before, step) => graph.run(step, {}, { after: [before] }), first);
}

function gateConditions({ atLeast, atMost }: LoopGateArgs, value: ParameterRef<number> | undefined): Condition[] {
  if (value === undefined) return [];
  return [
    ...(atLeast === undefined ? [] : [value.isAtLeast(atLeast)]),
    ...(atMost === undefined ? [] : [value.isAtMost(atMost)]),
  ];
}

function defaults(parameters: Record<string, string> = {}): Record<string, Parameter<string, true>> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [name, param.string({ default: value })]),
  );
}
