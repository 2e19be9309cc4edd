import { ClusterKind, EksAddOn, type EksFacts, gpuPoolShape, validateGpuNodePool } from "../../components";
import { scenarios } from "../scenarios";
import { fits, type ScenarioNeeds } from "../scenarios/placement";
import type { Scenario } from "../scenarios/scenario";
import type { ConfigDraft, Draft } from "./draft";
import { hasBucket } from "./platform-rules";
import { hasLocalAutoscaling, readablePool } from "./pool-rules";
import { type ConfigProblem, configPath, configProblem } from "./problem";
import type { PlatformParts } from "./schema-platform";
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
    ...checkStorageClass(draft),
    ...checkArtifactStore(draft),
    ...checkServices(draft),
    ...checkCommit(draft),
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
  const canGrow = (pool: Draft<GpuPoolConfig> | undefined) =>
    kind === ClusterKind.eks || hasLocalAutoscaling({ cluster, gpuPools: [pool] });
  return names.flatMap((name, index) => {
    if (name === undefined) return [];
    const { needs } = scenarios[name];
    if (needs.gpus === 0) return [];
    if (gpuPools.some((pool, place) => mayFit(pool, place, needs, eks, canGrow(pool)))) return [];
    const gpus = needs.gpus === 1 ? "a GPU" : `${needs.gpus} GPUs`;
    const allowed = `a scenario that a pool of ${configPath(["gpuPools"])} can run`;
    const standing = canGrow({}) ? "" : " and minNodes 1 or more";
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

/** The default class of EKS has volumes for one node alone. */
function checkStorageClass({ cluster, scenarios: names = [], scenarioStorageClass }: ConfigDraft): ConfigProblem[] {
  const path = configPath(["scenarioStorageClass"]);
  if (scenarioStorageClass !== undefined) {
    if (scenarioStorageClass.length <= 253 && DNS_NAME.test(scenarioStorageClass)) return [];
    const allowed = "the name of a StorageClass such as efs-shared";
    return [configProblem(path, scenarioStorageClass, allowed, "Write it as the cluster has it.")];
  }
  const sharing = names.filter((name) => name !== undefined && scenarios[name].sharedVolume === true);
  if (cluster?.kind !== ClusterKind.eks || sharing.length === 0) return [];
  const allowed = `a StorageClass with volumes that many pods write, for ${sharing.join(" and ")}`;
  const remedy = "Make one, for example for EFS, and name it: the default one has volumes for one node.";
  return [configProblem(path, undefined, allowed, remedy)];
}

/** Names of StorageClasses and Secrets are DNS names. */
const DNS_NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

function checkArtifactStore({ scenarioArtifactStore: store }: ConfigDraft): ConfigProblem[] {
  const { endpoint, credentialsSecret: secret } = store ?? {};
  const isAddress = endpoint === undefined || /^[\w.-]+(:\d+)?$/.test(endpoint);
  const isName = secret === undefined || (secret.length <= 253 && DNS_NAME.test(secret));
  const place = (key: string) => configPath(["scenarioArtifactStore", key]);
  const ofAddress = "host and port such as seaweedfs-s3.artifacts.svc:8333";
  const ofName = "the name of a Secret such as artifact-store";
  return [
    ...(isAddress ? [] : [configProblem(place("endpoint"), endpoint, ofAddress, "Write it in this form.")]),
    ...(isName ? [] : [configProblem(place("credentialsSecret"), secret, ofName, "Write it as the cluster has it.")]),
  ];
}

/** A service that scenarios count on and that nothing else of the configuration demands. */
interface Service {
  isWanted: (scenario: Scenario) => boolean | undefined;
  /** Whether a scenario must know it, of which no other cluster is then believed to have it without a word. */
  isNamed?: (scenario: Scenario) => boolean | undefined;
  isThere: (draft: ConfigDraft) => boolean;
  /** What is allowed where it is not there. */
  allowed: string;
  remedy: (kind: ClusterKind) => string;
}

/** Where else than in the storage of EKS an environment says its store for artifacts. */
const STORE_OF: Record<ClusterKind, string[]> = {
  [ClusterKind.local]: ["platform", "parts", "argoWorkflows", "artifactStore"],
  [ClusterKind.existing]: ["scenarioArtifactStore"],
  [ClusterKind.eks]: ["storage", "artifacts"],
};

const services: Service[] = [
  {
    isWanted: ({ usesArtifacts }) => usesArtifacts,
    isNamed: ({ addressesStore }) => addressesStore,
    isThere: (draft) => {
      const { seaweedFs, versityGateway, minio, argoWorkflows } = (draft.platform?.parts ?? {}) as PlatformParts;
      const stores = [seaweedFs, versityGateway, minio, argoWorkflows?.artifactStore];
      return hasBucket(draft) || [...stores, draft.scenarioArtifactStore].some((store) => store !== undefined);
    },
    allowed: "a scenario whose steps have a store for the files that they hand on",
    remedy: (kind) =>
      `Add ${configPath(STORE_OF[kind])}, or seaweedFs or versityGateway to ${configPath(["platform", "parts"])}.`,
  },
  {
    isWanted: ({ usesMetrics }) => usesMetrics,
    isThere: ({ platform, addOns }) =>
      platform?.parts?.metricsServer !== undefined || addOns?.install?.includes(EksAddOn.metricsServer) === true,
    allowed: "a scenario whose pods a metrics server measures, as it scales by their use",
    remedy: () =>
      `Add metricsServer to ${configPath(["platform", "parts"])}, ` +
      `or ${EksAddOn.metricsServer} to ${configPath(["addOns", "install"])}.`,
  },
];

/** On simulated nodes nothing is stored or measured, and a cluster that is there already may have brought both. */
function checkServices(draft: ConfigDraft): ConfigProblem[] {
  const { cluster, scenarios: names = [] } = draft;
  const kind = cluster?.kind;
  if (kind === undefined) return [];
  const isDemanded = ({ isWanted, isNamed }: Service, scenario: Scenario) =>
    (kind === ClusterKind.eks ? isWanted(scenario) : isNamed?.(scenario)) === true;
  const missing = services.filter(({ isThere }) => !isThere(draft));
  return names.flatMap((name, index) =>
    missing
      .filter((service) => name !== undefined && isDemanded(service, scenarios[name]))
      .map(({ allowed, remedy }) => configProblem(configPath(["scenarios", index]), name, allowed, remedy(kind))),
  );
}

function checkCommit({ commit }: ConfigDraft): ConfigProblem[] {
  if (commit === undefined || /^[0-9a-f]{7,40}$/.test(commit)) return [];
  const remedy = "Set it by `pulumi config set mlstack:commit $(git rev-parse HEAD)`, or leave it out.";
  return [configProblem(configPath(["commit"]), commit, "7 to 40 lower-case hexadecimal digits", remedy)];
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
