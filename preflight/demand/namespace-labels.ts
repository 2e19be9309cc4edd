import { childAt, isTreeObject } from "../../components/model";
import { isObject, objectName, type StackIndex } from "../pools/stack-index";
import { builtInLabels, type NamespaceLabels } from "../scheduling/pod-terms";

/** The labels of a stack's namespaces, by which pods tell in which of them they look for others. */
export function namespaceLabelsOf(stack: StackIndex): NamespaceLabels {
  const declared = new Map(
    stack.resources
      .filter((resource) => isObject(resource, "", "Namespace"))
      .map((namespace) => {
        const labels = childAt(childAt(namespace.properties, "metadata"), "labels");
        const known = Object.entries(isTreeObject(labels) ? labels : {}).filter(
          ([, value]) => typeof value === "string",
        );
        return [objectName(namespace), Object.fromEntries(known) as Record<string, string>] as const;
      }),
  );
  return (namespace) => ({ ...declared.get(namespace), ...builtInLabels(namespace) });
}
