import { arrayAt, isTreeObject, objectAt, type Tree } from "../../components/model";
import { registeredResource, type RegisteredResource, type RegisteredState } from "../registered-resources";

/** One resource of a state, with the steps to its inputs. */
export interface StateResource {
  resource: RegisteredResource;
  root: (string | number)[];
}

/**
 * The resources of an exported state of Pulumi (`pulumi stack export`), by the inputs they were last given; none where a
 * document is no such state. Secrets, which are encrypted there, are not known.
 */
export function resourcesOfState(document: Tree): StateResource[] {
  return arrayAt(objectAt(document, "deployment"), "resources").flatMap((node, index): StateResource[] => {
    if (!isTreeObject(node) || typeof node["urn"] !== "string" || typeof node["type"] !== "string") return [];
    const state = node as unknown as RegisteredState;
    if (state.delete === true) return [];
    return [{ resource: registeredResource(state), root: ["deployment", "resources", index, "inputs"] }];
  });
}
