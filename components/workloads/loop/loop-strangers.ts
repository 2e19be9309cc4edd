import { type InputProblem, problemAt } from "../../internal";
import type { ModelLoopArgs } from "./model-loop-args";

/** Arguments of the parts that the loop itself sets, and what says them instead. */
const STRANGERS: Record<"serve" | "drift" | "drift.retrain", Record<string, string>> = {
  serve: {
    objectName: "Name the loop by its objectName.",
    namespace: "Give it to the loop.",
    labels: "Give them to the loop.",
    lineage: "Give it to the loop.",
    pools: "Give them to the loop.",
    storageUri: "Each run serves the model that it has trained; say with modelStore where models are put.",
    mode: "A loop serves in the mode Standard.",
    canaries: "The loop has one of its own; describe it with canary.",
    canaryTrafficPercent: "The loop has a version of its own; describe it with canary.",
    waitUntilReady: "Use waitForCompletion: what serves is there after the first run.",
    waitSeconds: "Use readySeconds.",
  },
  drift: {
    objectName: "It has the loop's name with -drift behind it.",
    namespace: "Give it to the loop.",
    labels: "Give them to the loop.",
    lineage: "Give it to the loop.",
    pools: "Give them to the loop.",
  },
  "drift.retrain": {
    cronJob: "Drift starts the loop.",
    workflowTemplate: "Drift starts the loop.",
    serviceAccountName: "Runs have that of the loop, serviceAccountName.",
  },
};

/** Checks that the parts are not told what is the loop's to say: it would be dropped. */
export function checkStrangers({ serve, drift, parameters = {} }: ModelLoopArgs): InputProblem[] {
  const parts = { serve, drift, "drift.retrain": drift?.retrain };
  const known = Object.keys(parameters);
  const allowed = known.length === 0 ? "none, as the loop has no parameters" : `those of the loop, ${known.join(", ")}`;
  const unknown = Object.keys(drift?.retrain?.parameters ?? {})
    .filter((name) => !known.includes(name))
    .map((name) =>
      problemAt(`drift.retrain.parameters["${name}"]`, "no parameter of the loop", allowed, "Remove it, or rename it."),
    );
  const strangers = Object.entries(STRANGERS).flatMap(([part, names]) => {
    const given = (parts[part as keyof typeof parts] ?? {}) as Record<string, unknown>;
    return Object.entries(names)
      .filter(([name]) => given[name] !== undefined)
      .map(([name, remedy]) => problemAt(`${part}.${name}`, "given", "nothing in a loop", remedy));
  });
  return [...strangers, ...unknown];
}
