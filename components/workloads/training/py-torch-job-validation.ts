import { checkEnum, checkWholeNumber, type InputProblem } from "../../internal";
import { checkGang } from "../object";
import { checkProgram, checkVolumes } from "../pods";
import { checkNodeHardware, checkReserved, checkTrainingObject, type Reserved } from "./job-checks";
import type { PyTorchJobArgs } from "./py-torch-job-args";
import { pyTorchFacts, pyTorchRoles } from "./py-torch-job-manifest";
import { checkTrainingRun } from "./run-policy";
import { TrainingRestartPolicy } from "./run-policy-args";

/** @see https://github.com/kubeflow/trainer/blob/v1.9.4/pkg/controller.v1/pytorch/envvar.go and elastic.go, master.go */
const RESERVED: Reserved = {
  owner: "the training operator",
  variables: [
    "MASTER_ADDR",
    "MASTER_PORT",
    "WORLD_SIZE",
    "RANK",
    "PYTHONUNBUFFERED",
    "PET_MASTER_ADDR",
    "PET_MASTER_PORT",
    "PET_NNODES",
    "PET_NODE_RANK",
    "PET_NPROC_PER_NODE",
    "PET_MAX_RESTARTS",
    "PET_RDZV_BACKEND",
    "PET_RDZV_ENDPOINT",
  ],
};

/** Checks a PyTorchJob's inputs as far as they are known. */
export function validatePyTorchJob(name: string, args: PyTorchJobArgs): InputProblem[] {
  const { nodes = 1, elastic = {} } = args;
  const facts = pyTorchFacts(args);
  const suffixes = pyTorchRoles(args).map(({ type, replicas }) => `-${type.toLowerCase()}-${replicas - 1}`);
  return [
    ...checkProgram("", args),
    ...checkNodeHardware("", args, facts),
    ...checkVolumes("", args, facts),
    ...checkReserved("", args, RESERVED),
    ...checkWholeNumber("nodes", args.nodes, { min: 1 }),
    ...checkWholeNumber("processesPerNode", args.processesPerNode, { min: 1 }),
    ...checkWholeNumber("elastic.minNodes", elastic.minNodes, { min: 1, max: Math.max(1, nodes) }),
    ...checkWholeNumber("elastic.maxRestarts", elastic.maxRestarts, { min: 0 }),
    ...checkEnum("restartPolicy", args.restartPolicy, TrainingRestartPolicy),
    ...checkTrainingRun(args),
    ...checkTrainingObject(name, args, suffixes),
    ...checkGang(args),
  ];
}
