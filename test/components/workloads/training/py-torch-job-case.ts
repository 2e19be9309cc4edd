import fc from "fast-check";
import {
  PyTorchJob,
  type PyTorchJobArgs,
  pyTorchJobManifest,
  TrainingRestartPolicy,
  validatePyTorchJob,
} from "../../../../components/workloads/training";
import { hardwareArgs, joined, someOf } from "../../../support/workloads/arguments";
import { FLAWS, flawed } from "../../../support/workloads/flaws";
import { workloadCase } from "../../../support/workloads/workload-case";
import { programJobArgs, runArgs, WRONG_JOB, WRONG_RUN, type Wrongs } from "./arguments";

const image = "ghcr.io/acme/train:1.4.0";

const restartPolicies = fc.constantFrom(...Object.values(TrainingRestartPolicy));

const wrongRestart: Wrongs = [["restartPolicy", { restartPolicy: "Always" }]];

const pyTorchJobArgs: fc.Arbitrary<PyTorchJobArgs> = joined(
  joined(joined(programJobArgs, runArgs), hardwareArgs()),
  fc.integer({ min: 1, max: 12 }).chain((nodes) =>
    someOf<PyTorchJobArgs>({
      processesPerNode: fc.integer({ min: 1, max: 8 }),
      restartPolicy: restartPolicies,
      elastic: someOf({ minNodes: fc.integer({ min: 1, max: nodes }), maxRestarts: fc.integer({ min: 0, max: 9 }) }),
    } as never).map((more): Partial<PyTorchJobArgs> => ({ ...(nodes > 1 ? { nodes } : {}), ...more })),
  ) as fc.Arbitrary<object>,
);

const wrongPyTorchJobs: Wrongs = [
  ...FLAWS.program,
  ...FLAWS.hardware,
  ...WRONG_JOB,
  ...WRONG_RUN,
  ...wrongRestart,
  ["nodes", { nodes: 0 }],
  ["processesPerNode", { processesPerNode: 0.5 }],
  ["elastic.minNodes", { nodes: 2, elastic: { minNodes: 3 } }],
  ["elastic.maxRestarts", { elastic: { maxRestarts: -1 } }],
  ['env["WORLD_SIZE"]', { env: { WORLD_SIZE: "2" } }],
  ['secretEnv["MASTER_ADDR"]', { secretEnv: { MASTER_ADDR: { name: "a", key: "b" } } }],
  ["objectName", { objectName: "x".repeat(55) }],
];

/** PyTorchJob, as the tests over all kinds see it. */
export const pyTorchJobCase = workloadCase<PyTorchJobArgs>({
  component: "PyTorchJob",
  create: (name, args, opts) => new PyTorchJob(name, args, opts),
  validate: validatePyTorchJob,
  objects: (name, args) => [pyTorchJobManifest(name, args)],
  variants: {
    minimal: { image },
    "several-nodes": { image, command: ["torchrun", "train.py"], nodes: 4, gpus: 8, efa: 4 },
    elastic: { image, nodes: 4, elastic: { minNodes: 2 } },
    "without-gpus": { image, nodes: 2, gpus: 0, processesPerNode: 4, cpu: "4" },
  },
  args: pyTorchJobArgs,
  flaws: flawed(pyTorchJobArgs, wrongPyTorchJobs),
});
