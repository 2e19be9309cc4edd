import { describe, expect, it } from "vitest";
import type { TreeObject } from "../../../components/model";
import type { PlannedResource } from "../../../preflight/planned-resource";
import { requirementLabels } from "../../../preflight/pools/requirement-labels";
import { findObject, groupKindOf, stackIndexOf } from "../../../preflight/pools/stack-index";

const CONFIG_MAP = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "c", namespace: "ml" } };

function resource(urn: string, properties: TreeObject, type = "kubernetes:core/v1:ConfigMap"): PlannedResource {
  return { type, name: urn, urn, properties };
}

describe("the index of a stack", () => {
  it("finds the first of two objects of one name, and the first of two resources of one URN", () => {
    const [first, second] = [resource("a", CONFIG_MAP), resource("a", CONFIG_MAP)];
    const stack = stackIndexOf([first, second]);
    expect(findObject(stack, "", "ConfigMap", "ml", "c")).toBe(first);
    expect(stack.byUrn.get("a")).toBe(first);
  });

  it("finds no object without a name or a kind", () => {
    const unnamed = resource("a", { ...CONFIG_MAP, metadata: { namespace: "ml" } });
    const kindless = resource("b", { apiVersion: "v1", metadata: CONFIG_MAP.metadata });
    expect(stackIndexOf([unnamed, kindless]).objects.size).toBe(0);
    expect(groupKindOf(kindless)).toBeUndefined();
  });

  it("takes apart lists of Kubernetes, and no other resources that are called so", () => {
    const list = { apiVersion: "v1", kind: "ConfigMapList", items: [{ metadata: CONFIG_MAP.metadata }] };
    expect(stackIndexOf([resource("a", list)]).resources.map(({ properties }) => properties)).toEqual([CONFIG_MAP]);
    const other = resource("a", list, "aws:ec2/prefix:ManagedPrefixList");
    expect(stackIndexOf([other]).resources).toEqual([other]);
  });
});

describe("requirements of a NodePool", () => {
  it("say nothing without a key", () => {
    expect(requirementLabels([{ operator: "Exists" }, { operator: "In", values: ["a"] }], [])).toEqual({
      labels: {},
      open: [],
    });
  });
});
