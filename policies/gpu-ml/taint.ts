import {
  arrayAt,
  childAt,
  isTreeObject,
  isUnknown,
  stringAt,
  UNKNOWN,
  type Taint,
  TaintEffect,
  type Tree,
} from "../../components/model";
import { allOf, isOneOf, not, type Truth } from "../engine/truth";
import type { Parameter } from "../engine/rule";

/** Effects that keep pods without a toleration off a node for certain. */
const REPELLING: Taint["effect"][] = ["NoSchedule", "NoExecute"];

/** Prefixes of taints that Kubernetes and cloud providers set and lift by themselves as the state of a node changes. */
const PASSING = ["node.kubernetes.io/", "node.cloudprovider.kubernetes.io/"];

/** Tells whether a taint keeps pods without a toleration off its node for as long as the node lives. */
export function repels(taint: Tree): Truth {
  const key: Tree = childAt(taint, "key");
  const passes = isUnknown(key) ? UNKNOWN : typeof key === "string" && PASSING.some((prefix) => key.startsWith(prefix));
  return allOf([not(passes), isOneOf(childAt(taint, "effect"), ...REPELLING)]);
}

/** A taint whose absent value is spelt out as the empty one. */
export function withValue(taint: Tree): Tree {
  if (isUnknown(taint)) return taint;
  return { key: childAt(taint, "key"), value: childAt(taint, "value") ?? "", effect: childAt(taint, "effect") };
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
          effect: { type: "string", enum: Object.values(TaintEffect) },
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
    Object.values(TaintEffect).some((effect) => effect === value["effect"])
  );
}
