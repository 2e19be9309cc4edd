import { bareVersion } from "../../model";
import { IMAGES } from "../../model/images";
import { CHARTS } from "../../model/versions";
import { type TrainingRuntimeArgs, TrainingRuntimeKind } from "./training-runtime-args";

/**
 * Images that say no user would run as root, which namespaces held to `restricted` refuse. They do not know this user, who
 * thus has neither a folder nor a name, and write to no folder of theirs: caches and programs that jobs bring go to `/tmp`.
 */
const ordinaryUser = { runAsUser: 1000, workingDir: "/tmp", env: { HOME: "/tmp", USER: "trainer" } };

/**
 * The runtimes that Trainer comes with, by name; images of Trainer's own follow its version.
 *
 * @see https://github.com/kubeflow/trainer/tree/v2.3.0/charts/kubeflow-trainer/files/runtimes
 */
export function defaultTrainingRuntimes(version: string = CHARTS.trainer.version): Record<string, TrainingRuntimeArgs> {
  const { torch, mpi, jax, xgboost } = TrainingRuntimeKind;
  const ownImage = (name: string) => `ghcr.io/kubeflow/trainer/${name}:v${bareVersion(version)}`;
  return {
    "torch-distributed": {
      ...ordinaryUser,
      kind: torch,
      image: IMAGES.torchRuntime,
    },
    "deepspeed-distributed": { kind: mpi, framework: "deepspeed", image: ownImage("deepspeed-runtime") },
    "jax-distributed": { ...ordinaryUser, kind: jax, image: IMAGES.jaxRuntime },
    "xgboost-distributed": { ...ordinaryUser, kind: xgboost, image: ownImage("xgboost-runtime") },
  };
}
