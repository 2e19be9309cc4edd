import { arrayAt, childAt, isTreeObject, objectAt, stringAt, UNKNOWN, type Tree } from "../../components/model";
import type { WrittenResource } from "../../policies/engine/written-resource";

/** Key and value that mark a secret in the state of a stack. */
const SIGNATURE = { key: "4dabf18193072939515e22adb298388d", secret: "1b47061264138c4ac30d75fd1eb44270" };

/** One resource of a state, with the steps to its inputs. */
export interface StateResource {
  resource: WrittenResource;
  root: (string | number)[];
}

/**
 * The resources of an exported state of Pulumi (`pulumi stack export`), by the inputs they were last given; none where a
 * document is no such state. Secrets, which are encrypted there, are not known.
 */
export function resourcesOfState(document: Tree): StateResource[] {
  return arrayAt(objectAt(document, "deployment"), "resources").flatMap((state, index): StateResource[] => {
    const [type, urn] = [stringAt(state, "type"), stringAt(state, "urn")];
    const isLeaving = childAt(state, "delete") === true;
    if (type === undefined || urn === undefined || isLeaving) return [];
    const properties = withoutSecrets(objectAt(state, "inputs") ?? {});
    const isProtected = childAt(state, "protect") === true;
    const name = urn.slice(urn.lastIndexOf("::") + 2);
    const root = ["deployment", "resources", index, "inputs"];
    return isTreeObject(properties) ? [{ resource: { type, name, urn, properties, isProtected }, root }] : [];
  });
}

function withoutSecrets(node: Tree): Tree {
  if (Array.isArray(node)) return node.map(withoutSecrets);
  if (!isTreeObject(node)) return node;
  if (node[SIGNATURE.key] === SIGNATURE.secret) return UNKNOWN;
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, withoutSecrets(value)]));
}
