import { childAt, isUnknown } from "../../../components/model";
import { wholeNumber } from "../../engine/parameters";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";
import { shown } from "../../engine/shown";
import { componentsOf, hasGpus, type ServiceComponent } from "./inference-service";

/** Seconds after which Knative ends a request where nothing else is said. */
const DEFAULT_TIMEOUT = 300;

const seconds = wholeNumber(
  "a number of seconds from 1 that a GPU node, an image and a model need until the first answer",
  // The most that Knative allows by default.
  600,
  1,
);

/**
 * ML-09, cold start: a GPU service that goes down to no replica has time to come back while a request waits for it.
 *
 * @see https://knative.dev/docs/serving/configuration/config-defaults/ "revision-timeout-seconds", v1.21
 */
export const inferenceColdStart: ResourceRule<{ seconds: number }> = {
  id: "ML-09",
  title: "Requests outlast the cold start of GPU services",
  why: "A GPU node, a large image and a model take minutes to come, while the first requests fail by their timeout.",
  remediation: "Keep one replica with `minReplicas: 1`, or raise `timeout` beyond the cold start.",
  url: "https://knative.dev/docs/serving/autoscaling/scale-to-zero/",
  severity: "medium",
  level: "advisory",
  family: "ml",
  parameters: { seconds },
  examples: {
    bad: `
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: { name: chat, namespace: ml, annotations: { serving.kserve.io/deploymentMode: Knative } }
spec:
  predictor:
    minReplicas: 0
    maxReplicas: 2
    containers:
      - name: kserve-container
        image: registry.example/server:1.4
        resources: { limits: { nvidia.com/gpu: 1 } }
`,
    good: `
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: { name: chat, namespace: ml, annotations: { serving.kserve.io/deploymentMode: Knative } }
spec:
  predictor:
    minReplicas: 0
    maxReplicas: 2
    timeout: 600
    containers:
      - name: kserve-container
        image: registry.example/server:1.4
        resources: { limits: { nvidia.com/gpu: 1 } }
`,
  },
  *judge(subject, parameters) {
    for (const component of componentsOf(subject)) yield* judgeComponent(component, parameters.seconds);
  },
};

function* judgeComponent({ path, tree, isKnative, modePath }: ServiceComponent, most: number): Iterable<Judgement> {
  if (isUnknown(tree)) {
    yield undecided(path);
    return;
  }
  const asks = hasGpus(tree);
  const least = childAt(tree, "minReplicas");
  const timeout = childAt(tree, "timeout") ?? DEFAULT_TIMEOUT;
  const goesToZero = isUnknown(least) ? least : least === 0;
  if (asks === false || isKnative === false || goesToZero === false) return;
  if (typeof timeout === "number" && timeout >= most) return;
  const hidden = [
    [goesToZero, `${path}.minReplicas`],
    [isKnative, modePath],
    [asks, path],
    [timeout, `${path}.timeout`],
  ] as const;
  const unknown = hidden.find(([value]) => isUnknown(value));
  if (unknown !== undefined) {
    yield undecided(unknown[1]);
  } else {
    yield {
      path: `${path}.timeout`,
      observed: `${shown(timeout)} seconds, while minReplicas is 0 and the service needs GPUs`,
      allowed: `at least ${most} seconds, or minReplicas from 1`,
      remedy: "Keep one replica, or raise the timeout beyond the time that a GPU node and the model need.",
    };
  }
}
