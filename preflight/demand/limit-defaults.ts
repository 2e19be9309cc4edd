import {
  arrayAt,
  childAt,
  isTreeObject,
  isUnknown,
  objectAt,
  stringAt,
  type Tree,
  type TreeObject,
} from "../../components/model";

/** Amounts that containers of a namespace get where they say none. */
export interface Defaults {
  requests: TreeObject;
  limits: TreeObject;
}

/**
 * Defaults of one more LimitRange; those of an earlier one stay.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/apis/core/v1/defaults.go `SetDefaults_LimitRangeItem`
 */
export function combined(earlier: Defaults | undefined, range: Tree): Defaults {
  const sum: Defaults = { requests: { ...earlier?.requests }, limits: { ...earlier?.limits } };
  for (const item of arrayAt(childAt(range, "spec"), "limits")) {
    if (stringAt(item, "type") !== "Container") continue;
    const side = (name: string): TreeObject => objectAt(item, name) ?? {};
    const limits = { ...side("max"), ...side("default") };
    const requests = { ...side("min"), ...limits, ...side("defaultRequest") };
    sum.limits = { ...limits, ...sum.limits };
    sum.requests = { ...requests, ...sum.requests };
  }
  return sum;
}

/** The spec of pods with these amounts filled in. Limits that are given stand for requests before admission fills in any. */
export function withAmounts(spec: TreeObject, defaults: Defaults): TreeObject {
  const filled = ["containers", "initContainers"].flatMap((list): [string, Tree][] => {
    const containers = childAt(spec, list);
    if (!Array.isArray(containers)) return [];
    return [
      [
        list,
        containers.map((container) =>
          isTreeObject(container) ? withContainerAmounts(container, defaults) : container,
        ),
      ],
    ];
  });
  return { ...spec, ...Object.fromEntries(filled) };
}

function withContainerAmounts(container: TreeObject, { requests, limits }: Defaults): TreeObject {
  const sides = ["requests", "limits"].map((side): Tree => childAt(container["resources"], side));
  if (sides.some(isUnknown)) return container;
  const [given, givenLimits] = sides.map((side) => (isTreeObject(side) ? side : {}));
  const resources = { requests: { ...requests, ...givenLimits, ...given }, limits: { ...limits, ...givenLimits } };
  return { ...container, resources };
}
