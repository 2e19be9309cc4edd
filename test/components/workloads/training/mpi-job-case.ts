import fc from "fast-check";
import {
  LauncherCreationPolicy,
  MpiImplementation,
  MpiJob,
  type MpiJobArgs,
  type MpiLauncherArgs,
  mpiJobManifest,
  validateMpiJob,
} from "../../../../components/workloads/training";
import { joined, roleArgs, someOf, withRequired } from "../../../support/workloads/arguments";
import { workloadCase } from "../../../support/workloads/workload-case";
import { flawedRoles, programJobArgs, runArgs, singleRole, WRONG_JOB, WRONG_RUN, type Wrongs } from "./arguments";

const image = "ghcr.io/acme/train:1.4.0";

const launcherArgs = singleRole().map(({ replicas: _replicas, ...launcher }): MpiLauncherArgs => launcher);

const mpiJobArgs = joined(
  joined(programJobArgs, runArgs),
  withRequired<MpiJobArgs>(
    { workers: roleArgs(12) },
    {
      launcher: launcherArgs,
      runLauncherAsWorker: fc.boolean(),
      slotsPerWorker: fc.integer({ min: 1, max: 8 }),
      mpiImplementation: fc.constantFrom(...Object.values(MpiImplementation)),
      launcherCreationPolicy: fc.constantFrom(...Object.values(LauncherCreationPolicy)),
      ssh: someOf({
        folder: fc.constant("/home/acme/.ssh"),
        serverConfig: fc.constant("/etc/ssh/user_config"),
        port: fc.integer({ min: 1024, max: 65_535 }),
      }),
    },
  ),
) as fc.Arbitrary<MpiJobArgs>;

const wrongMpiJobs: Wrongs = [
  ...WRONG_JOB,
  ...WRONG_RUN,
  ["workers", { workers: undefined }],
  ["slotsPerWorker", { slotsPerWorker: 0 }],
  ["mpiImplementation", { mpiImplementation: "LAM" }],
  ["launcherCreationPolicy", { launcherCreationPolicy: "Later" }],
  ["ssh.folder", { ssh: { folder: ".ssh" } }],
  ["ssh.serverConfig", { ssh: { serverConfig: "" } }],
  ["ssh.port", { ssh: { port: 22 } }],
  ['env["OMPI_MCA_plm_rsh_args"]', { env: { OMPI_MCA_plm_rsh_args: "-v" } }],
  ["volumes[0].name", { volumes: [{ name: "ssh-auth", mountPath: "/a", scratch: {} }] }],
  ["volumes[0].mountPath", { volumes: [{ name: "a", mountPath: "/etc/mpi", scratch: {} }] }],
  ["objectName", { objectName: "x".repeat(55) }],
];

/** MpiJob, as the tests over all kinds see it. */
export const mpiJobCase = workloadCase<MpiJobArgs>({
  component: "MpiJob",
  create: (name, args, opts) => new MpiJob(name, args, opts),
  validate: validateMpiJob,
  objects: (name, args) => [mpiJobManifest(name, args)],
  variants: {
    minimal: { image, command: ["mpirun", "python", "train.py"], workers: {} },
    horovod: {
      image,
      command: ["horovodrun", "-np", "16", "python", "train.py"],
      workers: { replicas: 2, gpus: 8, efa: 4 },
      env: { EPOCHS: "90" },
    },
    "launcher-works": { image, workers: { replicas: 3, gpus: 4 }, runLauncherAsWorker: true },
    intel: {
      image,
      workers: { replicas: 2, gpus: 0, cpu: "8" },
      slotsPerWorker: 8,
      mpiImplementation: "Intel",
      launcherCreationPolicy: "AtStartup",
      ssh: { folder: "/home/acme/.ssh", serverConfig: "/home/acme/sshd_config", port: 2022 },
    },
  },
  args: mpiJobArgs,
  flaws: flawedRoles(mpiJobArgs, wrongMpiJobs, { workers: [], launcher: [] }),
});
