import { join } from "node:path";
import { check, isBlocking } from "../../cli/check/checking";
import { readInput } from "../../cli/check/input";
import { readPolicyFile } from "../../cli/policy-file";
import { checkoutRoot } from "../../rehearsal/checkout";

/** A day on which the exemptions of `stacks/policies.prod.yaml` are in force. */
const DAY = "2026-11-26";

/** What a stack has against the policies of production, beyond the exemptions that these list. */
export interface ProductionVerdict {
  /** Mandatory findings that stand. */
  blocking: string[];
  /** Findings that exemptions let pass. */
  exempted: number;
}

/** Judges the state of a stack, as `pulumi stack export` writes it, by the policies of production. */
export async function judgedAsProduction(state: string): Promise<ProductionVerdict> {
  const { content } = await readPolicyFile(join(checkoutRoot(), "stacks", "policies.prod.yaml"), []);
  const { documents } = await readInput(["-"], () => Promise.resolve(state));
  const { findings } = check(documents, content, DAY);
  const told = findings.filter(isBlocking).map(({ finding }) => {
    return `${finding.rule} ${finding.object}: ${finding.path} is ${finding.observed}`;
  });
  return { blocking: told, exempted: findings.filter(({ exemption }) => exemption !== undefined).length };
}
