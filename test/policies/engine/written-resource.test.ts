import { describe, expect, it } from "vitest";
import type { Tree } from "../../../components/model";
import { resourcesIn, subjectOf, subjectsOf, writtenResourceOf } from "../../../policies/engine/written-resource";

describe("resources outside Pulumi", () => {
  it.each<[string, Tree, [type: string, name: string] | undefined]>([
    [
      "an object of a group",
      { apiVersion: "batch/v1", kind: "Job", metadata: { name: "a" } },
      ["kubernetes:batch/v1:Job", "a"],
    ],
    ["an object of the core group", { apiVersion: "v1", kind: "Pod" }, ["kubernetes:core/v1:Pod", ""]],
    ["another resource", { type: "x:index:Y", name: "a", properties: {} }, ["x:index:Y", "a"]],
    ["another resource without name", { type: "x:index:Y", properties: {} }, ["x:index:Y", "example"]],
    ["a version without kind", { apiVersion: "v1" }, undefined],
    ["a kind without version", { kind: "Pod" }, undefined],
    [
      "a kind without version, beside a type",
      { kind: "Pod", type: "x:index:Y", properties: {} },
      ["x:index:Y", "example"],
    ],
    [
      "a version without kind, beside a type",
      { apiVersion: "v1", type: "x:index:Y", properties: {} },
      ["x:index:Y", "example"],
    ],
    ["a type without properties", { type: "x:index:Y" }, undefined],
    ["properties without type", { properties: {} }, undefined],
    ["text", "Pod", undefined],
    ["nothing", null, undefined],
  ])("are read from %s", (_case, document, expected) => {
    const resource = writtenResourceOf(document);

    expect(resource && [resource.type, resource.name]).toEqual(expected);
  });

  it("are read from a stream, past what is none", () => {
    const stream =
      "{ apiVersion: v1, kind: Pod }\n---\n# nothing\n---\njust text\n---\n{ apiVersion: v1, kind: Secret }\n";

    expect(resourcesIn(stream).map(({ type }) => type)).toEqual([
      "kubernetes:core/v1:Pod",
      "kubernetes:core/v1:Secret",
    ]);
    expect(resourcesIn("")).toEqual([]);
    expect(() => resourcesIn("a: [")).toThrow();
  });

  it("are told apart by their numbers, but for those with a URN", () => {
    const [a, b] = [
      { type: "x:index:Y", name: "a", properties: {} },
      { type: "x:index:Y", name: "a", properties: {}, urn: "urn:b" },
    ];

    expect(subjectsOf([a, a, b]).map(({ urn }) => urn)).toEqual(["0:x:index:Y::a", "1:x:index:Y::a", "urn:b"]);
  });

  it.each([[true], [false], [undefined]])("are protected as is told: %s", (isProtected) => {
    const resource = {
      type: "x:index:Y",
      name: "a",
      properties: {},
      ...(isProtected === undefined ? {} : { isProtected }),
    };

    expect(subjectOf(resource, "urn").isProtected).toBe(isProtected);
  });
});
