import { GPU_RESOURCE, containersOf, isUnknown, UNKNOWN, type Taint } from "../../components/model";
import { unknownContainersOf, type PodGroup } from "../engine/pods";
import { undecided, type Judgement, type ResourceRule } from "../engine/rule";
import { anyOf, type Truth } from "../engine/truth";
import { asksForGpu, gpuAmountsOf, unknownAmountsOf } from "./gpu-resource";
import { describeTaint, taintsParameter } from "./taint";
import { isTolerated, tolerationsOf } from "./toleration";

/**
 * GPU-02, pod by pod: pods that ask for a GPU tolerate the taint of GPU nodes.
 *
 * The admission plugin ExtendedResourceToleration adds the toleration only where it is enabled, and then only for the
 * taint whose key is the resource's name; so the toleration is asked for all the same.
 *
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/ "Example Use Cases", v1.36
 */
export const gpuToleration: ResourceRule<{ taints: Taint[] }> = {
  id: "GPU-02",
  title: "GPU pods tolerate the taint of GPU nodes",
  why: "Without the toleration the pod stays pending for ever, whatever GPUs are free.",
  url: "https://docs.aws.amazon.com/eks/latest/best-practices/aiml-compute.html",
  severity: "high",
  level: "mandatory",
  family: "gpu",
  parameters: {
    taints: taintsParameter("a list of the taints that GPU nodes carry, each with key, effect and perhaps value", [
      { key: GPU_RESOURCE, effect: "NoSchedule" },
    ]),
  },
  *judge(subject, { taints }) {
    for (const pods of subject.pods) {
      for (const taint of taints) yield* judgePods(pods, taint);
    }
  },
};

function* judgePods(pods: PodGroup, taint: Taint): Iterable<Judgement> {
  const { path, tolerations } = tolerationsOf(pods);
  const tolerated = isTolerated(tolerations, { ...taint });
  const asks = podsAskForGpu(pods);
  if (tolerated === true || asks === false) return;
  if (isUnknown(tolerated)) {
    yield undecided(path);
  } else if (isUnknown(asks)) {
    for (const hidden of unknownAsksOf(pods)) yield undecided(hidden);
  } else {
    yield {
      path,
      observed: `without a match for the taint ${describeTaint({ ...taint })}`,
      allowed: "tolerations that match every taint of GPU nodes",
      remedy: `Add { key: "${taint.key}", operator: "Exists", effect: "${taint.effect}" }.`,
    };
  }
}

function podsAskForGpu(pods: PodGroup): Truth {
  const hidden: Truth[] = unknownContainersOf(pods).map(() => UNKNOWN);
  return anyOf([...containersOf(pods).map(asksForGpu), ...hidden]);
}

function unknownAsksOf(pods: PodGroup): string[] {
  const inContainers = containersOf(pods).flatMap((at) => {
    const amounts = gpuAmountsOf(at).flatMap(({ limit, request }) => [limit, request]);
    const unknownAmounts = amounts.filter(({ amount }) => isUnknown(amount)).map(({ path }) => path);
    return [...unknownAmountsOf(at), ...unknownAmounts];
  });
  return [...inContainers, ...unknownContainersOf(pods)];
}
