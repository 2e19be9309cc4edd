import type * as pulumi from "@pulumi/pulumi";
import { checkEnum, checkWholeNumber, type InputProblem, inputProblem, problemAt } from "../../internal";
import { type ChartPartArgs, checkPart, checkPartResources, type PartResources } from "../part/part-args";
import { checkClusterStore, checkStoreVolume, type ClusterStoreArgs, type StoreVolume } from "./store-grants";

/** How SeaweedFS is spread over nodes. */
export const SeaweedFsMode = {
  /** One pod with everything, for trials and clusters of one node; it is away while its node is. */
  single: "single",
  /** Masters, volume servers and gateways by themselves, so that the loss of a node loses no data. */
  distributed: "distributed",
} as const;
/** How SeaweedFS is spread over nodes. */
export type SeaweedFsMode = (typeof SeaweedFsMode)[keyof typeof SeaweedFsMode];

/** What a {@link SeaweedFs} is made from. Every argument has a default. */
export interface SeaweedFsArgs extends ChartPartArgs, ClusterStoreArgs {
  /** How it is spread over nodes; `distributed` by default. It cannot be changed later without moving the data. */
  mode?: SeaweedFsMode;
  /** Masters, which know where data lies: 1 or an odd number to 7; 3 by default, of which one may be lost. */
  masters?: number;
  /** Servers that hold the data, from 1; 3 by default, so that both copies of each object survive a node's loss. */
  volumeServers?: number;
  /**
   * Copies of each object on further volume servers, from 0 to 2 and below their number; 1 by default where there are
   * several servers, else 0.
   */
  extraCopies?: number;
  /** Disk of each volume server, or of the one pod in the mode `single`; 100Gi by default. */
  dataVolume?: StoreVolume;
  /** Disk of the filer, which holds the names of all objects; 25Gi by default. */
  metadataVolume?: StoreVolume;
  /** What each volume server asks for, or the one pod in the mode `single`; 500m and 2Gi by default. */
  serverResources?: PartResources;
  /** Storage class of every disk that names none; the cluster's default one by default. */
  storageClass?: pulumi.Input<string>;
}

/** Checks the inputs of {@link SeaweedFs}. */
export function validateSeaweedFs(_name: string, args: SeaweedFsArgs): InputProblem[] {
  const { mode, masters, volumeServers = 3, extraCopies } = args;
  return [
    ...checkPart(args, { prefix: false }),
    ...checkClusterStore(args),
    ...checkEnum("mode", mode, SeaweedFsMode),
    ...checkMasters(masters),
    ...checkWholeNumber("volumeServers", volumeServers, { min: 1 }),
    ...checkWholeNumber("extraCopies", extraCopies, { min: 0, max: Math.max(0, Math.min(2, volumeServers - 1)) }),
    ...checkStoreVolume("dataVolume", args.dataVolume),
    ...checkStoreVolume("metadataVolume", args.metadataVolume),
    ...checkPartResources("serverResources", args.serverResources, { cpu: "500m", memory: "2Gi" }),
    ...(mode === SeaweedFsMode.single ? refuseSpread(args) : []),
  ];
}

/** Masters vote, so that an even number survives no more losses than the odd one below it. */
function checkMasters(masters: number | undefined): InputProblem[] {
  if (masters === undefined || [1, 3, 5, 7].includes(masters)) return [];
  return [inputProblem("masters", masters, "1, 3, 5, 7", "Masters vote: take an odd number.")];
}

function refuseSpread({ masters, volumeServers, extraCopies, metadataVolume, replicas }: SeaweedFsArgs) {
  const given = { masters, volumeServers, extraCopies, metadataVolume, replicas };
  return Object.entries(given)
    .filter(([, value]) => value !== undefined)
    .map(([path]) => problemAt(path, "given", "none in the mode single", "Remove it, or take the mode distributed."));
}
