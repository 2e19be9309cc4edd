import { childAt, nodeAt, type Tree } from "../tree";
import { podSetsAt, type PodFinder, type PodPlace } from "./finder";
import { alone, countAt, product, type PodSetSize } from "./sizes";

/**
 * Kinds of KubeRay: one head and groups of workers, of which a replica has one host or several that need each other.
 *
 * @see https://docs.ray.io/en/latest/cluster/kubernetes/user-guides/config.html
 */
export const rayKinds: [kind: string, find: PodFinder][] = [
  ["ray.io/RayCluster", rayPods("spec")],
  ["ray.io/RayService", rayPods("spec.rayClusterConfig")],
  [
    "ray.io/RayJob",
    rayPods("spec.rayClusterSpec", {
      owner: "spec",
      template: "submitterPodTemplate",
      role: "submitter",
      size: () => alone(1),
    }),
  ],
];

function rayPods(cluster: string, ...others: PodPlace[]): PodFinder {
  return (object) => {
    const scales = childAt(nodeAt(object, cluster), "enableInTreeAutoscaling") === true;
    return podSetsAt(object, [
      { owner: `${cluster}.headGroupSpec`, template: "template", role: "head", size: () => alone(1) },
      {
        owner: `${cluster}.workerGroupSpecs[]`,
        template: "template",
        size: (group) => workers(group, scales ? "maxReplicas" : "replicas"),
      },
      ...others,
    ]);
  };
}

function workers(group: Tree, key: string): PodSetSize {
  const hosts = countAt(group, "numOfHosts", 1);
  const groups = countAt(group, key, key === "replicas" ? 0 : undefined);
  return { count: product(groups, hosts), minCount: Math.max(1, hosts ?? 1) };
}
