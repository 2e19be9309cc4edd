import { isTreeObject, type Tree, type TreeObject } from "../components/model";
import type { PlannedResource } from "../preflight/planned-resource";
import { withMarkers } from "./pulumi-values";

/** A resource as previews and exported states of Pulumi write it down, as far as it matters. */
export interface RegisteredState {
  urn: string;
  type: string;
  /** Whether a provider manages it; a component is not custom. */
  custom?: boolean;
  parent?: string;
  dependencies?: string[] | null;
  inputs?: TreeObject;
  outputs?: TreeObject;
  protect?: boolean;
  /** Whether an interrupted replacement is yet to delete it. */
  delete?: boolean;
}

/** A resource that Pulumi knows, with what it was given, and with what a component says of itself beside that. */
export interface RegisteredResource extends PlannedResource {
  /** Whether Pulumi refuses to delete it. */
  isProtected: boolean;
}

/**
 * The resource that a state tells of; secrets and what is not known yet are markers.
 *
 * @param outputs what it says of itself, where that is told elsewhere than in the state.
 */
export function registeredResource(state: RegisteredState, outputs: Tree = state.outputs): RegisteredResource {
  const { urn, type, parent, dependencies } = state;
  const inputs = withMarkers(state.inputs);
  const said = state.custom === true ? undefined : withMarkers(outputs);
  return {
    type,
    name: urn.slice(urn.lastIndexOf("::") + 2),
    urn,
    properties: { ...(isTreeObject(inputs) ? inputs : {}), ...(isTreeObject(said) ? said : {}) },
    isProtected: state.protect === true,
    ...(parent === undefined ? {} : { parent }),
    ...(dependencies?.length ? { dependencies } : {}),
  };
}
