import {
  arrayAt,
  childAt,
  isTreeObject,
  nodeAt,
  objectAt,
  stringAt,
  type Tree,
  type TreeObject,
} from "../../components/model";
import type { Amounts } from "../scheduling/amounts";
import { podRequests } from "../scheduling/pod-requests";
import { amountOf } from "../scheduling/quantities";
import { isScheduled } from "../scheduling/resource-names";
import type { LimitRangeRefusal } from "./workload";

/** What one item of a LimitRange says of one resource. */
export interface Bound {
  /** As messages call the LimitRange. */
  title: string;
  /** `Container`, `Pod` or `PersistentVolumeClaim`. */
  type: string | undefined;
  resource: string;
  /** In the units of `Amounts`; of a ratio how many times the request the limit may be. */
  min: number | undefined;
  max: number | undefined;
  ratio: number | undefined;
}

/** What is asked for and what may be used, in the units of `Amounts`. */
interface Use {
  requests: Amounts;
  limits: Amounts;
}

const OF_CLAIMS = "PersistentVolumeClaim";

/** What a LimitRange of a namespace bounds; amounts that are not known yet, or are none, bound nothing. */
export function boundsOf(range: Tree, namespace: string): Bound[] {
  const title = `LimitRange ${stringAt(nodeAt(range, "metadata"), "name") ?? "without a name"} of namespace ${namespace}`;
  return arrayAt(childAt(range, "spec"), "limits").flatMap((item) => {
    const [min, max, ratio] = ["min", "max", "maxLimitRequestRatio"].map((side) => objectAt(item, side) ?? {});
    const type = stringAt(item, "type");
    const named = new Set([min, max, ratio].flatMap((side) => Object.keys(side!)));
    const resources = [...named].filter((resource) => type === OF_CLAIMS || isScheduled(resource));
    return resources.map((resource) => ({
      title,
      type,
      resource,
      min: amountOf(resource, min![resource]),
      max: amountOf(resource, max![resource]),
      ratio: ratioOf(ratio![resource]),
    }));
  });
}

/** Thousandths of a CPU are what is exact enough for a ratio. */
function ratioOf(value: Tree): number | undefined {
  const thousandths = amountOf("cpu", value);
  return thousandths === undefined ? undefined : thousandths / 1000;
}

/**
 * What LimitRanges refuse of pods with a spec, after their defaults were filled in; undefined where they let them pass, or
 * not all amounts are known.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/v1.36.3/plugin/pkg/admission/limitranger/admission.go
 */
export function podRefusal(spec: TreeObject, bounds: readonly Bound[]): LimitRangeRefusal | undefined {
  if (bounds.length === 0) return undefined;
  const containers = ["containers", "initContainers"].flatMap((list) => arrayAt(spec, list).filter(isTreeObject));
  for (const container of containers) {
    const refusal = firstRefusal(useOf({ containers: [container] }), ofType(bounds, "Container"));
    const name = stringAt(container, "name");
    const isOneOfSeveral = containers.length > 1 && name !== undefined;
    if (refusal !== undefined) return isOneOfSeveral ? { ...refusal, container: name } : refusal;
  }
  return firstRefusal(useOf({ ...spec, overhead: undefined }), ofType(bounds, "Pod"));
}

/** What LimitRanges refuse of a claim of some name; undefined where they let it pass. */
export function claimRefusal(claim: Tree, name: string, bounds: readonly Bound[]): LimitRangeRefusal | undefined {
  const own = ofType(bounds, OF_CLAIMS);
  if (own.length === 0) return undefined;
  const asked = objectAt(nodeAt(claim, "spec.resources"), "requests") ?? {};
  const requests = new Map<string, number>();
  for (const [resource, value] of Object.entries(asked)) {
    const amount = amountOf(resource, value);
    if (amount === undefined) return undefined;
    requests.set(resource, amount);
  }
  const refusal = firstRefusal({ requests, limits: requests }, own);
  return refusal === undefined ? undefined : { ...refusal, claim: name };
}

function ofType(bounds: readonly Bound[], type: string): Bound[] {
  return bounds.filter((bound) => bound.type === type);
}

/** What pods ask for and may use; undefined where that is not known. */
function useOf(spec: TreeObject): Use | undefined {
  const requests = amountsOf(spec);
  const limits = amountsOf(withLimitsAlone(spec));
  return requests === undefined || limits === undefined ? undefined : { requests, limits };
}

function amountsOf(spec: TreeObject): Amounts | undefined {
  const unknownPaths = new Set<string>();
  const amounts = podRequests({ value: spec, path: "spec", unknownPaths });
  return unknownPaths.size > 0 ? undefined : amounts;
}

/** The spec as if its limits were all that it asks for. */
function withLimitsAlone(spec: TreeObject): TreeObject {
  const alone = (owner: Tree): Tree =>
    isTreeObject(owner) ? { ...owner, resources: { limits: nodeAt(owner, "resources.limits") } } : owner;
  const lists = ["containers", "initContainers"].map((list): [string, Tree] => [list, arrayAt(spec, list).map(alone)]);
  return { ...spec, resources: { limits: nodeAt(spec, "resources.limits") }, ...Object.fromEntries(lists) };
}

function firstRefusal(use: Use | undefined, bounds: readonly Bound[]): LimitRangeRefusal | undefined {
  if (use === undefined) return undefined;
  for (const { title, resource, min, max, ratio } of bounds) {
    const [request, limit] = [use.requests.get(resource), use.limits.get(resource)];
    const bound = brokenBound(request, limit, { min, max, ratio });
    if (bound !== undefined) return { kind: "limit-range", title, resource, request, limit, bound };
  }
  return undefined;
}

/** Of several bounds that are broken the one that is told: what is asked for before what may be used. */
function brokenBound(
  request: number | undefined,
  limit: number | undefined,
  { min, max, ratio }: Pick<Bound, "min" | "max" | "ratio">,
): LimitRangeRefusal["bound"] | undefined {
  const [least, most] = [min ?? -Infinity, max ?? Infinity];
  if (request !== undefined && request > most) return { of: "request", is: "most", amount: most };
  if (most < Infinity && (limit ?? Infinity) > most) return { of: "limit", is: "most", amount: most };
  if (least > -Infinity && (request ?? -Infinity) < least) return { of: "request", is: "least", amount: least };
  if (limit !== undefined && limit < least) return { of: "limit", is: "least", amount: least };
  if (ratio === undefined) return undefined;
  const isWithin = request !== undefined && limit !== undefined && request > 0 && limit > 0 && limit / request <= ratio;
  return isWithin ? undefined : { of: "ratio", is: "most", amount: ratio };
}
