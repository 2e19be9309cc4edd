import {
  childAt,
  isTreeObject,
  isUnknown,
  itemsAt,
  nodeAt,
  parseText,
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
  // What the controller reads comes before what such a file is made from.
  const files = stack.resources.filter((resource) => isObject(resource, "", "ConfigMap"));
  const [resources] = [...files.flatMap(inFile), ...stack.resources.flatMap(inPart)];
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

/** The part about resources of each configuration in a ConfigMap. */
function inFile({ properties }: PlannedResource): Tree[] {
  const files = childAt(properties, "data");
  return Object.values(isTreeObject(files) ? files : {}).flatMap(resourcesIn);
}

/** The same of a component or chart that makes such a ConfigMap. */
function inPart({ type, properties }: PlannedResource): Tree[] {
  if (type === "mlstack:index:Kueue") return [ofComponent(properties)];
  const chart = stringAt(properties, "chart")?.split("/").at(-1);
  if (type !== "kubernetes:helm.sh/v3:Release" || chart !== "kueue") return [];
  const text = nodeAt(properties, `values.${IN_VALUES}`);
  return isUnknown(text) ? [UNKNOWN] : resourcesIn(text);
}

function ofComponent(args: Tree): Tree {
  const own = childAt(args, "excludedResources") ?? LEFT_OUT_BY_COMPONENT;
  const resources: TreeObject = { excludeResourcePrefixes: own, transformations: childAt(args, "transformations") };
  const over = nodeAt(args, "config.resources");
  if (isUnknown(over)) return UNKNOWN;
  return isTreeObject(over) ? { ...resources, ...over } : resources;
}

function resourcesIn(text: Tree): Tree[] {
  if (typeof text !== "string" || !text.includes(GROUP)) return [];
  const configuration = parseText(text, NO_PLACEHOLDER).find(
    (each) => stringAt(each, "apiVersion")?.startsWith(GROUP) === true,
  );
  return configuration === undefined ? [] : [childAt(configuration, "resources") ?? {}];
}
