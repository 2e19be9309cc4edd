import { expect, it } from "vitest";
import { PART_VERSIONS, type VersionedPart } from "../../../components/model/version-matrix";
import { kserveRuntimeValues, kserveValues } from "../../../components/platform/kubeflow/kserve-values";
import { argoWorkflowsRendering } from "../../../components/platform/operators/argo-workflows";
import { defaultTrainingRuntimes } from "../../../components/platform/operators/default-training-runtimes";
import { mpiOperatorRendering } from "../../../components/platform/operators/mpi-operator";
import { jobSetValues } from "../../../components/platform/queues/job-set-controller-values";
import { kueueValues } from "../../../components/platform/queues/kueue-values";
import { leaderWorkerSetValues } from "../../../components/platform/queues/leader-worker-set-controller-values";
import { objectsOf } from "../../support/rendering";

/** Parts that make the names of images from their version. */
const parts: [VersionedPart, (version: string) => unknown][] = [
  ["jobSet", (version) => jobSetValues({ version })],
  ["kueue", (version) => kueueValues({ version })],
  ["leaderWorkerSet", (version) => leaderWorkerSetValues({ version })],
  ["trainer", (version) => defaultTrainingRuntimes(version)],
  ["kserve", (version) => [kserveValues({ version }), kserveRuntimeValues({ version })]],
  ["argoWorkflows", (version) => objectsOf(argoWorkflowsRendering({ version }))],
  ["mpiOperator", (version) => objectsOf(mpiOperatorRendering({ version }))],
];

it.each(parts)("A version of %s names the same images with a v before it and without", async (part, make) => {
  const version = PART_VERSIONS[part];
  const bare = JSON.stringify(await make(version));
  expect(bare).toContain(version);
  expect(JSON.stringify(await make(`v${version}`))).toBe(bare);
});
