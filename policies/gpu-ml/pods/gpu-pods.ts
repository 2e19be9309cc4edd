import {
  containersOf,
  isUnknown,
  tryParseQuantity,
  UNKNOWN,
  type ContainerAt,
  type Tree,
} from "../../../components/model";
import { unknownContainersOf, type PodGroup } from "../../engine/pods";
import { anyOf, type Truth } from "../../engine/truth";
import { gpuAmountsOf, isNonZero, unknownAmountsOf, type GpuAmount } from "../gpu-resource";
import type { Condition } from "../../engine/conditions";

/** How many there are of something, as far as that is known. */
export interface Count {
  /** What is known for certain. */
  atLeast: number;
  /** Paths of fields that are not known yet and may add to it. */
  unknownAt: string[];
}

const NANO = 10n ** 9n;

/**
 * Whether any container of some pods asks for a GPU.
 *
 * @param counts tells whether a GPU resource is meant; all are by default.
 */
export function asksForGpus(pods: PodGroup, counts: (resource: string) => boolean = () => true): Condition {
  const containers = containersOf(pods);
  const amounts = containers.flatMap(amountsOf).filter(({ resource }) => counts(resource));
  const hidden = [...containers.flatMap(unknownAmountsOf), ...unknownContainersOf(pods)];
  const open = amounts.filter(({ amount }) => isUnknown(amount)).map(({ path }) => path);
  const unknowns: Truth[] = hidden.map(() => UNKNOWN);
  return {
    holds: anyOf([...amounts.map(({ amount }) => isNonZero(amount)), ...unknowns]),
    unknownAt: [...hidden, ...open],
  };
}

/** The whole GPUs of a container, of whatever resource; as its limits say, else its requests. */
export function gpusOf(at: ContainerAt): Count {
  const amounts = gpuAmountsOf(at).map(({ limit, request }) => (limit.amount === undefined ? request : limit));
  return countOf(amounts, unknownAmountsOf(at));
}

/** The whole GPUs of a pod, over the containers that run side by side. */
export function gpusOfPod(pods: PodGroup): Count {
  const counts = sideBySide(pods).map(gpusOf);
  const hidden = unknownContainersOf(pods);
  return {
    atLeast: counts.reduce((sum, { atLeast }) => sum + atLeast, 0),
    unknownAt: [...counts.flatMap(({ unknownAt }) => unknownAt), ...hidden],
  };
}

/** Whether there are more than so many. */
export function moreThan({ atLeast, unknownAt }: Count, number: number): Condition {
  return { holds: atLeast > number ? true : unknownAt.length > 0 ? UNKNOWN : false, unknownAt };
}

/** Containers of a pod that are neither there to prepare it nor to look into it. */
export function sideBySide(pods: PodGroup): ContainerAt[] {
  const list: Tree = isUnknown(pods.spec) ? [] : pods.template.spec["containers"];
  return Array.isArray(list) ? containersOf(pods).filter(({ container }) => list.includes(container)) : [];
}

function amountsOf(at: ContainerAt): GpuAmount[] {
  return gpuAmountsOf(at).flatMap(({ limit, request }) => [limit, request]);
}

/** Amounts that are no quantities have a finding of their own already. */
function countOf(amounts: GpuAmount[], hidden: string[]): Count {
  const open = amounts.filter(({ amount }) => isUnknown(amount)).map(({ path }) => path);
  const known = amounts.map(({ amount }) => Number((tryParseQuantity(amount) ?? 0n) / NANO));
  return { atLeast: known.reduce((sum, count) => sum + count, 0), unknownAt: [...hidden, ...open] };
}
