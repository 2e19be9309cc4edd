import {
  annotationReports,
  closingReports,
  exempted,
  ExemptionLedger,
  fileReports,
  strayAnnotationReports,
} from "./exemptions";
import type { ResourceRule, Rule, StackRule } from "./rule";
import type { Settings } from "./settings";
import type { Subject } from "./subject";
import { completed, configurationReports, judgeResource, judgeStack, type Report } from "./verdict";

/**
 * Judges some resources together outside Pulumi, where all of them are at hand: each by itself, then all of them, then
 * the exemptions.
 *
 * @param today day on which exemptions are judged, as `YYYY-MM-DD`.
 * @returns every report, exempted ones included; a level that is undefined is mandatory here.
 */
export function judgeAll(
  rules: readonly Rule[],
  settings: Settings,
  subjects: readonly Subject[],
  today: string,
): Report[] {
  const ledger = new ExemptionLedger();
  const context = { rules, fromFile: settings.exemptions, today, ledger };
  const complete = completed(subjects);
  const ofResources = rules.filter((rule): rule is ResourceRule => "judge" in rule);
  const ofStack = rules.filter((rule): rule is StackRule => "judgeStack" in rule);
  const judged = [
    ...complete.flatMap((subject) => judgeResource(ofResources, settings, subject)),
    ...judgeStack(ofStack, settings, complete),
  ];
  return [
    ...configurationReports(settings),
    ...fileReports(context),
    ...complete.flatMap((subject) => [
      ...annotationReports(subject, context),
      ...strayAnnotationReports(subject, rules),
    ]),
    ...exempted(judged, complete, context),
    ...closingReports(ledger),
  ];
}
