import { describeFinding } from "../../../components/model";
import type { Exemption } from "../../../policies/engine/exemption";
import type { CheckedFinding } from "../checking";
import { plain } from "../plain";

/** A finding as one line of text. */
export function messageOf({ finding }: CheckedFinding): string {
  return plain(describeFinding(finding));
}

/** Why an exempted finding passes, as one line of text. */
export function justificationOf({ reason, owner, until }: Exemption): string {
  return plain(`${reason} (${owner}, until ${until})`);
}
