import { childAt, isUnknown, nodeAt, UNKNOWN, type Tree } from "../../../components/model";
import { textList } from "../../engine/parameters";
import { anyOf, isOneOf, type Truth } from "../../engine/truth";

/**
 * Labels of namespaces that belong to tenants: ours, and the one that Kubeflow gives those of its profiles.
 *
 * @see components/platform/tenants/tenant-manifests.ts
 * @see https://github.com/kubeflow/dashboard/blob/main/components/profile-controller/controllers/profile_controller.go
 */
export const TENANTS = textList("a list of the labels of tenants' namespaces, each as key or as key=value", [
  "mlstack.dev/tenant",
  "app.kubernetes.io/part-of=kubeflow-profile",
]);

/** Tells whether a namespace belongs to a tenant by one of some labels, given as `key` or `key=value`. */
export function isTenant(namespace: Tree, tenants: readonly string[]): Truth {
  const labels = nodeAt(namespace, "metadata.labels");
  return anyOf(
    tenants.map((label) => {
      const [key = "", value] = label.split("=");
      const given = childAt(labels, key) ?? undefined;
      if (value !== undefined) return isOneOf(given, value);
      return isUnknown(labels) ? UNKNOWN : given !== undefined;
    }),
  );
}
