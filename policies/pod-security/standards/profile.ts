import { childAt, type Tree } from "../../../components/model";
import { conditionOf, violatedIf, type Condition } from "../../engine/conditions";
import type { PodGroup } from "../../engine/pods";
import type { Judgement, Violation } from "../../engine/rule";
import { isAbsent, isOneOf, not } from "../../engine/truth";
import { judgeSettings } from "./pod-fields";

/** Types of seccomp and AppArmor profiles that confine a container. */
const CONFINING = ["RuntimeDefault", "Localhost"];

/** How messages show {@link CONFINING}. */
export const CONFINING_TYPES = CONFINING.map((type) => JSON.stringify(type)).join(" or ");

/** Finds profiles, given for pods or containers, that confine nothing: of another type, or of none. */
export function judgeProfiles(
  groups: PodGroup[],
  field: "seccompProfile" | "appArmorProfile",
  violation: (path: string, type: Tree) => Violation,
): Iterable<Judgement> {
  return judgeSettings(groups, field, (profile) => {
    const path = `${profile.path}.type`;
    const type = childAt(profile.value, "type");
    const conditions: Condition[] = [
      conditionOf(not(isAbsent(profile.value)), path),
      conditionOf(not(isOneOf(type, ...CONFINING)), path),
    ];
    return violatedIf(conditions, () => violation(path, type));
  });
}
