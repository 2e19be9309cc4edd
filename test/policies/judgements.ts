import type { Judgement, Rule } from "../../policies/engine/rule";
import type { Subject } from "../../policies/engine/subject";

/** Everything that a rule says of some resources, whether it looks at each by itself or at all of them. */
export function judgementsOf(
  rule: Rule,
  subjects: Subject[],
  parameters: Record<string, unknown>,
): [Subject, Judgement][] {
  if ("judgeStack" in rule) return [...rule.judgeStack(subjects, parameters)];
  return subjects.flatMap((subject) =>
    [...rule.judge(subject, parameters)].map((judgement): [Subject, Judgement] => [subject, judgement]),
  );
}
