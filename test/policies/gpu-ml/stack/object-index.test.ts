import { describe, expect, it } from "vitest";
import { UNKNOWN, type Tree } from "../../../../components/model";
import { CLUSTER, nameOf, namespaceOf, objectIndexOf } from "../../../../policies/gpu-ml/stack/object-index";
import { UNKNOWN_STRING } from "../../analyzer";
import { object, subjectOf } from "./resources";

function secret(namespace: unknown, name: unknown) {
  return subjectOf(object("v1", "Secret", "it", {}, { namespace, name }));
}

function classNamed(name: unknown) {
  return subjectOf(object("storage.k8s.io/v1", "StorageClass", "it", {}, { namespace: undefined, name }));
}

const key = secret("ml", "key");
const placed = secret("ml", UNKNOWN_STRING);
const homeless = secret(UNKNOWN_STRING, "key");

describe("objects by their names", () => {
  it.each<[string, (typeof key)[], Tree, Tree, unknown]>([
    ["the object", [key], "ml", "key", key],
    ["none of another name", [key], "ml", "x", undefined],
    ["none of another namespace", [key], "x", "key", undefined],
    ["perhaps one, of a name that is not known yet", [key], "ml", UNKNOWN, UNKNOWN],
    ["none of such a name elsewhere", [key], "x", UNKNOWN, undefined],
    ["perhaps one, in a namespace that is not known yet", [key], UNKNOWN, "key", UNKNOWN],
    ["none of another name in such a namespace", [key], UNKNOWN, "x", undefined],
    ["perhaps one, of neither", [key], UNKNOWN, UNKNOWN, UNKNOWN],
    ["none of neither where there is none", [], UNKNOWN, UNKNOWN, undefined],
    ["perhaps one without a name", [placed], "ml", "x", UNKNOWN],
    ["none without a name elsewhere", [placed], "x", "key", undefined],
    ["perhaps the one without a name", [placed], "ml", UNKNOWN, UNKNOWN],
    ["perhaps one without a name, anywhere", [placed], UNKNOWN, "x", UNKNOWN],
    ["perhaps one without a namespace", [homeless], "x", "key", UNKNOWN],
    ["none of another name without a namespace", [homeless], "x", "y", undefined],
    ["perhaps the one without a namespace", [homeless], UNKNOWN, "key", UNKNOWN],
    ["perhaps one without a namespace, of any name", [homeless], "x", UNKNOWN, UNKNOWN],
    ["perhaps one of neither", [secret(UNKNOWN_STRING, UNKNOWN_STRING)], "x", "y", UNKNOWN],
  ])("finds %s", (_case, subjects, namespace, name, found) => {
    expect(objectIndexOf(subjects, true).find(namespace, name)).toBe(found);
  });

  it("finds objects of the cluster", () => {
    const [gp3, unnamed] = [classNamed("gp3"), classNamed(UNKNOWN_STRING)];

    expect(objectIndexOf([gp3], false).find(CLUSTER, "gp3")).toBe(gp3);
    expect(objectIndexOf([gp3], false).find(CLUSTER, "gp2")).toBeUndefined();
    expect(objectIndexOf([gp3, unnamed], false).find(CLUSTER, "gp2")).toBe(UNKNOWN);
  });

  it.each<[string, (typeof key)[], Tree, boolean]>([
    ["one is", [key], "ml", true],
    ["none is", [key], "x", false],
    ["one may be", [homeless], "x", true],
    ["the namespace is not known yet", [key], UNKNOWN, true],
    ["there is none at all", [], UNKNOWN, false],
  ])("tells whether any is in a namespace where %s", (_case, subjects, namespace, isIn) => {
    expect(objectIndexOf(subjects, true).isIn(namespace)).toBe(isIn);
  });
});

describe("the name and the namespace of an object", () => {
  it.each<[unknown, unknown]>([
    ["ml", "ml"],
    ["", "default"],
    [undefined, "default"],
    [5, "default"],
    [UNKNOWN_STRING, UNKNOWN],
  ])("namespace %s", (namespace, said) => {
    expect(namespaceOf(secret(namespace, "key"))).toBe(said);
  });

  it.each<[unknown, unknown]>([
    ["key", "key"],
    ["", UNKNOWN],
    [undefined, UNKNOWN],
    [5, UNKNOWN],
    [UNKNOWN_STRING, UNKNOWN],
  ])("name %s", (name, said) => {
    expect(nameOf(secret("ml", name))).toBe(said);
  });
});
