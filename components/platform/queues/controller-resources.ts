import { type PartResources, partResources } from "../part/part-args";

/**
 * Requests and limits of a controller whose chart limits its CPU. The limit is taken away: it would slow the controller down
 * where the node has CPU to spare, and refuse requests above it.
 */
export function controllerResources(given: PartResources | undefined, defaults: Required<PartResources>) {
  const { requests, limits } = partResources(given, defaults);
  return { requests, limits: { ...limits, cpu: null } };
}
