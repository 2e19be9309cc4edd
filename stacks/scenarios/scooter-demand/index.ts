import { Architecture } from "../../../components";
import type { Scenario } from "../scenario";
import { scooterDemand as deploy } from "./workloads";

/** A web application with a model that is trained before each rollout, and every night. */
export const scooterDemand: Scenario = {
  description: "serves predictions of an estimator that is trained before each rollout, and every night at 02:40",
  needs: { gpus: 0, architecture: Architecture.amd64 },
  parts: ["verticalPodAutoscaling"],
  ownImages: true,
  sharedVolume: true,
  usesMetrics: true,
  deploy,
};
