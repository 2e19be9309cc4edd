import type { Finding } from "../../components/model";
import { withoutLogins } from "./discretion";
import type { Edit } from "./edit";
import type { Exemption } from "./exemption";
import type { Judgement, Level, ResourceRule, Rule, StackRule, Violation } from "./rule";
import type { RuleSetting, Settings } from "./settings";
import type { Subject } from "./subject";
import { completingPath, isLeftToAnother, isVariable } from "./undecided-path";

/** A finding with the level and the resource that it is reported at. */
export interface Report {
  finding: Finding;
  /** Shown as the policy's description. */
  title: string;
  /** Undefined where the level of the family's policy holds. */
  level: Level | undefined;
  /** Undefined where the whole stack is meant. */
  urn: string | undefined;
  /** The rule could not decide, as a value is not known yet. */
  isUndecided?: true;
  /** Changes after which the rule is kept. */
  fix?: Edit[];
  /** Lets the finding pass. */
  exemption?: Exemption;
}

/** Id of the finding that says that a rule itself failed. */
export const RULE_FAILED = "META-02";

/** Id of the finding that says that the policy configuration cannot be read. */
export const BAD_CONFIGURATION = "META-03";

/** Pulumi has single resources judged before it creates or changes them, the stack only once it is through. */
const JUDGED_BEFOREHAND = "It is judged at update, before the object is created.";
const JUDGED_AT_END = "It is judged at the end of the update, when the object is there already.";

/** Argo and Katib fill in variables when the work runs. */
const NEVER_JUDGED = "It is filled in when the work runs, where no policy sees it; write it out for it to be judged.";

const NOT_KNOWN = "not known yet";

/** Where an object outside the stack decides, no update tells it. */
const DECLARED_ELSEWHERE = "Declare that in the stack as well for this to be judged.";

/** Judges one resource by all the rules of a family; never throws. */
export function judgeResource(rules: readonly ResourceRule[], settings: Settings, subject: Subject): Report[] {
  return rules.flatMap((rule) => {
    const setting = settings.of(rule);
    const judge = function* (): Iterable<[Subject, Judgement]> {
      for (const judgement of rule.judge(subject, setting.parameters)) yield [subject, judgement];
    };
    return reportsOf(rule, setting, settings, judge, subject);
  });
}

/**
 * Judges the resources of a stack together by all its stack rules; never throws.
 *
 * @param complete the resources, as {@link completed} gives them.
 */
export function judgeStack(rules: readonly StackRule[], settings: Settings, complete: Subject[]): Report[] {
  return rules.flatMap((rule) => {
    const setting = settings.of(rule);
    return reportsOf(rule, setting, settings, () => rule.judgeStack(complete, setting.parameters));
  });
}

/**
 * Judges again, now beside each other, the resources whose pods take fields from another one, such as a TrainJob from its
 * runtime; tells what {@link judgeResource} could not know of each by itself.
 *
 * @param complete the same resources in the same order, as {@link completed} gives them.
 */
export function judgeCompleted(
  rules: readonly ResourceRule[],
  settings: Settings,
  subjects: readonly Subject[],
  complete: readonly Subject[],
): Report[] {
  return subjects.flatMap((subject, index) => {
    const beside = complete[index];
    if (beside === undefined || beside === subject) return [];
    const before = new Set(judgeResource(rules, settings, subject).map(identityOf));
    return judgeResource(rules, settings, beside).filter((report) => !before.has(identityOf(report)));
  });
}

/** One mandatory report per mistake in the configuration of a family, so that no rule is switched by a typing error. */
export function configurationReports(settings: Settings): Report[] {
  return settings.problems.map((problem) => ({
    finding: { rule: BAD_CONFIGURATION, severity: "high", object: "policy configuration", ...problem },
    title: "The policy configuration can be read",
    level: "mandatory",
    urn: undefined,
  }));
}

/** The same resources, of which those that take fields from another one see the others. */
export function completed(subjects: readonly Subject[]): Subject[] {
  if (!subjects.some(({ isIncomplete }) => isIncomplete)) return [...subjects];
  const trees = subjects.map(({ tree }) => tree);
  return subjects.map((subject) => (subject.isIncomplete ? subject.beside(trees) : subject));
}

function identityOf({ finding: { rule, path, observed } }: Report): string {
  return JSON.stringify([rule, path, observed]);
}

