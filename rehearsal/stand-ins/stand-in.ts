import type { Difference } from "./differences";
import type { InputFault } from "./input-check";
import type { Properties } from "./values";

/** A resource as the engine names it. */
export interface ResourceName {
  urn: string;
  /** Token of its type, for example `aws:eks/nodeGroup:NodeGroup`. */
  token: string;
  /** Name in the program. */
  name: string;
}

/** What a resource is to become. */
export interface Plan extends ResourceName {
  inputs: Properties;
  /** Whether nothing is to happen yet. */
  preview: boolean;
}

/** What a resource came to be. */
export interface Made {
  id: string;
  outputs: Properties;
}

/** Inputs as the provider would use them, and what is wrong with them. */
export interface Checked {
  inputs: Properties;
  faults: InputFault[];
}

/** How the differences between two sets of inputs come about. */
export interface Effect {
  /** Whether a difference replaces the resource. */
  replaces: (difference: Difference) => boolean;
  /** Whether the old resource has to go before the new one comes, as both would have the same name. */
  deletesFirst: boolean;
}

/**
 * A provider that asks nobody: it checks what the real one would check and makes up what the real one would report. What
 * it made is known to Pulumi's state alone.
 */
export interface StandIn {
  /** Version that it stands for. */
  version: string;
  /** Checks the configuration of the provider itself. */
  checkConfig: (inputs: Properties) => Checked;
  /** Takes the checked configuration. */
  configure: (inputs: Properties) => void;
  /** Checks the inputs of a resource, and names it where it has no name. @throws Error for an unknown token. */
  check: (resource: ResourceName, olds: Properties | undefined, news: Properties) => Checked;
  /** What a change of inputs would bring about. */
  effect: (resource: ResourceName, olds: Properties, news: Properties) => Effect;
  /** Makes a new resource. */
  create: (plan: Plan) => Made;
  /** Changes a resource; `olds` are its outputs so far. */
  update: (plan: Plan, id: string, olds: Properties) => Properties;
  /** Makes up a resource that a program reads by its id. */
  read: (resource: ResourceName, id: string) => Properties;
  /** Answers a function. @throws Error for one that is not known. */
  invoke: (token: string, args: Properties) => Properties | Promise<Properties>;
}

/** Error for a type that the provider does not have. */
export function unknownType(token: string, source: string): Error {
  return new Error(`${token} is no resource of ${source}. Mend the type, or use a version of the SDK that has it.`);
}

/** Error for a function that the stand-in can not answer. */
export function unknownFunction(token: string, known: string[]): Error {
  const answered = known.length === 0 ? "none" : known.join(", ");
  return new Error(
    `${token} asks a real provider, and its stand-in has no answer; answered: ${answered}. Take the value from a resource or from the configuration instead.`,
  );
}
