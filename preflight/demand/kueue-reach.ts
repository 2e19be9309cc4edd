import {
  childAt,
  isTreeObject,
  isUnknown,
  itemsAt,
  nodeAt,
  stringAt,
  UNKNOWN,
  type Tree,
  type Unknown,
} from "../../components/model";
import { type StackIndex } from "../pools/stack-index";
import { selects, type Labels } from "../scheduling/label-matching";
import { readSelector } from "../scheduling/readers/selector-reader";
import { kueueConfigurationsOf } from "./kueue-config";
import { namespaceLabelsOf } from "./namespace-labels";

/** LocalQueue that jobs wait in which name none. */
export const DEFAULT_LOCAL_QUEUE = "default";

/** Which jobs Kueue has to do with, and what becomes of those that name no queue. */
export interface KueueReach {
  /** Whether it looks after a namespace, so that labels of jobs there mean something to it. */
  manages: (namespace: string) => boolean | Unknown;
  /** Whether objects of a kind are queued by themselves, and not as the pods that come of them. */
  takesWhole: (object: Tree) => boolean | Unknown;
  /** Whether an object or its pods are queued at all. */
  takes: (object: Tree) => boolean | Unknown;
  /** Whether jobs wait for ever that name no queue where there is no default one. */
  holdsUnnamed: boolean | Unknown;
}

/** What Kueue takes where its configuration says nothing. */
const DEFAULT_FRAMEWORKS: readonly Tree[] = ["batch/job"];

/**
 * Reads from Kueue's configuration which jobs it holds back. What a stack without any tells is what Kueue does by default,
 * though nobody says which kinds it takes then.
 *
 * @see https://github.com/kubernetes-sigs/kueue/blob/v0.19.2/pkg/controller/jobframework/defaults.go
 * @see https://github.com/kubernetes-sigs/kueue/blob/v0.19.2/pkg/controller/jobs/pod/pod_webhook.go `Default`
 */
export function kueueReachOf(stack: StackIndex): KueueReach {
  const [configuration] = kueueConfigurationsOf(stack);
  const labels = namespaceLabelsOf(stack);
  const selector = childAt(configuration, "managedJobsNamespaceSelector");
  const listed = nodeAt(configuration, "integrations.frameworks");
  const frameworks =
    listed === undefined ? DEFAULT_FRAMEWORKS : itemsAt(childAt(configuration, "integrations"), "frameworks");
  const isOpen = configuration === undefined || isUnknown(listed) || frameworks.some(isUnknown);
  const includes = (name: string): boolean | Unknown => frameworks.includes(name) || (isOpen ? UNKNOWN : false);
  const held = childAt(configuration, "manageJobsWithoutQueueName") ?? false;
  const takesWhole = (object: Tree) => includes(frameworkOf(object));
  return {
    manages: (namespace) => (isUnknown(configuration) ? UNKNOWN : selectsIn(selector, labels(namespace))),
    takesWhole,
    takes: (object) => (includes("pod") === true ? true : takesWhole(object)),
    holdsUnnamed: isUnknown(configuration) || typeof held !== "boolean" ? UNKNOWN : held,
  };
}

function selectsIn(selector: Tree, labels: Labels): boolean | Unknown {
  if (selector === undefined || selector === null) return true;
  if (!isTreeObject(selector)) return UNKNOWN;
  const read = readSelector({ value: selector, path: "", unknownPaths: new Set() });
  return read === undefined || isUnknown(read) ? UNKNOWN : selects(read, labels);
}

/** The name of a kind in Kueue's configuration: `batch/job`, `deployment`. */
function frameworkOf(object: Tree): string {
  const [group = "", version] = (stringAt(object, "apiVersion") ?? "").split("/");
  const kind = (stringAt(object, "kind") ?? "").toLowerCase();
  // A CronJob makes Jobs.
  if (group === "batch") return "batch/job";
  return version === undefined || group === "apps" ? kind : `${group}/${kind}`;
}
