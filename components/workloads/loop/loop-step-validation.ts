import * as pulumi from "@pulumi/pulumi";
import { checkWholeNumber, type InputProblem, inputProblem, problemAt } from "../../internal";
import { checkGateBounds } from "../registry/gate-bounds";
import type { LoopEvaluateArgs, LoopTrainArgs, ModelLoopArgs } from "./model-loop-args";
import { MODEL_URI_INPUT } from "./model-loop-names";
import { PROGRAM_VARIABLES } from "./model-loop-steps";

/** Names that Argo, shells and the registry can all read. */
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

const OWN_VARIABLES: string[] = Object.values(PROGRAM_VARIABLES);

/** Checks that training is described in one way, and puts its model where the loop looks for it. */
export function checkTrain({ train, parameters = {} }: ModelLoopArgs): InputProblem[] {
  const { image } = train;
  const manifest: unknown = train.manifest;
  const isBoth = image !== undefined && manifest !== undefined;
  const isNone = image === undefined && manifest === undefined;
  const observed = isBoth ? "given image and manifest" : "without a program";
  const inputs = [MODEL_URI_INPUT, ...Object.keys(parameters)];
  return [
    ...(isBoth || isNone
      ? [problemAt("train", observed, "exactly one of image and manifest", "Say in one way what trains.")]
      : []),
    ...(manifest === undefined ? checkConditions(train) : checkManifest(train, inputs)),
    ...checkLimits("train", train),
  ];
}

const REMEDY = "Set it in an environment variable or argument of the manifest.";

/** Arguments of a program would be dropped where a workload trains. */
function checkManifest({ manifest, ...train }: LoopTrainArgs, inputs: string[]): InputProblem[] {
  const {
    successCondition: _success,
    failureCondition: _failure,
    retries: _retries,
    activeDeadlineSeconds: _seconds,
    image: _image,
    ...program
  } = train;
  const text = knownText(manifest);
  return [
    ...Object.entries(program)
      .filter(([, value]) => value !== undefined)
      .map(([key]) => problemAt(`train.${key}`, "given", "nothing with manifest", "Give it to the workload.")),
    ...inputs
      .filter((input) => !text.includes(`inputs.parameters.${input}`))
      .map((input) => {
        const variable = `{{inputs.parameters.${input}}}`;
        return problemAt("train.manifest", `without ${variable}`, "a manifest with it in a text", REMEDY);
      }),
  ];
}

function checkConditions({ successCondition, failureCondition }: LoopTrainArgs): InputProblem[] {
  return Object.entries({ successCondition, failureCondition })
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) =>
      inputProblem(`train.${key}`, value, "nothing without manifest", "Programs tell by their end."),
    );
}

/** The texts of a tree; what only the engine knows is left out. */
function knownText(tree: unknown): string {
  if (typeof tree === "string") return `${tree}\n`;
  if (typeof tree !== "object" || tree === null || pulumi.Output.isInstance(tree) || tree instanceof Promise) return "";
  return Object.values(tree).map(knownText).join("");
}

/** Checks what is measured. */
export function checkEvaluate(evaluate: LoopEvaluateArgs): InputProblem[] {
  const { metrics } = evaluate;
  return [
    ...metrics.flatMap((name, index) => {
      const path = `evaluate.metrics[${index}]`;
      if (!NAME.test(name)) {
        return [inputProblem(path, name, "letters, digits and underscores, no digit first", "Rename it.")];
      }
      return metrics.indexOf(name) === index ? [] : [inputProblem(path, name, "each metric once", "Remove it.")];
    }),
    ...checkLimits("evaluate", evaluate),
  ];
}

/** Checks what a model must reach. */
export function checkGate({ gate, evaluate }: ModelLoopArgs): InputProblem[] {
  const { metric } = gate;
  const { metrics } = evaluate;
  return [
    ...(metrics.includes(metric)
      ? []
      : [
          inputProblem(
            "gate.metric",
            metric,
            `one of evaluate.metrics, ${metrics.join(", ")}`,
            "Name one of these, or have it measured.",
          ),
        ]),
    ...checkGateBounds(gate),
  ];
}

/** Checks the names of parameters, which are variables of programs too. */
export function checkParameters({ parameters = {}, train }: ModelLoopArgs): InputProblem[] {
  const taken = [...OWN_VARIABLES, ...Object.keys({ ...train.env, ...train.secretEnv })];
  return Object.keys(parameters).flatMap((name) => {
    const path = `parameters["${name}"]`;
    if (!NAME.test(name)) {
      return [inputProblem(path, name, "letters, digits and underscores, no digit first", "Rename it.")];
    }
    if (!taken.includes(name)) return [];
    return [inputProblem(path, name, "a name that no other variable of the training has", "Rename it.")];
  });
}

/** Checks that programs do not set what the loop tells them. */
export function checkOwnVariables({ train, evaluate, canary }: ModelLoopArgs): InputProblem[] {
  const programs = { train, evaluate, "canary.check": canary?.check };
  return Object.entries(programs).flatMap(([path, program]) =>
    Object.entries({ env: program?.env, secretEnv: program?.secretEnv }).flatMap(([field, variables = {}]) =>
      OWN_VARIABLES.filter((variable) => variable in variables).map((variable) => {
        const remedy = "Remove it: the loop sets it.";
        return inputProblem(`${path}.${field}["${variable}"]`, variable, "any variable but this", remedy);
      }),
    ),
  );
}

function checkLimits(
  path: string,
  { retries, activeDeadlineSeconds }: Pick<LoopTrainArgs, "retries" | "activeDeadlineSeconds">,
) {
  return [
    ...checkWholeNumber(`${path}.retries`, retries, { min: 0 }),
    ...checkWholeNumber(`${path}.activeDeadlineSeconds`, activeDeadlineSeconds, { min: 1 }),
  ];
}
