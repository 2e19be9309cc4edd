import { childAt, isUnknown, joinPaths, nodeAt, type Tree } from "../../../components/model";
import type { Subject } from "../../engine/subject";
import { objectsOf } from "./nested-objects";

/** The spec of one Spark application. */
export interface SparkApplication {
  /** Path of the spec from the root of the resource. */
  path: string;
  tree: Tree;
  /** Whether it is a server that stays, rather than a program that ends. */
  isConnect: boolean;
  /** Whether a schedule starts it again and again. */
  isScheduled: boolean;
}

/** One setting of Spark or Hadoop in an application. */
export interface SparkSetting {
  /** Path of the setting's value. */
  path: string;
  /** Name of the setting, without the prefix under which Spark hands it to Hadoop. */
  name: string;
  value: Tree;
}

const SPECS: Readonly<Record<string, string>> = {
  "sparkoperator.k8s.io/SparkApplication": "spec",
  "sparkoperator.k8s.io/ScheduledSparkApplication": "spec.template",
  "sparkoperator.k8s.io/SparkConnect": "spec",
};

const CONFIGURATIONS = ["sparkConf", "hadoopConf"];

/** The applications that a resource is or creates. */
export function sparkApplicationsOf(subject: Subject): SparkApplication[] {
  return objectsOf(subject).flatMap(({ path, kind, tree }): SparkApplication[] => {
    const spec = Object.hasOwn(SPECS, kind) ? SPECS[kind] : undefined;
    if (spec === undefined) return [];
    return [
      {
        path: joinPaths(path, spec),
        tree: nodeAt(tree, spec),
        isConnect: kind.endsWith("Connect"),
        isScheduled: spec !== "spec",
      },
    ];
  });
}

/** All settings of an application. */
export function settingsOf({ path, tree }: SparkApplication): SparkSetting[] {
  return CONFIGURATIONS.flatMap((field) => {
    const configuration = childAt(tree, field);
    const entries = typeof configuration === "object" && configuration !== null ? Object.entries(configuration) : [];
    return entries.map(([key, value]) => ({
      path: `${path}.${field}["${key}"]`,
      name: field === "hadoopConf" ? key : key.replace(/^spark\.hadoop\./, ""),
      value,
    }));
  });
}

/** Paths of configurations that are not known yet. */
export function unknownSettingsOf({ path, tree }: SparkApplication): string[] {
  if (isUnknown(tree)) return [path];
  return CONFIGURATIONS.filter((field) => isUnknown(childAt(tree, field))).map((field) => `${path}.${field}`);
}

/** The value of one setting of Spark; undefined where there is none, unknown where there may be one. */
export function settingAt({ tree }: SparkApplication, name: string): Tree {
  return childAt(childAt(tree, "sparkConf"), name) ?? undefined;
}
