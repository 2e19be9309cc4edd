import type { Finding, Severity, Tree } from "../../components/model";
import type { Subject } from "./subject";

/** What a violation does: `mandatory` stops the deployment, `advisory` is shown beside it. */
export type Level = "advisory" | "mandatory";

/** What a rule says of a field it forbids; the engine adds the rule's id, its severity and the object's name. */
export type Violation = Pick<Finding, "path" | "observed" | "allowed" | "remedy">;

/** What a rule says of a field that is not known yet and would decide it. */
export interface Undecided {
  undecidedPath: string;
}

/** One verdict of a rule about one field. A rule that says nothing is satisfied. */
export type Judgement = Violation | Undecided;

/** A setting of a rule that pack configuration can change. */
export interface Parameter<T> {
  description: string;
  default: T;
  /** JSON schema of the setting, for whoever checks the configuration before the pack sees it. */
  schema: object;
  /** Tells whether a configured value can be used. */
  accepts(value: Tree): boolean;
}

/** The values of a rule's parameters by name. */
export type Values = Record<string, unknown>;

/** The parameters of a rule by name. */
export type Parameters<P extends Values> = { [K in keyof P]: Parameter<P[K]> };

/** What every rule says about itself. */
export interface RuleFacts<P extends Values = Values> {
  /** Identifier that messages, configuration and exemptions use, for example `GPU-01`. */
  id: string;
  /** What holds where the rule is kept, for example `Containers are not privileged`. */
  title: string;
  /** Why it matters, in one sentence. */
  why: string;
  /** Where the rule comes from. */
  url: string;
  severity: Severity;
  /** Level where configuration names none. */
  level: Level;
  /** The policy that dispatches the rule: one per family, so that properties are copied once for all its rules. */
  family: string;
  parameters: Parameters<P>;
}

/** A rule about one resource by itself. */
export interface ResourceRule<P extends Values = Values> extends RuleFacts<P> {
  /** Judges a resource; pure. What it yields before a throw is kept. */
  judge(subject: Subject, parameters: P): Iterable<Judgement>;
}

/** A rule about how the resources of a stack fit together. */
export interface StackRule<P extends Values = Values> extends RuleFacts<P> {
  /** Judges the resources of a stack, naming the one that each judgement is about; pure. */
  judgeStack(subjects: Subject[], parameters: P): Iterable<[Subject, Judgement]>;
}

/** Any rule. */
export type Rule = ResourceRule | StackRule;

/** Says that a rule cannot decide before the field at `path` is known. */
export function undecided(path: string): Undecided {
  return { undecidedPath: path };
}
