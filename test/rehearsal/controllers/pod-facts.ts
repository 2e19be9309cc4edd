import type { V1Pod } from "@kubernetes/client-node";
import { containersOf, podSetsOf, tryParseQuantity } from "../../../components/model";
import { arrayAt, objectAt, stringAt, type Tree, type TreeObject } from "../../../components/model/tree";
import type { Sample } from "./samples";

/** Labels by which controllers tell the roles of pods apart. */
const ROLE_LABELS = [
  "jobset.sigs.k8s.io/replicatedjob-name",
  "training.kubeflow.org/replica-type",
  "training.kubeflow.org/job-role",
];

/** What a pod is, as far as the model tells it. */
export interface PodFacts {
  /** In small letters, as labels have it. */
  role: string;
  nodeSelector: Tree;
  tolerations: Tree[];
  containers: Tree[];
}

/** Pods as the model expects them, each as often as it is there. */
export function expectedPods({ object, others = [], added = {} }: Sample): PodFacts[] {
  return podSetsOf(object, others).flatMap((set) => {
    const role = (set.role ?? "").toLowerCase();
    const containers = containersOf(set).map(({ container }) => containerFacts(container));
    const facts: PodFacts = {
      role,
      nodeSelector: set.template.spec.nodeSelector,
      tolerations: arrayAt(set.template.spec, "tolerations"),
      containers: [...(added[role] ?? []).map((name) => ({ name })), ...containers],
    };
    return Array.from({ length: set.count! }, () => facts);
  });
}

/** A pod as the API server has it, without what every pod gets. */
export function podFacts(pod: V1Pod, { added = {} }: Sample): PodFacts {
  const labels = pod.metadata?.labels ?? {};
  const role = ROLE_LABELS.flatMap((key) => labels[key] ?? [])[0]?.toLowerCase() ?? "";
  const spec = JSON.parse(JSON.stringify(pod.spec)) as TreeObject;
  const containers = [...arrayAt(spec, "initContainers"), ...arrayAt(spec, "containers")];
  return {
    role,
    nodeSelector: spec.nodeSelector,
    tolerations: arrayAt(spec, "tolerations").filter(
      (toleration) => !stringAt(toleration, "key")?.startsWith("node.kubernetes.io/"),
    ),
    containers: containers.map((container) => {
      const name = stringAt(container, "name") ?? "";
      return added[role]?.includes(name) ? { name } : containerFacts(container);
    }),
  };
}

function containerFacts(container: Tree): TreeObject {
  const { name, image, command, args } = container as TreeObject;
  const resources = objectAt(container, "resources");
  const limits = objectAt(resources, "limits") ?? {};
  // As Kubernetes writes it: 5120Mi is 5Gi.
  const amounts = (side: TreeObject) =>
    Object.fromEntries(
      Object.entries(side).map(([resource, amount]) => [resource, tryParseQuantity(amount)?.toString()]),
    );
  // Kubernetes requests what is limited and not requested.
  const requests = { ...limits, ...objectAt(resources, "requests") };
  return { name, image, command, args, limits: amounts(limits), requests: amounts(requests) };
}

/** Pods by role, and alike ones beside each other. */
export function inOrder(pods: PodFacts[]): PodFacts[] {
  return pods.toSorted((a, b) => a.role.localeCompare(b.role));
}
