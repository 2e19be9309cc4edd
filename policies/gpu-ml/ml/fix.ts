import { stepsOf, type Edit } from "../../engine/edit";
import type { Violation } from "../../engine/rule";

/** The fix of a violation; none where the edit would change text, which no fix does. */
export function fixAt(edit: Edit): Pick<Violation, "fix"> {
  return stepsOf(edit.path) === undefined ? {} : { fix: [edit] };
}
