import fc from "fast-check";
import {
  MxNetJob,
  type MxNetJobArgs,
  mxNetJobManifest,
  validateMxNetJob,
} from "../../../../components/workloads/training";
import { joined, roleArgs, withRequired } from "../../../support/workloads/arguments";
import { workloadCase } from "../../../support/workloads/workload-case";
import { endArgs, flawedRoles, programJobArgs, singleRole, WRONG_END, WRONG_JOB, type Wrongs } from "./arguments";

const image = "ghcr.io/acme/train:1.4.0";

const mxNetJobArgs = joined(
  joined(programJobArgs, endArgs),
  withRequired<MxNetJobArgs>(
    { workers: roleArgs(12) },
    {
      servers: roleArgs(3),
      scheduler: singleRole(0),
      schedulerPort: fc.integer({ min: 1024, max: 65_535 }),
      maxRestarts: fc.integer({ min: 0, max: 9 }),
      ttlSecondsAfterFinished: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
    },
  ),
) as fc.Arbitrary<MxNetJobArgs>;

const wrongMxNetJobs: Wrongs = [
  ...WRONG_JOB,
  ...WRONG_END,
  ["workers", { workers: undefined }],
  ["schedulerPort", { schedulerPort: 80 }],
  ["maxRestarts", { maxRestarts: -1 }],
  ["ttlSecondsAfterFinished", { ttlSecondsAfterFinished: -1 }],
  ['env["DMLC_ROLE"]', { env: { DMLC_ROLE: "worker" } }],
  ["objectName", { objectName: "x".repeat(44) }],
];

/** MxNetJob, as the tests over all kinds see it. */
export const mxNetJobCase = workloadCase<MxNetJobArgs>({
  component: "MxNetJob",
  create: (name, args, opts) => new MxNetJob(name, args, opts),
  validate: validateMxNetJob,
  objects: (name, args) => [mxNetJobManifest(name, args)],
  variants: {
    minimal: { image, workers: {} },
    "several-servers": {
      image,
      command: ["python", "train.py", "--kv-store", "dist_sync"],
      servers: { replicas: 2, memory: "8Gi" },
      workers: { replicas: 4, gpus: 2 },
      topology: { level: "zone" },
      maxRestarts: 1,
      ttlSecondsAfterFinished: 3600,
    },
  },
  args: mxNetJobArgs,
  flaws: flawedRoles(mxNetJobArgs, wrongMxNetJobs, {
    workers: [],
    servers: [],
    scheduler: [["replicas", { replicas: 2 }]],
  }),
});
