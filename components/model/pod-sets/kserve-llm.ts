import { childAt, nodeAt, objectAt, type Tree } from "../tree";
import { podSetsAt, type PodFinder, type PodPlace } from "./finder";
import { completedElsewhere, mergedMetadata } from "./parts";
import type { PodSet } from "./pod-set";
import { alone, countAt, product, replicas, scaled, together } from "./sizes";

/** The two workloads of a service: one, or with `prefill` one for each phase of an answer. */
const WORKLOADS = [
  { path: "spec", role: "decode" },
  { path: "spec.prefill", role: "prefill" },
];

/**
 * LLMInferenceService of KServe 0.20, and its configurations, which run nothing by themselves and count 0. What a
 * service takes from a configuration is not in the object.
 *
 * @see https://github.com/kserve/kserve/blob/v0.20.0/pkg/apis/serving/v1alpha2/llm_inference_service_types.go
 */
export const kserveLlmKinds: [kind: string, find: PodFinder][] = [
  ["serving.kserve.io/LLMInferenceService", llmPods],
  ["serving.kserve.io/LLMInferenceServiceConfig", (object) => llmPods(object).map((set) => ({ ...set, ...alone(0) }))],
];

function llmPods(object: Tree): PodSet[] {
  const workloads = WORKLOADS.flatMap(({ path, role }) => workloadPods(object, path, role));
  const scheduler: PodPlace = {
    owner: "spec.router.scheduler",
    template: "template",
    form: "spec",
    role: "scheduler",
    size: replicas,
  };
  return [...workloads, ...podSetsAt(object, [scheduler]).map((set) => completedByBases(set, object))];
}

/** The pods as configurations complete them: those of KServe itself, which always come into it, say nothing of where pods run. */
function completedByBases(set: PodSet, object: Tree): PodSet {
  const { metadata, spec } = set.template;
  const hasBases = childAt(childAt(object, "spec"), "baseRefs") !== undefined;
  const template = { metadata, spec: hasBases ? completedElsewhere(spec) : spec };
  return { ...set, template, completedBy: "spec.baseRefs" };
}

function workloadPods(object: Tree, owner: string, role: string): PodSet[] {
  const workload = nodeAt(object, owner);
  const scaling = objectAt(workload, "scaling");
  const count = scaling ? scaled(scaling, "minReplicas", "maxReplicas") : countAt(workload, "replicas", 1);
  const size = groupSize(childAt(workload, "parallelism"));
  const others = size === undefined ? undefined : Math.max(0, size - 1);
  const isSpread = childAt(workload, "worker") !== undefined;
  const sets = podSetsAt(object, [
    { owner, template: "template", form: "spec", role, size: () => alone(count) },
    {
      owner,
      template: "worker",
      form: "spec",
      role: `${role} worker`,
      size: () => ({ ...together(others), count: product(count, others) }),
    },
  ]);
  const metadata = mergedMetadata(workload);
  return sets.map((set) => ({
    ...completedByBases({ ...set, template: { ...set.template, metadata } }, object),
    ...(isSpread ? { gang: owner } : {}),
    places: { ...set.places, metadata: owner },
  }));
}

/** Pods that one replica is spread over: one for each part of the pipeline, or each node of data parallelism. */
function groupSize(parallelism: Tree): number | undefined {
  const [data, local, pipeline] = ["data", "dataLocal", "pipeline"].map((key) => countAt(parallelism, key, 0));
  if (data === undefined || local === undefined || pipeline === undefined) return undefined;
  if (data > 0 || local > 0) return Math.max(1, Math.floor(Math.max(data, 1) / Math.max(local, 1)));
  return Math.max(1, pipeline);
}
