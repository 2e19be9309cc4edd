import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { loadAllYaml } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { containersOf, pathInContainer, podSetsOf } from "../../components/model/pod-sets";
import { arrayAt, isTreeObject, objectAt, stringAt, type Tree, type TreeObject } from "../../components/model/tree";
import { hasUpstream, upstreamFolder } from "../support/platform-mirror";

/** Places at which the controllers make no pods of their own from a container. */
const NO_PODS = [
  // Defaults are part of a template that has the same field, and are seen there.
  /templateDefaults/,
  // What the controller of Argo tells its agent.
  /^argoproj\.io\/WorkflowTaskSet /,
  // The settings of a program in the cloud.
  /^elbv2\.k8s\.aws\/ALBTargetControlConfig /,
];

/** The image by which a container is found again. */
const IMAGE = "registry.example/found:1";

interface Place {
  /** For example `jobset.x-k8s.io/JobSet`. */
  kind: string;
  apiVersion: string;
  /** Path of the container in an object, with `[]` for items and `*` for keys. */
  path: string;
}

/** Every place in the schema of a resource definition at which a container may be written. */
function placesIn(definition: Tree): Place[] {
  const spec = objectAt(definition, "spec");
  const group = stringAt(spec, "group") ?? "";
  const kind = stringAt(objectAt(spec, "names"), "kind") ?? "";
  return arrayAt(spec, "versions").flatMap((version) => {
    const schema = objectAt(objectAt(version, "schema"), "openAPIV3Schema");
    const specSchema = objectAt(objectAt(schema, "properties"), "spec");
    const apiVersion = `${group}/${stringAt(version, "name")}`;
    return containerPaths(specSchema, "spec").map((path) => ({ kind: `${group}/${kind}`, apiVersion, path }));
  });
}

function containerPaths(schema: Tree, path: string): string[] {
  const properties = objectAt(schema, "properties") ?? {};
  const isContainer =
    "image" in properties && ["command", "args", "resources"].some((field) => field in properties) ? [path] : [];
  const isPodSpec = stringAt(objectAt(properties, "containers"), "type") === "array";
  const below = Object.entries(properties).flatMap(([name, child]) => containerPaths(child, `${path}.${name}`));
  const items = objectAt(schema, "items") ? containerPaths(objectAt(schema, "items"), `${path}[]`) : [];
  const values = objectAt(schema, "additionalProperties");
  const keys = values ? containerPaths(values, `${path}.*`) : [];
  const all = [...isContainer, ...below, ...items, ...keys];
  // Schemas with no fields in their containers still have the list.
  return isPodSpec && !all.some((found) => found.startsWith(`${path}.containers`))
    ? [`${path}.containers[]`, ...all]
    : all;
}

/** The smallest object that has a container at a place. */
function objectWith({ kind, apiVersion, path }: Place): TreeObject {
  const container: TreeObject = { name: "main", image: IMAGE };
  const steps = path.replaceAll("[]", ".[]").split(".");
  const build = (index: number): Tree => {
    const step = steps[index];
    if (step === undefined) return container;
    // The job of a runtime that a patch is for, of which any will do.
    if (step === "[]") return [{ name: "node", ...(build(index + 1) as TreeObject) }];
    // The name of a role, of which any will do.
    if (step === "*") return { Worker: build(index + 1) };
    const isTemplate = steps[index - 1] === "[]" && ["sidecars", "initContainers"].includes(step);
    return { [step]: build(index + 1), ...(isTemplate && kind.startsWith("argoproj") ? { container: {} } : {}) };
  };
  return { apiVersion, kind: kind.split("/")[1], ...(build(0) as TreeObject) };
}

/** What is at a path such as `spec.jobs[0].template`. */
function valueAt(object: Tree, path: string): Tree {
  return path.split(/[.[\]]+/).reduce<Tree>((node, key) => {
    if (Array.isArray(node)) return node[Number(key)];
    return isTreeObject(node) ? node[key] : undefined;
  }, object);
}

function definitionFiles(): string[] {
  return readdirSync(upstreamFolder, { recursive: true, encoding: "utf8" })
    .filter((file) => /\/crds\/.*\.yaml$/.test(file))
    .filter((file) => /\bimage: *\n|\bcontainers: *\n/.test(readFileSync(join(upstreamFolder, file), "utf8")))
    .sort();
}

const files = hasUpstream ? definitionFiles() : [];

describe("every container that a resource definition of the platform allows", () => {
  it.skipIf(!hasUpstream)("is looked for in all definitions", () => {
    expect(files.length).toBeGreaterThan(30);
  });

  it.each(files)("is found in the kinds of %s, with its path", (file) => {
    const definitions = loadAllYaml(readFileSync(join(upstreamFolder, file), "utf8")) as Tree[];
    const places = definitions
      .flatMap(placesIn)
      .filter(({ kind, path }) => !NO_PODS.some((exception) => exception.test(`${kind} ${path}`)));
    const missed = places.filter((place) => {
      const object = objectWith(place);
      const found = podSetsOf(object).flatMap(containersOf);
      return !found.some(
        (at) => at.container.image === IMAGE && valueAt(object, pathInContainer(at, "image")) === IMAGE,
      );
    });
    expect(missed).toEqual([]);
  });
});
