import { Architecture } from "../../../components";
import { knownStore } from "../known-store";
import type { Scenario } from "../scenario";
import { refit as deploy } from "./workloads";

/** A regular refit of a model. */
export const refit: Scenario = {
  description:
    "refits a model: Spark, parallel trials on H2O, a Java library proved equal to the model; then every Monday",
  needs: { gpus: 0, architecture: Architecture.amd64 },
  parts: ["argoWorkflows", "sparkOperator"],
  ownImages: true,
  usesArtifacts: true,
  addressesStore: true,
  deploy: (context) => deploy({ ...context, artifactStore: knownStore(context) }),
};
