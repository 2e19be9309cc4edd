import {
  BucketAccess,
  BucketStorageClass,
  DatasetKind,
  EksAddOn,
  type EksFacts,
  SharedVolumeKind,
  validateArtifactBucket,
  validateDataset,
  validateSharedVolume,
} from "../../components";
import { ARTIFACTS, planStorage } from "../storage-plan";
import { fromInputs } from "./component-problems";
import { type ConfigDraft, isRelated, mended } from "./draft";
import { type ConfigProblem, configPath, configProblem } from "./problem";
import type { DatasetConfig, StorageConfig, VolumeConfig } from "./schema-storage";

/** What volumes and datasets are checked against where the cluster cannot be read. */
type Facts = EksFacts | undefined;

/** Everything that is wrong with the storage; `eks` is what is known of the cluster, where it is one on EKS. */
export function storageProblems(draft: ConfigDraft, eks: Facts): ConfigProblem[] {
  if (draft.storage === undefined || eks === undefined) return [];
  const { value, faults } = mended<StorageConfig>(["storage"], draft.storage, samples);
  const { artifacts, volumes, datasets } = planStorage(value, true);
  // Everything else of a volume or dataset is judged by its kind.
  const doubtful = faults.map((fault) => fault.replace(/\.kind$/, ""));
  const problems = [
    ...(artifacts === undefined
      ? []
      : fromInputs(["storage", "artifacts"], validateArtifactBucket(ARTIFACTS, { ...artifacts.args, eks }))),
    ...volumes.flatMap(({ name, args }, index) =>
      fromInputs(["storage", "volumes", index], validateSharedVolume(name, { ...args, eks })),
    ),
    ...datasets.flatMap(({ name, args, sharedIdentities }, index) => {
      const roleNames = Object.fromEntries(sharedIdentities.map((identity) => [identity, "its role"]));
      const known = sharedIdentities.length === 0 ? {} : { roleNames };
      return fromInputs(["storage", "datasets", index], validateDataset(name, { ...args, ...known, eks }));
    }),
    ...checkUniqueNames(value),
    ...checkUniqueClaims(value),
    ...checkDrivers(value, draft.addOns?.install, eks),
  ];
  return problems.filter(({ path }) => !isRelated(path, doubtful));
}

/** Components are named after them, the bucket included. */
function checkUniqueNames({ volumes = [], datasets = [] }: StorageConfig): ConfigProblem[] {
  const named = [
    { name: ARTIFACTS, path: configPath(["storage", "artifacts"]) },
    ...volumes.map(({ name }, index) => ({ name, path: configPath(["storage", "volumes", index, "name"]) })),
    ...datasets.map(({ name }, index) => ({ name, path: configPath(["storage", "datasets", index, "name"]) })),
  ];
  return named.flatMap(({ name, path }, index) => {
    const owner = named.slice(0, index).find((other) => other.name === name);
    if (owner === undefined) return [];
    const allowed = `a name that nothing else of the storage has, and ${owner.path} has this one`;
    return [configProblem(path, name, allowed, "Rename it.")];
  });
}

/** A volume or dataset with the place where it is configured. */
interface Mountable {
  path: PropertyKey[];
  part: VolumeConfig | DatasetConfig;
}

function mountables({ volumes = [], datasets = [] }: StorageConfig): Mountable[] {
  return [
    ...volumes.map((part, index) => ({ path: ["storage", "volumes", index], part })),
    ...datasets.map((part, index) => ({ path: ["storage", "datasets", index], part })),
  ];
}

/** Claims that are named after their parts are as unique as these. */
function checkUniqueClaims(storage: StorageConfig): ConfigProblem[] {
  const claims = mountables(storage).map(({ path, part }) => {
    const { namespace, name, claimName = name } = part;
    return { path: configPath([...path, "claimName"]), claimName, id: `${namespace}/${claimName}`, part };
  });
  return claims.flatMap(({ path, claimName, id, part }, index) => {
    const isTaken = claims.some((other, place) => place !== index && other.id === id);
    if (part.claimName === undefined || !isTaken) return [];
    return [configProblem(path, claimName, "each claim of a namespace once", "Rename the claim.")];
  });
}

/** Add-ons that volumes and datasets of a kind need on the nodes. */
const drivers: Record<SharedVolumeKind | DatasetKind, EksAddOn[]> = {
  efs: [EksAddOn.efs],
  "fsx-lustre": [EksAddOn.fsx],
  "s3-mount": [EksAddOn.mountpointS3],
  "fsx-import": [EksAddOn.fsx],
  "ebs-snapshot": [EksAddOn.ebs, EksAddOn.snapshotController],
};

/** Where it is not said what is installed, all of the drivers are. */
function checkDrivers(
  storage: StorageConfig,
  install: (EksAddOn | undefined)[] | undefined,
  { autoMode }: EksFacts,
): ConfigProblem[] {
  if (install === undefined || install.includes(undefined)) return [];
  const there = [...install, ...(autoMode ? [EksAddOn.ebs] : [])];
  return mountables(storage).flatMap(({ path, part: { kind = SharedVolumeKind.efs } }) => {
    const missing = drivers[kind].filter((driver) => !there.includes(driver));
    if (missing.length === 0) return [];
    const allowed = `a kind whose driver ${configPath(["addOns", "install"])} lists`;
    return [configProblem(configPath([...path, "kind"]), kind, allowed, `Add ${missing.join(" and ")} there.`)];
  });
}

const claim = { name: "unreadable-name", namespace: "unreadable-namespace" };

/** Names that nobody gives, so that they collide with none. */
const samples = {
  artifacts: {
    grants: [{ namespace: "unreadable-namespace", serviceAccount: "unreadable-account", access: BucketAccess.read }],
    transition: { afterDays: 30, storageClass: BucketStorageClass.standardIa },
    accessLog: { bucketName: "unreadable-bucket" },
  },
  volumes: [claim],
  datasets: [
    {
      ...claim,
      kind: DatasetKind.s3Mount,
      bucket: { bucketName: "unreadable-bucket", serviceAccounts: ["unreadable-account"] },
      snapshot: { snapshotId: "snap-0123456789abcdef0" },
    },
  ],
};
