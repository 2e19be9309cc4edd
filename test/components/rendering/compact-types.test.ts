import {
  type Arbitrary,
  array,
  assert,
  constantFrom,
  dictionary,
  letrec,
  oneof,
  property,
  record,
  string,
} from "fast-check";
import { describe, expect, it } from "vitest";
import { type KubernetesObject, withCompactTypes } from "../../../components/rendering";

type Node = Record<string, unknown>;

function typeOf(openAPIV3Schema: unknown): KubernetesObject {
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "widgets.example", annotations: { description: "kept" } },
    spec: { versions: [{ name: "v1", schema: { openAPIV3Schema } }] },
  };
}

function schemaOf({ spec }: KubernetesObject): Node {
  return (spec as { versions: [{ schema: { openAPIV3Schema: Node } }] }).versions[0].schema.openAPIV3Schema;
}

function compacted(schema: unknown): Node {
  return schemaOf(withCompactTypes([typeOf(schema)])[0]!);
}

const preserving = { type: "object", "x-kubernetes-preserve-unknown-fields": true };

/** Names that fields of pods have, that schemas have, and others. */
const opened = ["affinity", "initContainers", "nfs", "valueFrom", "ephemeral", "image"];
const fieldNames = constantFrom(
  ...opened,
  "containers",
  "description",
  "properties",
  "items",
  "default",
  "image",
  "size",
);

/** Schemas as resource types have them. */
function schemas(): Arbitrary<Node> {
  const description = string();
  return letrec<{ schema: Node }>((tie) => ({
    schema: oneof(
      { depthSize: "small", withCrossShrink: true },
      record({ type: constantFrom("string", "integer", "boolean"), description }, { requiredKeys: ["type"] }),
      record(
        {
          type: constantFrom("object"),
          description,
          properties: dictionary(fieldNames, tie("schema"), { maxKeys: 5 }),
        },
        { requiredKeys: ["type", "properties"] },
      ),
      record({ type: constantFrom("array"), description, items: tie("schema") }, { requiredKeys: ["type", "items"] }),
      record({ type: constantFrom("object"), additionalProperties: tie("schema") }),
      record({ type: constantFrom("object"), allOf: array(tie("schema"), { maxLength: 2 }) }),
    ),
  })).schema;
}

/** Paths of all fields that a schema has, those within an opened field excepted. */
function fieldsOf(schema: Node, isOpened: (name: string) => boolean, path = ""): string[] {
  const properties = Object.entries((schema["properties"] ?? {}) as Record<string, Node>).flatMap(([name, inner]) => {
    const own = `${path}.${name}`;
    return [own, ...(isOpened(name) ? [] : fieldsOf(inner, isOpened, own))];
  });
  const nested = ["items", "additionalProperties"].flatMap((key) => {
    return schema[key] === undefined ? [] : fieldsOf(schema[key] as Node, isOpened, `${path}[${key}]`);
  });
  const all = ((schema["allOf"] ?? []) as Node[]).flatMap((each) => fieldsOf(each, isOpened, `${path}[all]`));
  return [...properties, ...nested, ...all];
}

/** Texts of descriptions; a field of that name has a schema. */
function descriptionsIn(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(descriptionsIn);
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => {
    return key === "description" && typeof value === "string" ? [value] : descriptionsIn(value);
  });
}

describe("a compact type", () => {
  const isOpened = (name: string) => opened.includes(name);

  it("has every field that the whole one has, but for those within fields that are open", () => {
    assert(
      property(schemas(), (schema) => {
        expect(fieldsOf(compacted(schema), isOpened)).toEqual(fieldsOf(schema, isOpened));
      }),
    );
  });

  it("has no description", () => {
    assert(
      property(schemas(), (schema) => {
        expect(descriptionsIn(compacted(schema))).toEqual([]);
      }),
    );
  });

  it("compacted again is the same", () => {
    assert(
      property(schemas(), (schema) => {
        const once = compacted(schema);
        expect(compacted(once)).toEqual(once);
      }),
    );
  });

  it("leaves open what is large in pods, as an object or a list of objects", () => {
    const inner = { type: "object", properties: { deep: { type: "string" } } };
    const properties = { affinity: inner, initContainers: { type: "array", items: inner }, size: inner };
    expect(compacted({ type: "object", properties })["properties"]).toEqual({
      affinity: preserving,
      initContainers: { type: "array", items: preserving },
      size: inner,
    });
  });

  it("keeps fields with such names that are no objects, as `image` mostly is text", () => {
    const properties = { image: { type: "string" }, ephemeral: { type: "boolean" }, csi: { type: "array" } };
    expect(compacted({ type: "object", properties })["properties"]).toEqual(properties);
  });

  it("keeps values as they are: defaults, enumerations and examples", () => {
    const properties = {
      a: { type: "object", default: { description: "text", properties: { affinity: 1 } } },
      b: { type: "string", enum: ["description"], example: { description: "text" } },
    };
    expect(compacted({ type: "object", properties })["properties"]).toEqual(properties);
  });

  it("keeps its metadata, and other objects are left alone", () => {
    const type = typeOf({ type: "object", description: "gone" });
    const other = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" }, data: { description: "kept" } };
    const [after, untouched] = withCompactTypes([type, other]);
    expect(after!.metadata).toEqual(type.metadata);
    expect(untouched).toBe(other);
    expect(schemaOf(type)).toHaveProperty("description");
  });
});
