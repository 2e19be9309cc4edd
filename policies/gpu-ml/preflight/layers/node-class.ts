import {
  AmiFamily,
  childAt,
  isUnknown,
  itemsAt,
  nodeAt,
  shipsDevicePlugin,
  UNKNOWN,
  type Tree,
  type Unknown,
} from "../../../../components/model";
import type { Subject } from "../../../engine/subject";
import { isOneOf, type Truth } from "../../../engine/truth";
import { acceleratedImageOf, isImageUnknown } from "../../stack/device-plugin";
import { endAt } from "./layer-end";
import type { StackPool } from "../../stack/node-labels";
import { CLUSTER, objectIndexOf, type ObjectIndex } from "../../stack/object-index";
import { textOf } from "../../stack/text-of";

/** What the machines of a NodePool boot from. */
export interface ClassImage {
  /** Undefined for the images of EKS Auto Mode, which have everything. */
  family: AmiFamily | undefined;
  /** Where that is said, as the end of a contradiction. */
  end: string;
}

/** Indexes the EC2NodeClasses of a stack by name. */
export function nodeClassesOf(subjects: readonly Subject[]): ObjectIndex {
  return objectIndexOf(
    subjects.filter((subject) => subject.is("karpenter.k8s.aws/EC2NodeClass")),
    false,
  );
}

/**
 * The image of the nodes of a NodePool; undefined for other pools, and where the stack does not tell or somebody's own
 * image is meant. With an alias, Karpenter takes the image with drivers for machines with GPUs.
 *
 * @see https://karpenter.sh/docs/concepts/nodeclasses/ "spec.amiSelectorTerms", v1.14
 */
export function classImageOf({ subject }: StackPool, classes: ObjectIndex): ClassImage | Unknown | undefined {
  if (!subject.is("karpenter.sh/NodePool")) return undefined;
  const path = "spec.template.spec.nodeClassRef";
  const reference = nodeAt(subject.tree, path);
  const group = childAt(reference, "group");
  if (isUnknown(group)) return UNKNOWN;
  if (group === "eks.amazonaws.com") return { family: undefined, end: endAt(subject, `${path}.group`) };
  const found = classes.find(CLUSTER, childAt(reference, "name"));
  return found === undefined || isUnknown(found) ? found : aliasOf(found);
}

/** Where it is said what the nodes of a NodePool boot from, as the end of a contradiction. */
export function imageEndOf(pool: StackPool, classes: ObjectIndex): string {
  const image = classImageOf(pool, classes);
  return image === undefined || isUnknown(image) ? "" : image.end;
}

/** Tells whether the image of a pool's nodes brings a device plugin. */
export function bringsPlugin(pool: StackPool, classes: ObjectIndex): Truth {
  if (isImageUnknown(pool.subject)) return UNKNOWN;
  const ofGroup = acceleratedImageOf(pool.subject)?.family;
  if (ofGroup !== undefined) return shipsDevicePlugin(ofGroup);
  const image = classImageOf(pool, classes);
  if (image === undefined || isUnknown(image)) return image ?? false;
  return image.family === undefined || shipsDevicePlugin(image.family);
}

/** Whether the labels of a pool keep an operand of the GPU operator off its nodes. */
export function keepsOff({ shape: { labels } }: StackPool, deployLabel: string): Truth {
  return isUnknown(labels) ? UNKNOWN : isOneOf(labels?.[deployLabel], "false");
}

function aliasOf(nodeClass: Subject): ClassImage | Unknown | undefined {
  const terms = itemsAt(childAt(nodeClass.tree, "spec"), "amiSelectorTerms");
  const aliases = terms.map((term): Tree => childAt(term, "alias"));
  const index = aliases.findIndex((alias) => isUnknown(alias) || typeof alias === "string");
  const alias = aliases[index];
  if (isUnknown(alias)) return alias;
  const [name] = textOf(alias).split("@");
  const family = Object.values(AmiFamily).find((each) => each === name);
  return family && { family, end: endAt(nodeClass, `spec.amiSelectorTerms[${index}].alias`) };
}
