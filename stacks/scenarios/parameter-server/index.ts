import { Architecture } from "../../../components";
import type { Scenario } from "../scenario";
import { parameterServer as deploy } from "./workloads";

/** Training with parameter servers. */
export const parameterServer: Scenario = {
  description: "trains with 2 parameter servers, 3 workers, a chief and an evaluator",
  needs: { gpus: 0, architecture: Architecture.amd64 },
  parts: ["trainingOperator"],
  ownImages: true,
  sharedVolume: true,
  deploy,
};
