import { isUnknown, nodeAt, stringAt, UNKNOWN, type Tree, type Unknown } from "../../components/model";
import type { Subject } from "../engine/subject";
import { anyOf, isOneOf, type Truth } from "../engine/truth";

/** A Helm chart that a resource installs. */
export interface InstalledChart {
  /** What names the chart: a name, a folder, or the address of a packed chart. */
  reference: string | Unknown;
  /** Name that the chart has by itself, the last part of the reference; unknown with the reference. */
  name: string | Unknown;
  /** Address of the repository; undefined where there is none. */
  repository: Tree;
  /** Where the resource names the repository. */
  repositoryPath: string;
  /** Version, as text; undefined where there is none. */
  version: string | Unknown | undefined;
  values: Tree;
  /** Whether files outside the program may hold values too, so that absence here says nothing. */
  hasOtherValues: Truth;
}

/** Type of a release, which Helm installs by itself: what it brings never passes a policy. */
export const RELEASE = "kubernetes:helm.sh/v3:Release";

/** Where each type of resource that installs a chart names the repository. */
const REPOSITORY_PATHS: Record<string, string> = {
  [RELEASE]: "repositoryOpts.repo",
  "kubernetes:helm.sh/v4:Chart": "repositoryOpts.repo",
  "kubernetes:helm.sh/v3:Chart": "fetchOpts.repo",
};

/**
 * The chart that a resource installs; undefined where it installs none, or does not say which, as some components do.
 *
 * @see https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/choosing-the-right-helm-resource-for-your-use-case/
 */
export function installedChartOf({ type, tree }: Subject): InstalledChart | undefined {
  const repositoryPath = Object.hasOwn(REPOSITORY_PATHS, type) ? REPOSITORY_PATHS[type] : undefined;
  const reference = nodeAt(tree, "chart");
  if (repositoryPath === undefined || !(isUnknown(reference) || typeof reference === "string")) return undefined;
  const repository = nodeAt(tree, repositoryPath);
  const version = nodeAt(tree, "version");
  const files = nodeAt(tree, "valueYamlFiles");
  return {
    reference,
    name: isUnknown(reference) ? UNKNOWN : nameIn(reference),
    repository: repository === "" ? undefined : repository,
    repositoryPath,
    version: typeof version === "number" ? String(version) : isUnknown(version) ? version : textOf(version),
    values: nodeAt(tree, "values"),
    hasOtherValues: isUnknown(files) ? UNKNOWN : Array.isArray(files) && files.length > 0,
  };
}

/** The chart that a resource installs, where it has one of some names, or may have as its name is not known yet. */
export function chartNamed(subject: Subject, ...names: string[]): InstalledChart | undefined {
  const chart = installedChartOf(subject);
  return chart === undefined || isUnknown(chart.name) || names.includes(chart.name) ? chart : undefined;
}

/** Whether a resource installs a chart of some name. */
export function installs(subject: Subject, name: string): Truth {
  const chart = installedChartOf(subject);
  return chart === undefined ? false : isOneOf(chart.name, name);
}

/** Whether the objects of the chart that a resource installs are resources of the stack, and are read themselves. */
export function isRendered(subject: Subject): boolean {
  return subject.type !== RELEASE && installedChartOf(subject) !== undefined;
}

/**
 * What the values say at a dotted path; where they say nothing, what holds then, and undefined where other files may say
 * it.
 */
export function chartValue({ values, hasOtherValues }: InstalledChart, path: string, byDefault: Tree): Tree {
  const value = nodeAt(values, path);
  if (value !== undefined && value !== null) return value;
  if (isUnknown(hasOtherValues)) return UNKNOWN;
  return hasOtherValues ? undefined : byDefault;
}

/** Whether the chart is fetched from elsewhere; false for a folder or file of the program's own. */
export function isFetched({ reference, repository, version }: InstalledChart): Truth {
  if (isUnknown(reference)) return UNKNOWN;
  if (/^(\.|\/|file:)/.test(reference)) return false;
  // A bare name may be a folder; who names a version means a repository that Helm knows by that name.
  const hasVersion = isUnknown(version) ? UNKNOWN : version !== undefined;
  const hasRepository = isUnknown(repository) ? UNKNOWN : typeof repository === "string";
  return anyOf([isAddress(reference), hasRepository, hasVersion]);
}

/** Whether a reference names the place of a chart too. */
export function isAddress(reference: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(reference);
}

function textOf(value: Tree): string | undefined {
  const text = stringAt({ value }, "value");
  return text === "" ? undefined : text;
}

/** `karpenter` of `oci://registry.example/karpenter:1.2.3`, `minio` of `https://charts.example/minio-5.4.0.tgz`. */
function nameIn(reference: string): string {
  const last = reference.split("/").findLast((part) => part !== "") ?? "";
  return last.replace(/[?#@:].*$/s, "").replace(/(-v?\d+\.\d+\.\d+[^/]*)?\.tgz$/, "");
}
