import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { nodeAt } from "../../../components/model";
import { objectAt, stringAt, type TreeObject } from "../../../components/model/tree";
import { defaultTrainingRuntimes, TrainingRuntimeKind } from "../../../components/platform/operators";
import { trainingRuntimeManifest } from "../../../components/platform/operators/training-runtime-manifest";
import { checkoutRoot } from "../../../rehearsal/checkout";
import type { Sample } from "./samples";

/** Kinds that the controllers know. */
const KINDS = ["JobSet", "TFJob", "PyTorchJob", "MPIJob", "TrainJob"];

/** The runtimes that Trainer comes with here, and one that a program may add. */
export const RUNTIMES = Object.entries({
  ...defaultTrainingRuntimes(),
  horovod: { kind: TrainingRuntimeKind.mpi, image: "registry.example/horovod:1" },
}).map(([name, args]) => JSON.parse(JSON.stringify(trainingRuntimeManifest(name, args))) as TreeObject);

/**
 * What the components for training render with all options that their tests try, each in a namespace of its own. Those of
 * a runtime that only a test names are left out.
 */
export const OWN_WORKLOADS: Sample[] = readdirSync(join(checkoutRoot(), "test", "golden"))
  .filter((file) => file.startsWith("workload-"))
  .flatMap((file) => {
    const objects = parseAllDocuments(readFileSync(join(checkoutRoot(), "test", "golden", file), "utf8"))
      .map((document) => document.toJS() as TreeObject)
      .filter(({ kind }) => KINDS.includes(kind as string));
    return objects.flatMap((object, index): Sample[] => {
      const name = `${file.replace(/^workload-|\.yaml$/g, "")}-${index}`;
      const runtime = stringAt(nodeAt(object, "spec.runtimeRef"), "name");
      const others = RUNTIMES.filter((other) => stringAt(objectAt(other, "metadata"), "name") === runtime);
      if (runtime !== undefined && others.length === 0) return [];
      const metadata = { ...objectAt(object, "metadata"), namespace: name };
      return [{ name, object: { ...object, metadata }, others, added: addedTo(object) }];
    });
  });

/** Workers of PyTorch wait for their master, where there is one. */
function addedTo(object: TreeObject): Record<string, string[]> {
  const hasMaster = nodeAt(object, "spec.pytorchReplicaSpecs.Master") !== undefined;
  return hasMaster ? { worker: ["init-pytorch"] } : {};
}