function reportsOf(
  rule: Rule,
  setting: RuleSetting,
  { guesses }: Settings,
  judge: () => Iterable<[Subject, Judgement]>,
  judged?: Subject,
): Report[] {
  if (setting.level === "disabled") return [];
  const level = setting.level === "family" ? undefined : setting.level;
  const { id, title, severity } = rule;
  const reports: Report[] = [];
  const undecidedPaths = new Map<Subject, Set<string>>();
  try {
    for (const [subject, judgement] of judge()) {
      if ("undecidedPath" in judgement) {
        // Where another object may say it that is not at hand, nobody will ever know.
        if (isLeftToAnother(subject, judgement.undecidedPath)) continue;
        const paths = undecidedPaths.get(subject) ?? new Set();
        undecidedPaths.set(subject, paths.add(judgement.undecidedPath));
      } else {
        const { fix, ...violation } = judgement;
        const isGuess = guesses === "advisory" && isGuessed(subject, violation.path);
        reports.push({
          finding: { rule: id, severity, object: subject.title, ...discreet(violation) },
          title,
          level: isGuess ? "advisory" : level,
          urn: subject.urn,
          ...(fix === undefined || isGuess ? {} : { fix }),
        });
      }
    }
  } catch (error) {
    reports.push(ruleFailed(rule, error, judged));
  }
  const later = "judgeStack" in rule ? JUDGED_AT_END : JUDGED_BEFOREHAND;
  for (const [subject, paths] of undecidedPaths) {
    for (const { paths: some, observed, remedy } of doubtsOf(subject, [...paths], later)) {
      const [path, allowed] = [withoutLogins(some.join(", ")), `a value that keeps "${title}"`];
      const finding = { rule: id, severity, object: subject.title, path, observed, allowed, remedy };
      const asStrict = setting.undecided === "mandatory" ? level : "advisory";
      reports.push({ finding, title, level: asStrict, urn: subject.urn, isUndecided: true });
    }
  }
  return reports;
}

/** Fields that cannot be judged for the same reason. */
interface Doubt {
  paths: string[];
  observed: string;
  remedy: string;
}

/** Why fields of an object cannot be judged: an update tells them, the run of the work, or an object outside the stack. */
function doubtsOf(subject: Subject, paths: readonly string[], later: string): Doubt[] {
  const doubts = new Map([[NOT_KNOWN + later, { paths: [] as string[], observed: NOT_KNOWN, remedy: later }]]);
  for (const path of paths) {
    const elsewhere = completingPath(subject, path);
    const [observed, remedy] = isVariable(subject, path)
      ? [NOT_KNOWN, NEVER_JUDGED]
      : elsewhere === undefined
        ? [NOT_KNOWN, later]
        : [`completed by what ${elsewhere} names, of which the stack does not tell`, DECLARED_ELSEWHERE];
    const doubt = doubts.get(observed + remedy) ?? { paths: [], observed, remedy };
    doubt.paths.push(path);
    doubts.set(observed + remedy, doubt);
  }
  return [...doubts.values()].filter(({ paths: some }) => some.length > 0);
}

function discreet({ path, observed, allowed, remedy }: Omit<Violation, "fix">): Omit<Violation, "fix"> {
  return {
    path: withoutLogins(path),
    observed: withoutLogins(observed),
    allowed: withoutLogins(allowed),
    remedy: withoutLogins(remedy),
  };
}

/** Tells whether a path is inside pods that were found by structure alone. */
function isGuessed(subject: Subject, path: string): boolean {
  return subject.pods.some((pods) => pods.isGuess === true && path.startsWith(pods.path));
}

/** The message names only the kind of the error: its text may hold a value of the judged object. */
function ruleFailed(rule: Rule, error: unknown, judged: Subject | undefined): Report {
  return {
    finding: {
      rule: RULE_FAILED,
      severity: "medium",
      object: judged?.title ?? "stack",
      path: `verdict of ${rule.id}`,
      observed: `missing, because the rule failed (${error instanceof Error ? error.name : typeof error})`,
      allowed: "a verdict",
      remedy: "Report this as a bug of the policy pack, with the object that brings it about.",
    },
    title: "Rules reach a verdict",
    level: "advisory",
    urn: judged?.urn,
  };
}
