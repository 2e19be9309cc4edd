import { checkEnum, checkWholeNumber, type InputProblem } from "../../internal";
import { checkGang } from "../object";
import { checkMountPath } from "../pods";
import { checkTrainingObject, type Reserved } from "./job-checks";
import { LauncherCreationPolicy, type MpiJobArgs, MpiImplementation, type MpiSshArgs } from "./mpi-job-args";
import { mpiRoles, mpiSsh } from "./mpi-job-roles";
import { checkTrainingRun } from "./run-policy";
import { checkRoles, checkWorkers } from "./training-role";

/** @see https://github.com/kubeflow/mpi-operator/blob/v0.8.2/pkg/controller/mpi_job_controller.go "ompiEnvVars" and others */
const VARIABLES = [
  "K_MPI_JOB_ROLE",
  "OMPI_MCA_orte_default_hostfile",
  "OMPI_MCA_orte_keep_fqdn_hostnames",
  "OMPI_MCA_orte_set_default_slots",
  "OMPI_MCA_plm_rsh_args",
  "I_MPI_HYDRA_HOST_FILE",
  "I_MPI_HYDRA_BOOTSTRAP_EXEC_EXTRA_ARGS",
  "I_MPI_PERHOST",
  "HYDRA_HOST_FILE",
  "HYDRA_LAUNCH_EXTRA_ARGS",
];

/** Checks an MpiJob's inputs as far as they are known. The operator tells what is wrong by events alone. */
export function validateMpiJob(name: string, args: MpiJobArgs): InputProblem[] {
  const { launcher, worker } = mpiRoles(args);
  const reserved: Reserved = {
    owner: "the MPI operator",
    variables: VARIABLES,
    volumes: ["ssh-auth", "mpi-job-config"],
    mountPaths: [mpiSsh(args).folder, "/etc/mpi"],
  };
  return [
    ...checkRoles(args, [launcher, worker], reserved, args.pools),
    ...checkWorkers(args.workers),
    ...checkWholeNumber("slotsPerWorker", args.slotsPerWorker, { min: 1 }),
    ...checkEnum("mpiImplementation", args.mpiImplementation, MpiImplementation),
    ...checkEnum("launcherCreationPolicy", args.launcherCreationPolicy, LauncherCreationPolicy),
    ...checkSsh(args.ssh),
    ...checkTrainingRun(args),
    ...checkTrainingObject(name, args, ["-launcher", `-worker-${worker.replicas - 1}`]),
    ...checkGang(args),
  ];
}

function checkSsh({ folder, serverConfig, port }: MpiSshArgs = {}): InputProblem[] {
  return [
    ...(folder === undefined ? [] : checkMountPath("ssh.folder", folder)),
    ...(serverConfig === undefined ? [] : checkMountPath("ssh.serverConfig", serverConfig)),
    ...checkWholeNumber("ssh.port", port, { min: 1024, max: 65_535 }),
  ];
}
