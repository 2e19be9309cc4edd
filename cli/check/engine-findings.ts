/** What findings of the policy engine itself are about, which belong to no rule. */
const ENGINE_FINDINGS: Readonly<Record<string, [title: string, text: string]>> = {
  "META-01": [
    "Exemptions have a reason, an owner and an end, and are needed",
    "An exemption has no reason, owner or end, is over or ends too far ahead, may not be given where it stands, or is " +
      "not needed. It is not in force. Mandatory; advisory where it is only not needed.\n\n" +
      'Write `policy.mlstack.dev/exempt-GPU-04: "reason; owner=team; until=YYYY-MM-DD"` as an annotation, or an entry ' +
      "under `exemptions` of the policy file.",
  ],
  "META-02": [
    "Rules reach a verdict",
    "A rule failed on an object; the other rules judged it all the same. Advisory.\n\n" +
      "It is a bug of the policy pack: report it with the object that brings it about.",
  ],
  "META-03": [
    "The policy configuration can be read",
    "An entry of the policy configuration cannot be read, and has no effect until it can. Mandatory.\n\n" +
      "Correct the entry as the finding tells.",
  ],
  "META-04": [
    "How many exemptions are in force",
    "Tells which rules are broken by leave, who answers for it, and until when. Advisory; no sum counts it.\n\n" +
      "Mend what the exemptions are for before they expire.",
  ],
};

/** Ids of these findings. */
export const ENGINE_IDS = Object.keys(ENGINE_FINDINGS);

/** The page about such a finding in Markdown; undefined for other ids. */
export function engineExplanationOf(id: string): string | undefined {
  if (!Object.hasOwn(ENGINE_FINDINGS, id)) return undefined;
  const [title, text] = ENGINE_FINDINGS[id]!;
  return `# ${id}: ${title}\n\n${text}\n\nSee docs/policies.md.\n`;
}
