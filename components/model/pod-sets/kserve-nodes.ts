import { childAt, isTreeObject, nodeAt, objectAt, type Tree, type TreeObject } from "../tree";
import { tryParseQuantity } from "../quantity";
import { isUnknown } from "../unknown";
import { countAt, product } from "./sizes";

/** A model that is spread over nodes: how many there are, and how many GPUs its head and each of the others asks for. */
export interface SpreadModel {
  nodes: number;
  headGpus: number;
  workerGpus: number;
}

/** The devices that KServe counts as GPUs, the one that it takes where none is named first. */
const GPUS = ["nvidia.com/gpu", "amd.com/gpu", "intel.com/gpu", "habana.ai/gaudi"] as const;

/** The annotation of a runtime that says how the parts of a model talk to each other, and its value for plain processes. */
const BACKEND = "multinode/executor-backend";
const PROCESSES = "mp";

/** One in the terms of a quantity. */
const ONE = tryParseQuantity(1)!;

/**
 * Divides a model among nodes: with plain processes there is a node for each part of the pipeline; with Ray as many as its
 * GPUs need, of which each worker requests so many.
 *
 * @returns undefined where amounts are not known, or where KServe refuses them as too few.
 * @see https://github.com/kserve/kserve/blob/v0.20.0/pkg/controller/v1beta1/inferenceservice/components/predictor.go "computeRayNodeAndGPUs"
 */
export function spreadModel(
  runtimeSpec: TreeObject,
  workerSpec: TreeObject,
  head: TreeObject,
  worker: TreeObject,
): SpreadModel | undefined {
  const given = (key: string) => countAt(workerSpec, key, countAt(objectAt(runtimeSpec, "workerSpec"), key, 1));
  const [pipeline, tensor] = [given("pipelineParallelSize"), given("tensorParallelSize")];
  if (pipeline === undefined || tensor === undefined) return undefined;
  if (childAt(objectAt(runtimeSpec, "annotations"), BACKEND) === PROCESSES) {
    return { nodes: pipeline, headGpus: tensor, workerGpus: tensor };
  }
  const [total, ofHead, ofWorker] = [product(pipeline, tensor), requestedGpus(head), requestedGpus(worker)];
  if (total === undefined || ofHead === undefined || ofWorker === undefined) return undefined;
  return rayNodes(total, ofHead, ofWorker);
}

/** The container with as many GPUs as KServe gives it, of the type that it names. */
export function withGpus(container: TreeObject, gpus: number): TreeObject {
  const resources = objectAt(container, "resources");
  const sides = ["limits", "requests"].map((side) => objectAt(resources, side) ?? {});
  const type = GPUS.find((gpu) => sides.some((side) => !isZero(side[gpu]))) ?? GPUS[0];
  const [limits, requests] = sides.map((side) => ({ ...side, [type]: gpus }));
  return { ...container, resources: { ...resources, limits, requests } };
}

function rayNodes(total: number, ofHead: number, ofWorker: number): SpreadModel | undefined {
  if (ofWorker === 0 && ofHead === 0) return { nodes: total, headGpus: 1, workerGpus: 1 };
  // Where only the head asks for GPUs, each of the others gets one.
  if (ofWorker === 0) return { nodes: 1 + Math.max(0, total - ofHead), headGpus: ofHead, workerGpus: 1 };
  const nodes = ofHead >= total ? 1 : Math.ceil(total / ofWorker);
  if (nodes === 1) return { nodes, headGpus: total, workerGpus: 0 };
  const others = ofWorker * (nodes - 1);
  const headGpus = ofHead === 0 ? total - others : ofHead;
  return total > headGpus + others ? undefined : { nodes, headGpus, workerGpus: ofWorker };
}

/** KServe looks at requests alone, before limits fill them in; undefined where they are not known. */
function requestedGpus(container: TreeObject): number | undefined {
  const requests = nodeAt(container, "resources.requests");
  if (isUnknown(requests)) return undefined;
  const type = GPUS.find((gpu) => isTreeObject(requests) && (requests[gpu] ?? undefined) !== undefined);
  if (type === undefined) return 0;
  const quantity = tryParseQuantity(childAt(requests, type));
  return quantity === undefined || quantity < 0n ? undefined : Number((quantity + ONE - 1n) / ONE);
}

function isZero(amount: Tree): boolean {
  return (amount ?? undefined) === undefined || tryParseQuantity(amount) === 0n;
}
