import type { Finding, Severity, Tree } from "../../components/model";
import type { Edit } from "./edit";
import type { Subject } from "./subject";

/** What a violation does: `mandatory` stops the deployment, `advisory` is shown beside it. */
export type Level = "advisory" | "mandatory";

/** Named sets of levels, from the laxest: for experiments, for everyday work, for tenants, for production. */
export const PROFILES = ["dev", "baseline", "restricted", "prod"] as const;

/** One of {@link PROFILES}. */
export type Profile = (typeof PROFILES)[number];

/** What a rule says of a field it forbids; the engine adds the rule's id, its severity and the object's name. */
export interface Violation extends Pick<Finding, "path" | "observed" | "allowed" | "remedy"> {
  /** Changes after which the rule is kept, where there is one right answer; see {@link RuleFacts.fix}. */
  fix?: Edit[];
}

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

/** A requirement of a published framework that a rule enforces, wholly or in part. */
export interface Framework {
  /** For example `Pod Security Standards` or `CIS EKS Benchmark`. */
  name: string;
  /** Version of the framework, for example `1.37`. */
  version?: string;
  /** What it calls the requirement there, for example `Baseline: Privileged Containers` or `4.1.6`. */
  reference: string;
}

/** What every rule says about itself. */
export interface RuleFacts<P extends Values = Values> {
  /** Identifier that messages, configuration and exemptions use, for example `GPU-01`. */
  id: string;
  /** What holds where the rule is kept, for example `Containers are not privileged`. */
  title: string;
  /** Why it matters, in one sentence. */
  why: string;
  /** What to do about it in general, in one or two sentences; each finding says it for the case at hand. */
  remediation: string;
  /** Where the rule comes from. */
  url: string;
  severity: Severity;
  /** Level in the profile `baseline`, which holds where configuration names none. */
  level: Level | "disabled";
  /** Levels in other profiles where they are not what {@link levelIn} derives. */
  levels?: Partial<Record<Profile, Level | "disabled">>;
  /** The policy that dispatches the rule: one per family, so that properties are copied once for all its rules. */
  family: string;
  parameters: Parameters<P>;
  frameworks?: Framework[];
  /** What the rule's fixes change, for example `sets it to false`; absent where it offers none. */
  fix?: string;
  /**
   * Two streams of YAML: what breaks the rule and what keeps it. A document is a Kubernetes object or, as in Pulumi
   * YAML, a resource with `type` and `properties`.
   */
  examples: { bad: string; good: string };
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

/**
 * The level of a rule in a profile: in `dev` only critical rules stop a deployment, and `prod` asks at least as much as
 * `restricted`, unless the rule says otherwise.
 */
export function levelIn(rule: Pick<RuleFacts, "level" | "levels" | "severity">, profile: Profile): Level | "disabled" {
  const { level, levels = {}, severity } = rule;
  const inDev = level === "mandatory" && severity !== "critical" ? "advisory" : level;
  switch (profile) {
    case "dev":
      return levels.dev ?? inDev;
    case "baseline":
      return levels.baseline ?? level;
    case "restricted":
      return levels.restricted ?? level;
    case "prod":
      return levels.prod ?? levels.restricted ?? level;
  }
}
