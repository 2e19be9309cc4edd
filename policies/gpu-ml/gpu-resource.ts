import {
  childAt,
  isTreeObject,
  isUnknown,
  pathInContainer,
  tryParseQuantity,
  UNKNOWN,
  type ContainerAt,
  type Tree,
} from "../../components/model";
import { allOf, anyOf, type Truth } from "../engine/truth";

/**
 * Extended resources under which the NVIDIA device plugin offers GPUs: whole ones, MIG slices (`nvidia.com/mig-1g.5gb`)
 * and time-sliced ones (`nvidia.com/gpu.shared`).
 *
 * @see https://github.com/NVIDIA/k8s-device-plugin README, v0.20.0
 */
const GPU_RESOURCE = /^nvidia\.com\/(gpu(\.shared)?|mig-.+)$/;

/** One amount of a GPU resource in a container. */
export interface GpuAmount {
  /** For example `nvidia.com/gpu`. */
  resource: string;
  /** Path of the amount from the object's root. */
  path: string;
  /** Undefined where the container names none; unknown where it may. */
  amount: Tree;
}

/** Tells whether a resource name stands for GPUs. */
export function isGpuResource(name: string): boolean {
  return GPU_RESOURCE.test(name);
}

/** The GPU amounts of a container, each as limit and as request. */
export function gpuAmountsOf(at: ContainerAt): { limit: GpuAmount; request: GpuAmount }[] {
  const resources = childAt(at.container, "resources");
  const limits = childAt(resources, "limits");
  const requests = childAt(resources, "requests");
  const names = new Set([...keysOf(limits), ...keysOf(requests)]);
  return [...names].filter(isGpuResource).map((resource) => ({
    limit: amountAt(limits, resource, pathInContainer(at, "resources.limits")),
    request: amountAt(requests, resource, pathInContainer(at, "resources.requests")),
  }));
}

/** Paths of a container's fields that are not known yet and may hold a GPU amount. */
export function unknownAmountsOf(at: ContainerAt): string[] {
  const resources = childAt(at.container, "resources");
  if (isUnknown(resources)) return [pathInContainer(at, "resources")];
  return ["limits", "requests"]
    .filter((side) => isUnknown(childAt(resources, side)))
    .map((side) => pathInContainer(at, `resources.${side}`));
}

/** Tells whether a container asks for a GPU; it asks for none where the amount is zero. */
export function asksForGpu(at: ContainerAt): Truth {
  const amounts: Tree[] = gpuAmountsOf(at).flatMap(({ limit, request }) => [limit.amount, request.amount]);
  const hidden: Truth[] = unknownAmountsOf(at).map(() => UNKNOWN);
  return anyOf([...hidden, ...amounts.map(isNonZero)]);
}

/** Tells whether an amount stands for anything but zero; what is no quantity does. */
export function isNonZero(amount: Tree): Truth {
  if (isUnknown(amount)) return UNKNOWN;
  return allOf([amount !== undefined && amount !== null, tryParseQuantity(amount) !== 0n]);
}

/** How messages show an amount. */
export function describeAmount(amount: Tree): string {
  return typeof amount === "string" || typeof amount === "number" ? JSON.stringify(amount) : "no quantity";
}

function keysOf(node: Tree): string[] {
  return isTreeObject(node) ? Object.keys(node) : [];
}

function amountAt(side: Tree, resource: string, path: string): GpuAmount {
  const amount: Tree = childAt(side, resource);
  return { resource, path: `${path}["${resource}"]`, amount: amount === null ? undefined : amount };
}
