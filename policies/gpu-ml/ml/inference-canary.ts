import { arrayAt, childAt, isUnknown, joinPaths, nodeAt, type Tree } from "../../../components/model";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";
import { componentsOf, inferenceServicesOf } from "./inference-service";

/**
 * ML-09, canaries: shares of traffic are percentages, and together no more than all of it.
 *
 * @see https://github.com/kserve/kserve/blob/v0.20.0/pkg/apis/serving/v1beta1/inference_service.go "canary"
 */
export const inferenceCanary: ResourceRule = {
  id: "ML-09",
  title: "Canaries share no more than all traffic",
  why: "Shares that make no whole send traffic where nobody meant it, or to no model at all.",
  remediation: "Give each canary a whole percentage from 0 to 100, together at most 100.",
  url: "https://kserve.github.io/website/docs/model-serving/predictive-inference/rollout-strategies/canary",
  severity: "medium",
  level: "advisory",
  family: "ml",
  parameters: {},
  examples: {
    bad: `
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: { name: churn, namespace: ml }
spec:
  predictor:
    canaryTrafficPercent: 110
    containers: [{ name: kserve-container, image: "registry.example/server:1.4" }]
`,
    good: `
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: { name: churn, namespace: ml }
spec:
  predictor:
    canaryTrafficPercent: 10
    containers: [{ name: kserve-container, image: "registry.example/server:1.4" }]
`,
  },
  *judge(subject) {
    for (const { path, tree } of componentsOf(subject)) {
      if (isUnknown(tree)) yield undecided(path);
      else yield* judgeShare(childAt(tree, "canaryTrafficPercent"), `${path}.canaryTrafficPercent`);
    }
    for (const { path, tree } of inferenceServicesOf(subject)) {
      yield* judgeCanaries(nodeAt(tree, "spec"), joinPaths(path, "spec.canary"));
    }
  },
};

function* judgeCanaries(spec: Tree, path: string): Iterable<Judgement> {
  if (isUnknown(childAt(spec, "canary"))) {
    yield undecided(path);
    return;
  }
  const shares = arrayAt(spec, "canary").map((canary) => childAt(canary, "trafficPercent"));
  for (const [index, share] of shares.entries()) yield* judgeShare(share, `${path}[${index}].trafficPercent`);
  const whole = shares.reduce<number>((sum, share) => (typeof share === "number" ? sum + share : sum), 0);
  if (whole > 100 && shares.every((share) => !isWrong(share))) {
    yield {
      path,
      observed: `${whole} % of the traffic together`,
      allowed: "at most 100 %",
      remedy: "Lower the shares, so that the rest goes to the predictor.",
    };
  }
}

function* judgeShare(share: Tree, path: string): Iterable<Judgement> {
  if (isUnknown(share)) yield undecided(path);
  if (!isWrong(share)) return;
  yield {
    path,
    observed: typeof share === "number" ? String(share) : "no number",
    allowed: "a whole number from 0 to 100",
    remedy: "Give the share of the traffic in percent.",
  };
}

function isWrong(share: Tree): boolean {
  if (share === undefined || share === null || isUnknown(share)) return false;
  return !(Number.isInteger(share) && Number(share) >= 0 && Number(share) <= 100);
}
