import {
  childAt,
  containersOf,
  isTreeObject,
  isUnknown,
  nodeAt,
  pathInContainer,
  type Tree,
} from "../../../components/model";
import { nodeAtPath, pathBelow } from "../../engine/path";
import type { Subject } from "../../engine/subject";

/** A place that may hold a credential. */
export interface CredentialPlace {
  path: string;
  /** What stands there. */
  value: Tree;
  /** What it is called: unknown where that is not known yet, undefined where it has no name. */
  name: Tree;
  /** How the value is read: as one value, as an argument after another one, or as text of many lines. */
  form: "value" | "argument" | "text";
  /** The argument in front of an argument. */
  before?: Tree;
}

/** Values of charts lie a few levels deep; this is far beyond. */
const DEEPEST = 40;

/** Where the fields of a Spark application are, by its kind. */
const SPARK_SPECS: Readonly<Record<string, string>> = {
  SparkApplication: "spec",
  ScheduledSparkApplication: "spec.template",
  SparkConnect: "spec",
};

/** Every place of a resource that the authors of credentials written out are known to use. */
export function credentialPlaces(subject: Subject): CredentialPlace[] {
  return [
    ...containerPlaces(subject),
    ...(subject.is("/ConfigMap") ? mapPlaces(subject.tree, "data", "text") : []),
    ...(subject.group === "sparkoperator.k8s.io" ? sparkPlaces(subject) : []),
    ...(subject.group === "argoproj.io" ? parameterPlaces(subject.tree) : []),
    ...(subject.is("trainer.kubeflow.org/TrainJob") ? initializerPlaces(subject.tree) : []),
    ...(subject.type.startsWith("kubernetes:helm.sh/")
      ? valuesPlaces(subject.tree["values"], "values", undefined)
      : []),
  ];
}

function containerPlaces(subject: Subject): CredentialPlace[] {
  return subject.pods.flatMap((pods) =>
    containersOf(pods).flatMap((at): CredentialPlace[] => {
      // Argo's and Katib's variables make a text unknown; as it is written it tells what it refers to.
      const written = (field: string, value: Tree): Tree =>
        isUnknown(value) ? (writtenAt(subject.tree, pathInContainer(at, field)) ?? value) : value;
      const source = writtenAt(subject.tree, pathInContainer(at, "source"));
      return [
        ...variablePlaces(childAt(at.container, "env"), pathInContainer(at, "env"), written),
        ...["command", "args"].flatMap((field) =>
          argumentPlaces(childAt(at.container, field), pathInContainer(at, field), (value, index) =>
            written(`${field}[${index}]`, value),
          ),
        ),
        ...(source === undefined
          ? []
          : [{ path: pathInContainer(at, "source"), value: source, name: undefined, form: "text" as const }]),
      ];
    }),
  );
}

/** The entries of a list like `env`, each of a name and a value. */
function variablePlaces(
  list: Tree,
  path: string,
  written: (field: string, value: Tree) => Tree = (_, value) => value,
): CredentialPlace[] {
  if (isUnknown(list)) return [{ path, value: list, name: undefined, form: "value" }];
  return (Array.isArray(list) ? list : []).map((entry, index) => ({
    path: `${path}[${index}].value`,
    value: written(`env[${index}].value`, childAt(entry, "value")),
    name: childAt(entry, "name"),
    form: "value",
  }));
}

function argumentPlaces(
  list: Tree,
  path: string,
  written: (value: Tree, index: number) => Tree = (value) => value,
): CredentialPlace[] {
  if (isUnknown(list)) return [{ path, value: list, name: undefined, form: "value" }];
  const values = (Array.isArray(list) ? list : []).map(written);
  return values.map((value, index) => ({
    path: `${path}[${index}]`,
    value,
    name: undefined,
    form: "argument",
    before: values[index - 1],
  }));
}

/** The entries of a map from names to texts. */
function mapPlaces(owner: Tree, field: string, form: "value" | "text"): CredentialPlace[] {
  const map = nodeAt(owner, field);
  if (isUnknown(map)) return [{ path: field, value: map, name: undefined, form }];
  return Object.entries(isTreeObject(map) ? map : {}).map(([name, value]) => ({
    path: pathBelow(field, name),
    value,
    name,
    form,
  }));
}

function sparkPlaces({ tree, kind = "" }: Subject): CredentialPlace[] {
  const path = SPARK_SPECS[kind];
  if (path === undefined) return [];
  const maps = ["sparkConf", "hadoopConf", "driver.envVars", "executor.envVars"];
  return [
    ...maps.flatMap((field) => mapPlaces(tree, `${path}.${field}`, "value")),
    ...argumentPlaces(nodeAt(tree, `${path}.arguments`), `${path}.arguments`),
  ];
}

/** Parameters of a workflow have values of their own, beside those that a caller gives. */
function parameterPlaces(tree: Tree): CredentialPlace[] {
  return ["spec.arguments", "spec.workflowSpec.arguments"].flatMap((field) =>
    variablePlaces(nodeAt(tree, `${field}.parameters`), `${field}.parameters`),
  );
}

function initializerPlaces(tree: Tree): CredentialPlace[] {
  return ["spec.initializer.dataset.env", "spec.initializer.model.env"].flatMap((field) =>
    variablePlaces(nodeAt(tree, field), field),
  );
}

/** The leaves of the values of a chart; entries with name and value are read as variables. */
function valuesPlaces(node: Tree, path: string, name: Tree, depth = 0): CredentialPlace[] {
  if (depth > DEEPEST) return [];
  if (Array.isArray(node)) {
    return node.flatMap((item, index) => valuesPlaces(item, `${path}[${index}]`, name, depth + 1));
  }
  if (!isTreeObject(node)) return [{ path, value: node, name, form: "text" }];
  return Object.entries(node).flatMap(([key, value]) =>
    valuesPlaces(value, pathBelow(path, key), key === "value" ? (childAt(node, "name") ?? key) : key, depth + 1),
  );
}

/** The text that stands at a path of a resource; undefined where none does, as inside other text. */
function writtenAt(tree: Tree, path: string): string | undefined {
  const node = nodeAtPath(tree, path);
  return typeof node === "string" ? node : undefined;
}
