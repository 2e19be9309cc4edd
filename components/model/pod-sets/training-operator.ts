import { objectAt, type Tree } from "../tree";
import { podSetsAt, type PodFinder } from "./finder";
import { countAt, larger, together } from "./sizes";

/**
 * Kinds of the Training Operator, and MPIJob of the MPI Operator, by the map of their roles; a pod for each replica.
 *
 * @see https://github.com/kubeflow/trainer/tree/v1.9.4/pkg/apis/kubeflow.org/v1
 * @see https://github.com/kubeflow/mpi-operator/tree/v0.8.2/pkg/apis/kubeflow/v2beta1
 */
const replicaMaps: [kind: string, map: string][] = [
  ["TFJob", "tfReplicaSpecs"],
  ["PyTorchJob", "pytorchReplicaSpecs"],
  ["XGBoostJob", "xgbReplicaSpecs"],
  ["PaddleJob", "paddleReplicaSpecs"],
  ["JAXJob", "jaxReplicaSpecs"],
  ["MXJob", "mxReplicaSpecs"],
  ["MPIJob", "mpiReplicaSpecs"],
];

/** Kinds of the Training Operator 1.9 and of the MPI Operator. */
export const trainingOperatorKinds: [kind: string, find: PodFinder][] = replicaMaps.map(([kind, map]) => [
  `kubeflow.org/${kind}`,
  (object) => {
    // Workers of an MPIJob are the only pods of which there are none by default.
    const byDefault = (role: string | undefined) => (kind === "MPIJob" && isWorker(role) ? 0 : 1);
    const sets = podSetsAt(object, [
      {
        owner: `spec.${map}.*`,
        template: "template",
        size: (replica, role) => together(countAt(replica, "replicas", byDefault(role))),
        gang: true,
      },
    ]);
    const elastic = objectAt(objectAt(object, "spec"), "elasticPolicy");
    return elastic === undefined ? sets : sets.map((set) => (isWorker(set.role) ? elasticWorkers(set, elastic) : set));
  },
]);

function isWorker(role: string | undefined): boolean {
  return role?.toLowerCase() === "worker";
}

/**
 * Elastic workers come and go between two bounds; one that is absent equals the other, and both the replicas where
 * neither is given.
 */
function elasticWorkers<T extends { count: number | undefined; minCount: number }>(set: T, elastic: Tree): T {
  const upper = countAt(elastic, "maxReplicas", countAt(elastic, "minReplicas", set.count));
  const lower = countAt(elastic, "minReplicas", upper);
  return { ...set, count: larger(set.count, upper), minCount: Math.max(1, lower ?? 1) };
}
