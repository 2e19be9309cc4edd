import { Architecture } from "../../../components";
import { knownStore } from "../known-store";
import type { Scenario } from "../scenario";
import { heartDisease as deploy, type Rollout } from "./workloads";

/** How requests are divided where Istio does it. */
const ROLLOUT: Rollout = { host: "heart-disease.example.com", canaryPercent: 20, versionHeader: "x-model-version" };

/** A pipeline for a model of heart disease, its sweep, and the model. */
export const heartDisease: Scenario = {
  description: "runs a pipeline of steps that pass files, with TensorBoard, a sweep, and the model with a canary",
  needs: { gpus: 0, architecture: Architecture.amd64 },
  parts: ["argoWorkflows", "katib", "kserve"],
  ownImages: true,
  sharedVolume: true,
  usesArtifacts: true,
  addressesStore: true,
  // Katib reads the metrics of trials only where it may put a container beside them.
  namespaceLabels: { "katib.kubeflow.org/metrics-collector-injection": "enabled" },
  deploy: (context) => {
    const ground = { ...context, artifactStore: knownStore(context), waitForModels: context.containersRun };
    return deploy(ground, context.parts.includes("istio") ? ROLLOUT : undefined);
  },
};
