import { ClusterKind, type EksFacts, gpuPoolShape, validateGpuNodePool } from "../../components";
import { scenarios } from "../scenarios";
import { fits, type ScenarioNeeds } from "../scenarios/placement";
import type { Scenario } from "../scenarios/scenario";
import type { ConfigDraft, Draft } from "./draft";
import { readablePool } from "./pool-rules";
import { type ConfigProblem, configPath, configProblem } from "./problem";
import type { GpuPoolConfig } from "./schema-pools";

/** Everything that is wrong with the scenarios; `eks` is what is known of the cluster, where it is one on EKS. */
export function scenarioProblems(draft: ConfigDraft, eks: EksFacts | undefined): ConfigProblem[] {
  const names = draft.scenarios ?? [];
  const repeated = names.flatMap((name, index) => {
    if (name === undefined || names.indexOf(name) === index) return [];
    return [configProblem(configPath(["scenarios", index]), name, "each scenario once", "Remove one.")];
  });
  return [
    ...repeated,
    ...checkWholeGpus(draft),
    ...checkPlacement(draft, eks),
    ...checkParts(draft),
    ...checkImages(draft),
  ];
}

function checkWholeGpus({ devicePlugin, scenarios: names = [] }: ConfigDraft): ConfigProblem[] {
  const needsGpus = names.some((name) => name !== undefined && scenarios[name].needs.gpus > 0);
  if (devicePlugin?.timeSlicing === undefined || !needsGpus) return [];
  const allowed = `nothing beside ${configPath(["scenarios"])}, which ask for whole GPUs`;
  const remedy = "Remove it or the scenarios.";
  return [configProblem(configPath(["devicePlugin", "timeSlicing"]), devicePlugin.timeSlicing, allowed, remedy)];
}

/** Where the pools or the kind of cluster cannot be read, there is no telling what would fit. */
function checkPlacement(draft: ConfigDraft, eks: EksFacts | undefined): ConfigProblem[] {
  const { cluster, gpuPools = "gpuPools" in draft ? [undefined] : [], scenarios: names = [] } = draft;
  const kind = cluster?.kind;
  if (kind === undefined || kind === ClusterKind.existing) return [];
  const canGrow = kind === ClusterKind.eks;
  return names.flatMap((name, index) => {
    if (name === undefined) return [];
    const { needs } = scenarios[name];
    if (needs.gpus === 0) return [];
    if (gpuPools.some((pool, place) => mayFit(pool, place, needs, eks, canGrow))) return [];
    const gpus = needs.gpus === 1 ? "a GPU" : `${needs.gpus} GPUs`;
    const allowed = `a scenario that a pool of ${configPath(["gpuPools"])} can run`;
    const standing = canGrow ? "" : " and minNodes 1 or more";
    const remedy = `Add a pool of ${needs.architecture} nodes with ${gpus} each${standing}.`;
    return [configProblem(configPath(["scenarios", index]), name, allowed, remedy)];
  });
}

/** A cluster that is there already may have brought the operators itself. */
function checkParts({ cluster, platform, scenarios: names = [] }: ConfigDraft): ConfigProblem[] {
  if (cluster?.kind === undefined || cluster.kind === ClusterKind.existing) return [];
  const present = Object.keys(platform?.parts ?? {});
  return names.flatMap((name, index) => {
    const { parts = [] }: Pick<Scenario, "parts"> = name === undefined ? {} : scenarios[name];
    const missing = parts.filter((part) => !present.includes(part));
    if (missing.length === 0) return [];
    const allowed = `a scenario whose parts ${configPath(["platform", "parts"])} has`;
    return [configProblem(configPath(["scenarios", index]), name, allowed, `Add ${missing.join(" and ")} there.`)];
  });
}

/** Containers run where nodes are real, and nobody publishes these images but whoever uses them. */
function checkImages({ cluster, scenarios: names = [], scenarioImages }: ConfigDraft): ConfigProblem[] {
  const path = configPath(["scenarioImages"]);
  if (scenarioImages !== undefined && !/^[a-z0-9][-.\w:/]*[\w]$/.test(scenarioImages)) {
    const allowed = "a registry and a path such as ghcr.io/acme/mlstack, without a slash at the end";
    return [configProblem(path, scenarioImages, allowed, "Write it in this form.")];
  }
  if (scenarioImages !== undefined || cluster?.kind === undefined || cluster.kind === ClusterKind.local) return [];
  const own = names.filter((name) => name !== undefined && scenarios[name].ownImages === true);
  if (own.length === 0) return [];
  const allowed = `where the images of ${own.join(" and ")} are`;
  return [configProblem(path, undefined, allowed, "Build them as examples/README.md says, and name the registry.")];
}

/** A pool that is itself at fault gets the benefit of the doubt: its mended form may fit. */
function mayFit(
  pool: Draft<GpuPoolConfig> | undefined,
  index: number,
  needs: ScenarioNeeds,
  eks: EksFacts | undefined,
  canGrow: boolean,
): boolean {
  if (pool === undefined) return true;
  const { name, args, isComplete } = readablePool(pool, index, eks);
  if (!isComplete || validateGpuNodePool(name, args).length > 0) return true;
  return fits(gpuPoolShape(name, args), needs, canGrow);
}
