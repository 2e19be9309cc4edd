import {
  arrayAt,
  childAt,
  isTreeObject,
  isUnknown,
  stringAt,
  UNKNOWN,
  type Taint,
  type Tree,
} from "../../components/model";
import { allOf, isOneOf, not, type Truth } from "../engine/truth";
import type { Parameter } from "../engine/rule";

/** Effects that keep pods without a toleration off a node for certain. */
const REPELLING: Taint["effect"][] = ["NoSchedule", "NoExecute"];

/** Spelling of the effects in the EKS API. @see https://docs.aws.amazon.com/eks/latest/APIReference/API_Taint.html */
const EKS_EFFECTS = new Map<Tree, Taint["effect"]>([
  ["NO_SCHEDULE", "NoSchedule"],
  ["NO_EXECUTE", "NoExecute"],
  ["PREFER_NO_SCHEDULE", "PreferNoSchedule"],
]);

/** Prefixes of taints that Kubernetes and cloud providers set and lift by themselves as the state of a node changes. */
const PASSING = ["node.kubernetes.io/", "node.cloudprovider.kubernetes.io/"];

/** Tells whether a taint keeps pods without a toleration off its node for as long as the node lives. */
export function repels(taint: Tree): Truth {
  const key: Tree = childAt(taint, "key");
  const passes = isUnknown(key) ? UNKNOWN : typeof key === "string" && PASSING.some((prefix) => key.startsWith(prefix));
  return allOf([not(passes), isOneOf(childAt(taint, "effect"), ...REPELLING)]);
}

/** A taint in Kubernetes spelling, whichever API spelt it; an absent value is the empty one. */
export function inKubernetesSpelling(taint: Tree): Tree {
  if (isUnknown(taint)) return taint;
  const effect: Tree = childAt(taint, "effect");
  return {
    key: childAt(taint, "key"),
    value: childAt(taint, "value") ?? "",
    effect: EKS_EFFECTS.get(effect) ?? effect,
  };
}

/** How messages spell a taint: `nvidia.com/gpu=present:NoSchedule`. */
export function describeTaint(taint: Tree): string {
  const [key, value, effect] = ["key", "value", "effect"].map((field) => stringAt(taint, field) ?? "");
  return `${key}${value === "" ? "" : `=${value}`}:${effect}`;
}

/** A parameter that lists taints in Kubernetes spelling; one without `value` stands for any value. */
export function taintsParameter(description: string, taints: Taint[]): Parameter<Taint[]> {
  return {
    description,
    default: taints,
    schema: {
      type: "array",
      items: {
        type: "object",
        properties: {
          key: { type: "string" },
          value: { type: "string" },
          effect: { type: "string", enum: ["NoSchedule", "PreferNoSchedule", "NoExecute"] },
        },
        required: ["key", "effect"],
        additionalProperties: false,
      },
    },
    accepts: (value) => Array.isArray(value) && arrayAt({ value }, "value").every(isTaint),
  };
}

function isTaint(value: Tree): boolean {
  const valueIsText = ["string", "undefined"].includes(typeof childAt(value, "value"));
  return (
    isTreeObject(value) &&
    typeof value["key"] === "string" &&
    valueIsText &&
    [...EKS_EFFECTS.values()].some((effect) => effect === value["effect"])
  );
}
