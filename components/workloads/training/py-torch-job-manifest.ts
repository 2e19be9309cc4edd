import { compact } from "../../internal";
import { gangQueueLabels, type Manifest, objectMetadata, workloadMetadata } from "../object";
import { type HardwareFacts, podTemplate } from "../pods";
import type { ElasticTrainingArgs, PyTorchJobArgs } from "./py-torch-job-args";
import { RESTARTS_PER_POD, runPolicy } from "./run-policy";
import { TrainingRestartPolicy } from "./run-policy-args";

/** GPUs of each node of a job whose author says nothing. */
export const GPUS_OF_NODE = 1;

/** Times that torchrun starts processes anew where nothing is said. */
const DEFAULT_MAX_RESTARTS = 3;

/**
 * The PyTorchJob that a {@link PyTorchJob} with these arguments is; to be embedded where other objects carry PyTorchJobs.
 *
 * @param name name of the job where the arguments give none.
 * @see https://github.com/kubeflow/trainer/blob/v1.9.4/pkg/apis/kubeflow.org/v1/pytorch_types.go
 */
export function pyTorchJobManifest(name: string, args: PyTorchJobArgs): Manifest {
  const { nodes = 1, elastic, restartPolicy = TrainingRestartPolicy.onFailure } = args;
  const metadata = workloadMetadata(name, args, args.image);
  const replicaSpec = ({ type, replicas }: PyTorchRole) => ({
    replicas,
    restartPolicy,
    template: podTemplate(args, {
      ...metadata,
      ...pyTorchFacts(args),
      role: type.toLowerCase(),
      containerName: "pytorch",
      topology: args.topology,
      runsToEnd: true,
    }),
  });
  return {
    apiVersion: "kubeflow.org/v1",
    kind: "PyTorchJob",
    metadata: objectMetadata(args, metadata, gangQueueLabels(args, nodes)),
    spec: compact({
      runPolicy: runPolicy(
        { ...args, backoffLimit: args.backoffLimit ?? RESTARTS_PER_POD * nodes },
        elastic === undefined ? nodes : (elastic.minNodes ?? 1),
      ),
      nprocPerNode: String(args.processesPerNode ?? Math.max(1, args.gpus ?? GPUS_OF_NODE)),
      elasticPolicy: elastic && elasticPolicy(elastic, nodes),
      pytorchReplicaSpecs: Object.fromEntries(pyTorchRoles(args).map((role) => [role.type, replicaSpec(role)])),
    }),
  };
}

/** Pods alike, by the name that the object has for them. */
export interface PyTorchRole {
  /** Name of the role. */
  type: "Master" | "Worker";
  /** Pods of it. */
  replicas: number;
}

/** The roles that a job has. In elastic ones the first worker is where the others meet, and a master would not be counted. */
export function pyTorchRoles({ nodes = 1, elastic }: PyTorchJobArgs): PyTorchRole[] {
  if (elastic !== undefined) return [{ type: "Worker", replicas: nodes }];
  return [{ type: "Master", replicas: 1 }, ...(nodes > 1 ? [{ type: "Worker" as const, replicas: nodes - 1 }] : [])];
}

/** What the hardware of nodes follows from. */
export function pyTorchFacts({ nodes = 1, pools }: PyTorchJobArgs): HardwareFacts {
  return { pods: nodes, defaultGpus: GPUS_OF_NODE, pools };
}

function elasticPolicy({ minNodes = 1, maxRestarts = DEFAULT_MAX_RESTARTS }: ElasticTrainingArgs, nodes: number) {
  return { rdzvBackend: "c10d", minReplicas: minNodes, maxReplicas: nodes, maxRestarts };
}
