import {
  arrayAt,
  childAt,
  isTreeObject,
  isUnknown,
  itemsAt,
  nodeAt,
  parseText,
  QUEUED_NAMESPACE_LABEL,
  stringAt,
  UNKNOWN,
  type Tree,
  type TreeObject,
  type Unknown,
} from "../../components/model";
import type { PlannedResource } from "../planned-resource";
import { isObject, type StackIndex } from "../pools/stack-index";

/** Which resources quotas are about, as the configuration of Kueue's controller says it. */
export interface KueueConfig {
  /** Whether quotas count a resource at all. */
  counts: (resource: string) => boolean | Unknown;
  /** Whether pods that ask for what a ClusterQueue does not cover are never admitted. */
  refusesUncovered: boolean | Unknown;
}

/** Beginning of the `apiVersion` of the file, by which it is told from others. */
const GROUP = "config.kueue.x-k8s.io/";

/** What this project's component leaves out by default, where nobody says anything else. */
const LEFT_OUT_BY_COMPONENT: Tree = ["hugepages-"];

/** Kinds that it queues by default, as far as it matters here: pods, and so whatever comes of any kind. */
const FRAMEWORKS_OF_COMPONENT: readonly Tree[] = [
  "batch/job",
  "jobset.x-k8s.io/jobset",
  "trainer.kubeflow.org/trainjob",
  "kubeflow.org/mpijob",
  "ray.io/rayjob",
  "ray.io/rayservice",
  "ray.io/raycluster",
  "pod",
  "deployment",
  "statefulset",
  "leaderworkerset.x-k8s.io/leaderworkerset",
];

/** Whatever a file has in place of a placeholder; there are none in these files. */
const NO_PLACEHOLDER = /(?!)/;

/** Text of the file in the values of Kueue's chart. */
const IN_VALUES = "managerConfig.controllerManagerConfigYaml";

/**
 * The configuration of Kueue that a stack declares: by a ConfigMap, a chart or a component of this project; without any,
 * what Kueue does by default.
 *
 * @see https://github.com/kubernetes-sigs/kueue/blob/v0.19.2/apis/config/v1beta2/configuration_types.go `Resources`
 */
export function kueueConfigOf(stack: StackIndex): KueueConfig {
  const [configuration] = kueueConfigurationsOf(stack);
  const resources = childAt(configuration, "resources");
  const excluded = itemsAt(resources, "excludeResourcePrefixes");
  // What another resource stands for is not counted by itself.
  const replaced = itemsAt(resources, "transformations").filter((each) => stringAt(each, "strategy") === "Replace");
  const inputs = replaced.map((each): Tree => childAt(each, "input"));
  const strategy = childAt(resources, "quotaCheckStrategy");
  return {
    counts: (resource) => {
      const isLeftOut = excluded.some((prefix) => typeof prefix === "string" && resource.startsWith(prefix));
      if (isLeftOut || inputs.includes(resource)) return false;
      return [...excluded, ...inputs].some(isUnknown) ? UNKNOWN : true;
    },
    refusesUncovered: isUnknown(strategy) ? UNKNOWN : strategy !== "IgnoreUndeclared",
  };
}

/** Every configuration of Kueue that a stack declares: what the controller reads before what such a file is made from. */
export function kueueConfigurationsOf(stack: StackIndex): readonly Tree[] {
  const known = KNOWN.get(stack);
  if (known !== undefined) return known;
  const files = stack.resources.filter((resource) => isObject(resource, "", "ConfigMap"));
  const found = [...files.flatMap(inFile), ...stack.resources.flatMap(inPart)];
  KNOWN.set(stack, found);
  return found;
}

/** What was read of stacks, as the text is long and several ask for it. */
const KNOWN = new WeakMap<StackIndex, readonly Tree[]>();

/** Each configuration in a ConfigMap. */
function inFile({ properties }: PlannedResource): Tree[] {
  const files = childAt(properties, "data");
  return Object.values(isTreeObject(files) ? files : {}).flatMap(configurationIn);
}

/** The same of a component or chart that makes such a ConfigMap. */
function inPart({ type, properties }: PlannedResource): Tree[] {
  if (type === "mlstack:index:Kueue") return [ofComponent(properties)];
  const chart = stringAt(properties, "chart")?.split("/").at(-1);
  if (type !== "kubernetes:helm.sh/v3:Release" || chart !== "kueue") return [];
  const text = nodeAt(properties, `values.${IN_VALUES}`);
  return isUnknown(text) ? [UNKNOWN] : configurationIn(text);
}

/**
 * As this project's component writes it. Namespaces that it looks after by leaving others out are not told by its arguments
 * alone.
 */
function ofComponent(args: Tree): Tree {
  const isLabelled = (childAt(args, "managedNamespaces") ?? "labelled") === "labelled";
  const resources: TreeObject = {
    excludeResourcePrefixes: childAt(args, "excludedResources") ?? LEFT_OUT_BY_COMPONENT,
    transformations: childAt(args, "transformations"),
  };
  const own: TreeObject = {
    manageJobsWithoutQueueName: childAt(args, "manageJobsWithoutQueueName") ?? true,
    managedJobsNamespaceSelector: isLabelled ? { matchLabels: { [QUEUED_NAMESPACE_LABEL]: "true" } } : UNKNOWN,
    integrations: { frameworks: [...FRAMEWORKS_OF_COMPONENT, ...arrayAt(args, "additionalFrameworks")] },
    resources,
  };
  if (childAt(args, "frameworks") !== undefined) own["integrations"] = { frameworks: childAt(args, "frameworks") };
  const over = childAt(args, "config");
  if (isUnknown(over)) return UNKNOWN;
  if (!isTreeObject(over)) return own;
  const overResources = over["resources"];
  if (overResources === undefined) return { ...own, ...over };
  const merged = isTreeObject(overResources) ? { ...resources, ...overResources } : overResources;
  return { ...own, ...over, resources: merged };
}

function configurationIn(text: Tree): Tree[] {
  if (typeof text !== "string" || !text.includes(GROUP)) return [];
  const configuration = parseText(text, NO_PLACEHOLDER).find(
    (each) => stringAt(each, "apiVersion")?.startsWith(GROUP) === true,
  );
  return configuration === undefined ? [] : [configuration];
}
