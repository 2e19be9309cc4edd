import { isUnknown, nodeAt } from "../../../../components/model";
import { undecided, type ResourceRule } from "../../../engine/rule";
import { isOneOf } from "../../../engine/truth";

/**
 * ADV-04: jobs that run a cluster of their own give it up when they end.
 *
 * By default a RayJob leaves its RayCluster running, and the workers of an MPIJob that are not cleaned up wait for
 * their launcher for ever. A RayJob on a cluster that it selects owns none.
 *
 * @see https://docs.ray.io/en/latest/cluster/kubernetes/getting-started/rayjob-quick-start.html
 * `shutdownAfterJobFinishes`
 * @see https://github.com/kubeflow/mpi-operator/blob/v0.8.0/pkg/apis/kubeflow/v2beta1/types.go "CleanPodPolicy"
 */
export const finishedJob: ResourceRule = {
  id: "ADV-04",
  title: "Jobs give up their machines when they end",
  why: "Pods that stay after the work is done keep their GPUs, and nobody looks at a job that has succeeded.",
  remediation: "Let a RayJob shut its cluster down, and an MPIJob clean up the pods that still run.",
  url: "https://docs.ray.io/en/latest/cluster/kubernetes/getting-started/rayjob-quick-start.html",
  severity: "medium",
  level: "advisory",
  family: "ml",
  parameters: {},
  fix: "has the cluster or the pods removed at the end",
  examples: {
    bad: `
apiVersion: ray.io/v1
kind: RayJob
metadata: { name: tune, namespace: ml }
spec: { entrypoint: python tune.py, shutdownAfterJobFinishes: false }
`,
    good: `
apiVersion: ray.io/v1
kind: RayJob
metadata: { name: tune, namespace: ml }
spec: { entrypoint: python tune.py, shutdownAfterJobFinishes: true }
`,
  },
  *judge(subject) {
    for (const { kind, path, keeps, allowed } of FIELDS.filter((each) => subject.is(each.kind))) {
      const value = nodeAt(subject.tree, path) ?? undefined;
      const isOwn = kind !== RAY_JOB || (nodeAt(subject.tree, "spec.clusterSelector") ?? undefined) === undefined;
      const isKept = isOneOf(value, ...keeps);
      if (!isOwn || isKept === false) continue;
      if (isUnknown(isKept)) {
        yield undecided(path);
        continue;
      }
      yield {
        path,
        observed: value === undefined ? "absent, so that its machines stay when it ends" : JSON.stringify(value),
        allowed: String(allowed),
        remedy: `Set it to ${String(allowed)}.`,
        fix: [{ path, value: allowed }],
      };
    }
  },
};

const RAY_JOB = "ray.io/RayJob";

/** Fields that say what stays at the end: the values by which machines do, and the one by which they do not. */
const FIELDS = [
  { kind: RAY_JOB, path: "spec.shutdownAfterJobFinishes", keeps: [undefined, false], allowed: true },
  { kind: "kubeflow.org/MPIJob", path: "spec.runPolicy.cleanPodPolicy", keeps: ["None"], allowed: "Running" },
];
