import { childAt, isUnknown } from "../../../components/model";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";
import { componentsOf, type ServiceComponent } from "./inference-service";

/**
 * ML-09, replicas: the numbers of replicas fit together, and Knative has a most of them.
 *
 * @see https://github.com/kserve/kserve/blob/v0.20.0/pkg/apis/serving/v1beta1/component.go "minReplicas", "maxReplicas"
 */
export const inferenceReplicas: ResourceRule = {
  id: "ML-09",
  title: "Inference services have a least and a most of replicas",
  why: "Without a most, a burst of requests asks for every GPU node that the cluster can get.",
  remediation: "Set `maxReplicas` to what the service may cost at most, and `minReplicas` no higher.",
  url: "https://kserve.github.io/website/docs/model-serving/predictive-inference/autoscaling/kpa-autoscaler",
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
    minReplicas: 3
    maxReplicas: 2
    containers: [{ name: kserve-container, image: "registry.example/server:1.4" }]
`,
    good: `
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: { name: churn, namespace: ml }
spec:
  predictor:
    minReplicas: 1
    maxReplicas: 2
    containers: [{ name: kserve-container, image: "registry.example/server:1.4" }]
`,
  },
  *judge(subject) {
    for (const component of componentsOf(subject)) {
      if (isUnknown(component.tree)) yield undecided(component.path);
      else yield* judgeComponent(component);
    }
  },
};

function* judgeComponent({ path, tree, isKnative, modePath }: ServiceComponent): Iterable<Judgement> {
  const [least = 1, most = 0] = ["minReplicas", "maxReplicas"].map((field) => childAt(tree, field) ?? undefined);
  if (isUnknown(least)) yield undecided(`${path}.minReplicas`);
  if (isUnknown(most)) yield undecided(`${path}.maxReplicas`);
  if (typeof least === "number" && typeof most === "number" && most !== 0 && least > most) {
    yield {
      path: `${path}.minReplicas`,
      observed: `${least}, more than maxReplicas`,
      allowed: `a number up to ${most}`,
      remedy: "Lower it, or raise maxReplicas.",
    };
  }
  if (most !== 0 || isKnative === false) return;
  if (isUnknown(isKnative)) {
    yield undecided(modePath);
  } else {
    yield {
      path: `${path}.maxReplicas`,
      observed: "absent, so that Knative has no limit",
      allowed: "a number of replicas from 1",
      remedy: "Set it to what the service may cost at most.",
    };
  }
}
