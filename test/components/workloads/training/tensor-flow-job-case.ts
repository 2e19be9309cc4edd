import fc from "fast-check";
import {
  TensorFlowJob,
  type TensorFlowJobArgs,
  tensorFlowJobManifest,
  type TensorFlowRoleArgs,
  TensorFlowSuccessPolicy,
  TrainingRestartPolicy,
  validateTensorFlowJob,
} from "../../../../components/workloads/training";
import { joined, roleArgs, someOf, withRequired } from "../../../support/workloads/arguments";
import { workloadCase } from "../../../support/workloads/workload-case";
import { flawedRoles, programJobArgs, runArgs, singleRole, WRONG_JOB, WRONG_RUN, type Wrongs } from "./arguments";

const image = "ghcr.io/acme/train:1.4.0";

const restartPolicies = fc.constantFrom(...Object.values(TrainingRestartPolicy));

const tensorFlowRole = (role: fc.Arbitrary<TensorFlowRoleArgs>) =>
  joined(role, someOf<TensorFlowRoleArgs>({ restartPolicy: restartPolicies } as never));

const chiefOrPolicy = fc.oneof(
  withRequired<Pick<TensorFlowJobArgs, "chief">>({ chief: tensorFlowRole(singleRole(0)) }, {}),
  someOf<TensorFlowJobArgs>({ successPolicy: fc.constantFrom(...Object.values(TensorFlowSuccessPolicy)) } as never),
);

const tensorFlowJobArgs = joined(
  joined(joined(programJobArgs, runArgs), chiefOrPolicy),
  withRequired<TensorFlowJobArgs>(
    { workers: tensorFlowRole(roleArgs(12)) },
    { parameterServers: tensorFlowRole(roleArgs(3)), evaluator: tensorFlowRole(singleRole(0)) },
  ),
) as fc.Arbitrary<TensorFlowJobArgs>;

const wrongRestart: Wrongs = [["restartPolicy", { restartPolicy: "Always" }]];

/** TensorFlowJob, as the tests over all kinds see it. */
export const tensorFlowJobCase = workloadCase<TensorFlowJobArgs>({
  component: "TensorFlowJob",
  create: (name, args, opts) => new TensorFlowJob(name, args, opts),
  validate: validateTensorFlowJob,
  objects: (name, args) => [tensorFlowJobManifest(name, args)],
  variants: {
    minimal: { image, workers: {} },
    "parameter-servers": {
      image,
      command: ["python", "-m", "train"],
      parameterServers: { replicas: 2, memory: "8Gi" },
      workers: { replicas: 4, restartPolicy: "ExitCode" },
      chief: {},
      evaluator: { command: ["python", "-m", "evaluate"] },
      topology: { level: "rack" },
      volumes: [{ name: "models", mountPath: "/models", persistentVolumeClaim: "models" }],
    },
    mirrored: { image, chief: { gpus: 4 }, workers: { replicas: 3, gpus: 4 } },
    "all-workers": { image, workers: { replicas: 2 }, successPolicy: "AllWorkers", gang: false },
  },
  args: tensorFlowJobArgs,
  flaws: flawedRoles(
    tensorFlowJobArgs,
    [
      ...WRONG_JOB,
      ...WRONG_RUN,
      ["workers", { workers: undefined }],
      ["chief.replicas", { chief: { replicas: 2 } }],
      ["evaluator.replicas", { evaluator: { replicas: 2 } }],
      ["successPolicy", { chief: {}, successPolicy: "AllWorkers" }],
      ["successPolicy", { chief: undefined, successPolicy: "Chief" }],
      ['env["TF_CONFIG"]', { env: { TF_CONFIG: "{}" } }],
      ["objectName", { objectName: "x".repeat(53), evaluator: {} }],
    ],
    {
      workers: [...wrongRestart, ['env["TF_CONFIG"]', { env: { TF_CONFIG: "{}" } }]],
      parameterServers: wrongRestart,
    },
  ),
});
