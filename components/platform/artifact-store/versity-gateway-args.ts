import type * as pulumi from "@pulumi/pulumi";
import { type InputProblem, problemAt } from "../../internal";
import { checkPart, type PartArgs } from "../part/part-args";
import { checkClusterStore, checkStoreVolume, type ClusterStoreArgs, type StoreVolume } from "./store-grants";

/** What a {@link VersityGateway} is made from. Every argument has a default. */
export interface VersityGatewayArgs extends PartArgs, ClusterStoreArgs {
  /** Image of the gateway; that of its publisher, of the pinned version or of `version`, by default. */
  image?: pulumi.Input<string>;
  /** Disk that holds buckets and what is noted of objects; 100Gi by default. */
  volume?: StoreVolume;
}

/** Checks the inputs of {@link VersityGateway}. */
export function validateVersityGateway(_name: string, args: VersityGatewayArgs): InputProblem[] {
  const { image, version, replicas } = args;
  const both = problemAt("version", "given beside image", "one of the two, as image tells it", "Remove it.");
  const remedy =
    "Its disk is that of one pod; take SeaweedFs or S3ArtifactStore where the loss of a node must stop nothing.";
  return [
    ...checkPart(args, { prefix: true }),
    ...(image !== undefined && version !== undefined ? [both] : []),
    ...(Number.isInteger(replicas) && replicas! > 1 ? [problemAt("replicas", String(replicas), "1", remedy)] : []),
    ...checkClusterStore(args),
    ...checkStoreVolume("volume", args.volume),
  ];
}
