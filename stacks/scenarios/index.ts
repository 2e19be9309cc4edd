import { heartDisease } from "./heart-disease";
import { mnist } from "./mnist";
import { parameterServer } from "./parameter-server";
import { refit } from "./refit";
import { scooterDemand } from "./scooter-demand";
import { twoGpuPod } from "./two-gpu-pod";

/** Every scenario by the name that `mlstack:scenarios` switches it on with. */
export const scenarios = {
  mnist,
  "two-gpu-pod": twoGpuPod,
  "parameter-server": parameterServer,
  refit,
  "heart-disease": heartDisease,
  "scooter-demand": scooterDemand,
};

/** Name of a scenario. */
export type ScenarioName = keyof typeof scenarios;

/** The names of all scenarios. */
export const scenarioNames = Object.keys(scenarios) as ScenarioName[];
