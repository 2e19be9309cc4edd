import { pathInPodSet, type Tree } from "../../../components/model";
import { podValue, type PodGroup } from "../../engine/pods";
import { isOneOf, type Truth } from "../../engine/truth";

/** The service account that pods name, with the path of the field; `serviceAccount` is the old name of that field. */
export function accountOf(pods: PodGroup): { path: string; name: Tree } {
  const fields = ["serviceAccountName", "serviceAccount"];
  const field = fields.find((field) => podValue(pods, field) !== undefined) ?? "serviceAccountName";
  return { path: pathInPodSet(pods, `spec.${field}`), name: podValue(pods, field) };
}

/** Tells whether pods that name such an account run under the one that every namespace has. */
export function isDefaultAccount(name: Tree): Truth {
  return isOneOf(name, undefined, "", "default");
}
