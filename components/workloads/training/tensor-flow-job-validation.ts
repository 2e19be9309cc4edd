import { checkEnum, type InputProblem, inputProblem } from "../../internal";
import { checkGang } from "../object";
import { checkTrainingObject, type Reserved } from "./job-checks";
import { checkTrainingRun } from "./run-policy";
import { TrainingRestartPolicy } from "./run-policy-args";
import { type TensorFlowJobArgs, TensorFlowSuccessPolicy } from "./tensor-flow-job-args";
import { tensorFlowRoles } from "./tensor-flow-job-manifest";
import { checkRoles, checkSingle, checkWorkers } from "./training-role";

/** @see https://github.com/kubeflow/trainer/blob/v1.9.4/pkg/controller.v1/tensorflow/tfjob_controller.go "SetClusterSpec" */
const RESERVED: Reserved = { owner: "the training operator", variables: ["TF_CONFIG"] };

/** Checks a TensorFlowJob's inputs as far as they are known. */
export function validateTensorFlowJob(name: string, args: TensorFlowJobArgs): InputProblem[] {
  const roles = tensorFlowRoles(args);
  const suffixes = roles.map(({ type, replicas }) => `-${type.toLowerCase()}-${replicas - 1}`);
  return [
    ...checkRoles(args, roles, RESERVED, args.pools),
    ...(["workers", "parameterServers", "chief", "evaluator"] as const).flatMap((role) =>
      checkEnum(`${role}.restartPolicy`, args[role]?.restartPolicy, TrainingRestartPolicy),
    ),
    ...checkWorkers(args.workers),
    ...checkSingle("chief.replicas", args.chief?.replicas, "Several chiefs would write the same checkpoints."),
    ...checkSingle("evaluator.replicas", args.evaluator?.replicas, "TensorFlow knows one evaluator."),
    ...checkSuccess(args),
    ...checkTrainingRun(args),
    ...checkTrainingObject(name, args, suffixes),
    ...checkGang(args),
  ];
}

function checkSuccess({ successPolicy, chief }: TensorFlowJobArgs): InputProblem[] {
  if (successPolicy === undefined || chief === undefined) {
    return checkEnum("successPolicy", successPolicy, TensorFlowSuccessPolicy);
  }
  const remedy = "The job succeeds with its chief; leave one of the two out.";
  return [inputProblem("successPolicy", successPolicy, "nothing with a chief", remedy)];
}
