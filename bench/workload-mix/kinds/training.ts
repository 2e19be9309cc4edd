import {
  doubleSpace,
  gpuJobManifest,
  intSpace,
  MpiJob,
  type MpiJobArgs,
  mpiJobManifest,
  MxNetJob,
  type MxNetJobArgs,
  mxNetJobManifest,
  PyTorchJob,
  type PyTorchJobArgs,
  pyTorchJobManifest,
  Sweep,
  type SweepArgs,
  SweepDirection,
  sweepManifest,
  sweepTrial,
  TensorFlowJob,
  type TensorFlowJobArgs,
  tensorFlowJobManifest,
  TrainJob,
  type TrainJobArgs,
  trainJobManifest,
  validateMpiJob,
  validateMxNetJob,
  validatePyTorchJob,
  validateSweep,
  validateTensorFlowJob,
  validateTrainJob,
} from "../../../components";
import { kind, object, program } from "./kind";

const spaces = { rate: doubleSpace({ min: 0.001, max: 0.1 }), layers: intSpace({ min: 2, max: 8 }) };

/** Training on several machines, and search for its parameters. */
export const trainingKinds = {
  TrainJob: kind<TrainJobArgs>({
    args: (index) => ({ ...object(index), ...program(index), nodes: 2 + (index % 4), gpus: 8 }),
    validate: validateTrainJob,
    manifests: (name, args) => [trainJobManifest(name, args)],
    create: (name, args, opts) => new TrainJob(name, args, opts),
  }),
  PyTorchJob: kind<PyTorchJobArgs>({
    args: (index) => ({ ...object(index), ...program(index), nodes: 2, gpus: 8 }),
    validate: validatePyTorchJob,
    manifests: (name, args) => [pyTorchJobManifest(name, args)],
    create: (name, args, opts) => new PyTorchJob(name, args, opts),
  }),
  TensorFlowJob: kind<TensorFlowJobArgs>({
    args: (index) => ({
      ...object(index),
      ...program(index),
      workers: { replicas: 2, gpus: 8 },
      parameterServers: {},
      chief: {},
    }),
    validate: validateTensorFlowJob,
    manifests: (name, args) => [tensorFlowJobManifest(name, args)],
    create: (name, args, opts) => new TensorFlowJob(name, args, opts),
  }),
  MpiJob: kind<MpiJobArgs>({
    args: (index) => ({ ...object(index), ...program(index), command: ["mpirun"], workers: { replicas: 2, gpus: 8 } }),
    validate: validateMpiJob,
    manifests: (name, args) => [mpiJobManifest(name, args)],
    create: (name, args, opts) => new MpiJob(name, args, opts),
  }),
  MxNetJob: kind<MxNetJobArgs>({
    args: (index) => ({
      ...object(index),
      ...program(index),
      workers: { replicas: 2, gpus: 8 },
      servers: { replicas: 2 },
    }),
    validate: validateMxNetJob,
    manifests: (name, args) => [mxNetJobManifest(name, args)],
    create: (name, args, opts) => new MxNetJob(name, args, opts),
  }),
  Sweep: kind<SweepArgs>({
    args: (index) => ({
      ...object(index),
      parameters: spaces,
      trial: sweepTrial(spaces, ({ rate, layers }) =>
        gpuJobManifest("trial", {
          ...object(index),
          ...program(index),
          command: ["python", "train.py"],
          args: [`--rate=${rate}`, `--layers=${layers}`],
        }),
      ),
      objective: { metric: "accuracy", direction: SweepDirection.maximize, goal: 0.99 },
      maxTrials: 30,
      parallelTrials: 4,
    }),
    validate: validateSweep,
    manifests: (name, args) => [sweepManifest(name, args)],
    create: (name, args, opts) => new Sweep(name, args, opts),
  }),
};
