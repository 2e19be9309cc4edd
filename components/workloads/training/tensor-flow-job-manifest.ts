import { compact } from "../../internal";
import { gangQueueLabels, type Manifest, objectMetadata, workloadMetadata } from "../object";
import { podOfRole } from "../pods";
import { RESTARTS_PER_POD, runPolicy } from "./run-policy";
import { TrainingRestartPolicy } from "./run-policy-args";
import { type TensorFlowJobArgs, TensorFlowSuccessPolicy } from "./tensor-flow-job-args";
import { jobContext, podsOf, replicaSpec, roleTemplate, type TrainingRole } from "./training-role";

const GPUS_OF_WORKER = 1;

/** The roles of a job, as its object calls them, and the arguments that they come from. */
const ROLES = [
  { type: "Chief", argument: "chief" },
  { type: "PS", argument: "parameterServers" },
  { type: "Worker", argument: "workers" },
  { type: "Evaluator", argument: "evaluator" },
] as const;

type RoleType = (typeof ROLES)[number]["type"];

/**
 * The TFJob that a {@link TensorFlowJob} with these arguments is; to be embedded where other objects carry TFJobs.
 *
 * @param name name of the job where the arguments give none.
 * @see https://github.com/kubeflow/trainer/blob/v1.9.4/pkg/apis/kubeflow.org/v1/tensorflow_types.go
 */
export function tensorFlowJobManifest(name: string, args: TensorFlowJobArgs): Manifest {
  const metadata = workloadMetadata(name, args, args.image);
  const context = jobContext(metadata, args);
  const roles = tensorFlowRoles(args);
  const pods = podsOf(roles);
  const template = (role: TrainingRole) => roleTemplate(role, context, { containerName: "tensorflow" });
  return {
    apiVersion: "kubeflow.org/v1",
    kind: "TFJob",
    metadata: objectMetadata(args, metadata, gangQueueLabels(args, pods)),
    spec: compact({
      // The evaluator counts: a gang is told how many pods it has, not which, and would else start short of a worker.
      runPolicy: runPolicy({ ...args, backoffLimit: args.backoffLimit ?? RESTARTS_PER_POD * pods }, pods),
      successPolicy: args.successPolicy === TensorFlowSuccessPolicy.allWorkers ? "AllWorkers" : undefined,
      tfReplicaSpecs: Object.fromEntries(roles.map((role) => [role.type, replicaSpec(role, template(role))])),
    }),
  };
}

/** The roles that a job has; total, so that checks may use it on arguments that are still unchecked. */
export function tensorFlowRoles(args: TensorFlowJobArgs): TrainingRole[] {
  return ROLES.flatMap(({ type, argument }) => {
    const given = args[argument];
    if (given === undefined) return [];
    const pod = podOfRole(args, given);
    const { replicas = 1, restartPolicy = TrainingRestartPolicy.onFailure } = given;
    const needs = { defaultGpus: gpusOf(type, args), peers: peersOf(type, args) };
    return [{ type, path: `${argument}.`, given, pod, replicas, restartPolicy, ...needs }];
  });
}

function gpusOf(type: RoleType, { workers, parameterServers }: TensorFlowJobArgs): number {
  if (type === "Worker") return GPUS_OF_WORKER;
  return type === "Chief" && parameterServers === undefined ? (workers?.gpus ?? GPUS_OF_WORKER) : 0;
}

/** Parameter servers are spoken to by gRPC; without them, workers and their chief exchange gradients by NCCL. */
function peersOf(type: RoleType, { workers, chief, parameterServers }: TensorFlowJobArgs): number {
  const computes = type === "Worker" || type === "Chief";
  if (!computes || parameterServers !== undefined) return 1;
  return (workers?.replicas ?? 1) + (chief === undefined ? 0 : 1);
}
