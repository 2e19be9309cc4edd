import { join } from "node:path";
import { CHARTS, MANIFESTS } from "../../components/model/versions";
import { build } from "../toolchain/build";
import type { BuildProgress } from "../toolchain/go-runner";

/** Versions of the controllers: those that the platform installs. A test holds the `go.mod` file to them. */
export const CONTROLLER_VERSIONS = {
  jobset: CHARTS.jobSet.version,
  "mpi-operator": MANIFESTS.mpiOperator.version,
  trainer: CHARTS.trainer.version,
  "training-operator": MANIFESTS.trainingOperator.version,
};

/** One project's controllers; also the first argument of the program. */
export type ControllerName = keyof typeof CONTROLLER_VERSIONS;

/** What the program prints of itself, in the order of the names. */
const LINKED = Object.fromEntries(Object.entries(CONTROLLER_VERSIONS).map(([name, version]) => [name, `v${version}`]));

/** What runs training jobs on the embedded cluster: real controllers, built like the other tools but only for tests. */
export const TRAINING_CONTROLLERS = {
  name: "training-controllers",
  title: "Controllers of training jobs (JobSet, Trainer, Training Operator, MPI Operator)",
  version: Object.entries(CONTROLLER_VERSIONS)
    .map(([name, version]) => `${name} ${version}`)
    .join(", "),
  // From where the modules of the other tools are; a path of this machine would make each checkout build its own.
  modules: ["../operators/training"],
  builds: [
    {
      binary: "controllers",
      package: ".",
      stamps: {},
      versionArguments: ["version"],
      versionText: JSON.stringify(LINKED),
    },
  ],
  instead: "; only the tests with real controllers need it",
  typicalMinutes: 3,
};

/**
 * Path of the program with all controllers; it is built on first use.
 *
 * @throws {Problem} when Go is missing or too old, the disk is full, or the build fails.
 */
export async function trainingControllers(progress?: BuildProgress): Promise<string> {
  const folder = await build(TRAINING_CONTROLLERS, progress);
  return join(folder, "controllers");
}
