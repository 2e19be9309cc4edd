import { arrayAt, childAt, isUnknown, UNKNOWN, type Tree } from "../../../components/model";
import { anyOf, isOneOf, type Truth } from "../../engine/truth";

/** Tells whether machines of a launch template start with Elastic Fabric Adapters. */
export function hasEfa(template: Tree): Truth {
  if (isUnknown(childAt(template, "networkInterfaces"))) return UNKNOWN;
  const interfaces = arrayAt(template, "networkInterfaces");
  return anyOf(interfaces.map((each) => isOneOf(childAt(each, "interfaceType"), "efa", "efa-only")));
}
