import type { Policies, ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import type { Tree } from "../../components/model";
import { dayOf } from "./days";
import {
  annotationReports,
  closingReports,
  exempted,
  type ExemptionContext,
  ExemptionLedger,
  fileReports,
  strayAnnotationReports,
} from "./exemptions";
import { LatestSubject } from "./latest-subject";
import { STACK_POLICY } from "./policy-name";
import { remediated } from "./remediation";
import type { ResourceRule, Rule, StackRule } from "./rule";
import { settingsOf, type Settings } from "./settings";
import { settingsSchema } from "./settings-schema";
import { Subject, type ResourceFacts } from "./subject";
import { completed, configurationReports, judgeCompleted, judgeResource, judgeStack, type Report } from "./verdict";
import { reportTo } from "./violation";

/** Type of the root resource, which every stack has exactly once. */
const STACK_TYPE = "pulumi:pulumi:Stack";

/**
 * Builds the policies of a pack from its table of rules: one per family for single resources, and one for the stack as a
 * whole, which judges by the rules about several resources and tells at last what became of the exemptions.
 *
 * CrossGuard copies all properties anew for every policy, so one policy per rule would cost several times as much; and for
 * the stack it copies those of all resources.
 *
 * @param today tells the day on which exemptions are judged, as `YYYY-MM-DD`.
 */
export function policiesOf(rules: readonly Rule[], today = () => dayOf(new Date())): Policies {
  const ledger = new ExemptionLedger();
  const latest = new LatestSubject();
  const ofResources = rules.filter((rule): rule is ResourceRule => "judge" in rule);
  const ofStack = rules.filter((rule): rule is StackRule => "judgeStack" in rule);
  const families = [...new Set(ofResources.map(({ family }) => family))].map((name) => {
    const ofFamily = ofResources.filter(({ family }) => family === name);
    return new PolicyOfResources(name, ofFamily, ledger, latest, today);
  });
  return [...families.map(({ policy }) => policy), stackPolicy(ofStack, families, ledger, today)];
}

/** Settings by the configuration that they come from, which hardly ever changes between two calls. */
class SettingsCache {
  readonly #settings = new Map<string, Settings>();

  constructor(
    readonly policy: string,
    readonly rules: readonly Rule[],
  ) {}

  of(config: Tree): Settings {
    const key = JSON.stringify(config) ?? "";
    const settings = this.#settings.get(key) ?? settingsOf(this.policy, this.rules, config);
    this.#settings.set(key, settings);
    return settings;
  }
}

/** The policy of one family of rules about single resources. */
class PolicyOfResources {
  readonly #settings: SettingsCache;
  #latest: Settings;

  constructor(
    readonly name: string,
    readonly rules: readonly ResourceRule[],
    readonly ledger: ExemptionLedger,
    readonly latest: LatestSubject,
    readonly today: () => string,
  ) {
    this.#settings = new SettingsCache(name, rules);
    this.#latest = this.#settings.of({});
  }

  get policy(): ResourceValidationPolicy {
    return {
      ...policyFacts(this.name, this.rules),
      validateResource: (args, reportViolation) => {
        const settings = this.#settings.of(args.getConfig());
        this.#latest = settings;
        const subject = this.latest.of(factsOf(args));
        const context = this.contextOf(settings);
        const reports = exempted(judgeResource(this.rules, settings, subject), [subject], context);
        reportTo(reportViolation, [
          // Said once, at the resource that every stack has, instead of at each resource again.
          ...(args.type === STACK_TYPE ? [...configurationReports(settings), ...fileReports(context)] : []),
          ...annotationReports(subject, context),
          ...reports,
        ]);
      },
      remediateResource: (args) => {
        const settings = this.#settings.of(args.getConfig());
        const fixing = this.rules.filter((rule) => settings.of(rule).fixes);
        return remediated(factsOf(args), (subject) =>
          exempted(judgeResource(fixing, settings, subject), [subject], this.contextOf(settings)),
        );
      },
    };
  }

  /** What the rules say of the resources whose pods another one completes, as they were last configured. */
  completed(subjects: Subject[], complete: Subject[]): Report[] {
    const reports = judgeCompleted(this.rules, this.#latest, subjects, complete);
    return exempted(reports, subjects, this.contextOf(this.#latest));
  }

  contextOf({ exemptions }: Settings): ExemptionContext {
    return { rules: this.rules, fromFile: exemptions, today: this.today(), ledger: this.ledger };
  }
}

function stackPolicy(
  rules: readonly StackRule[],
  families: PolicyOfResources[],
  ledger: ExemptionLedger,
  today: () => string,
): StackValidationPolicy {
  const cache = new SettingsCache(STACK_POLICY, rules);
  const elsewhere = new Set(families.flatMap((family) => family.rules.map(({ id }) => id)));
  const onlyHere = rules.filter(({ id }) => !elsewhere.has(id));
  const all = [...rules, ...families.flatMap((family) => family.rules)];
  const areas = new Set(all.map(({ id }) => id.split("-")[0] ?? ""));
  return {
    ...policyFacts(STACK_POLICY, rules),
    validateStack: (args, reportViolation) => {
      const settings = cache.of(args.getConfig());
      const subjects = args.resources.map((resource) => new Subject(factsOf(resource)));
      const complete = completed(subjects);
      const context = { rules, fromFile: settings.exemptions, today: today(), ledger };
      const reports = [
        ...configurationReports(settings),
        ...fileReports({ ...context, fromFile: settings.exemptions.filter(({ rule }) => !elsewhere.has(rule)) }),
        ...subjects.flatMap((subject) => [
          ...annotationReports(subject, { ...context, rules: onlyHere }),
          ...strayAnnotationReports(subject, all, areas),
        ]),
        ...families.flatMap((family) => family.completed(subjects, complete)),
        ...exempted(judgeStack(rules, settings, complete), subjects, context),
        ...closingReports(ledger),
      ];
      ledger.clear();
      reportTo(reportViolation, reports);
    },
  };
}

function factsOf({ type, name, urn, props, opts }: PolicyArguments): ResourceFacts {
  return { type, name, urn, props, isProtected: opts?.protect === true };
}

/** What CrossGuard tells of a resource. */
interface PolicyArguments {
  type: string;
  name: string;
  urn: string;
  props: object;
  opts?: { protect?: boolean };
}

function policyFacts(name: string, rules: readonly Rule[]) {
  const titles = rules.map(({ id, title }) => `${id} (${title})`);
  const others = "objects beside those that complete them, and exemptions";
  return {
    name,
    description: `Judges ${titles.length > 0 ? titles.join(", ") : others}.`,
    enforcementLevel: "mandatory" as const,
    configSchema: { properties: settingsSchema(rules) },
  };
}
