import type { TreeObject } from "../components/model";
import { registeredResource, type RegisteredResource, type RegisteredState } from "./registered-resources";

/** An event of the engine, as far as it matters. */
interface EngineEvent {
  resourcePreEvent?: { metadata: StepMetadata };
  resOutputsEvent?: { metadata: StepMetadata };
}

interface StepMetadata {
  urn: string;
  new?: (RegisteredState & { outputs?: TreeObject }) | null;
}

/**
 * The resources that a preview or an update tells of in the log of its events: each with what it is given, and components
 * with what they say of themselves, in the order of their URNs. What they wait for is not told there.
 *
 * @param log one JSON object a line.
 */
export function resourcesOfEvents(log: string): RegisteredResource[] {
  const states = new Map<string, RegisteredState>();
  const outputs = new Map<string, TreeObject>();
  for (const line of log.split("\n")) {
    if (!line.includes('"resourcePreEvent"') && !line.includes('"resOutputsEvent"')) continue;
    const { resourcePreEvent, resOutputsEvent } = JSON.parse(line) as EngineEvent;
    const { urn, new: state } = (resourcePreEvent ?? resOutputsEvent)!.metadata;
    // A step that deletes has nothing new; a replacement has a step for each of its halves.
    if (state === undefined || state === null) continue;
    states.set(urn, state);
    // Components tell their outputs last, in an event of their own.
    if (resOutputsEvent !== undefined && Object.keys(state.outputs ?? {}).length > 0) outputs.set(urn, state.outputs!);
  }
  // Programs register in another order at every run.
  const byUrn = [...states].sort(([a], [b]) => (a < b ? -1 : 1));
  return byUrn.map(([urn, state]) => registeredResource(state, outputs.get(urn)));
}
