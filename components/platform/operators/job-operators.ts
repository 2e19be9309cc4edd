import { type InputProblem, problemAt } from "../../internal";
import type { MpiOperatorArgs } from "./mpi-operator";
import { TrainingJobKind, type TrainingOperatorArgs } from "./training-operator-args";

/**
 * Checks operators that are wanted together. The resource type `mpijobs.kubeflow.org` is the training operator's in version
 * v1 and the MPI operator's in v2beta1; of two that own a type, each undoes what the other wrote.
 *
 * @param trainingOperator what the training operator is made from; undefined where there is none.
 * @param mpiOperator what the MPI operator is made from; undefined where there is none.
 * @see https://github.com/kubeflow/trainer/issues/1972
 */
export function checkJobOperators(
  trainingOperator: TrainingOperatorArgs | undefined,
  mpiOperator: MpiOperatorArgs | undefined,
): InputProblem[] {
  const { jobs = [] } = trainingOperator ?? {};
  if (mpiOperator === undefined || !jobs.includes(TrainingJobKind.mpi)) return [];
  const observed = `${JSON.stringify(jobs)} beside mpiOperator`;
  const allowed = "MPIJob of one of the two, as both have the resource type mpijobs.kubeflow.org";
  const remedy = "Leave MPIJob out of trainingOperator.jobs, or leave out mpiOperator.";
  return [problemAt("trainingOperator.jobs", observed, allowed, remedy)];
}
