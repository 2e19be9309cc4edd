import type * as pulumi from "@pulumi/pulumi";
import { checkWholeNumber, type InputProblem, inputProblem, isPlain, problemAt } from "../../internal";
import { checkPart, type PartArgs } from "../part/part-args";
import { checkClusterStore, checkStoreVolume, type ClusterStoreArgs, type StoreVolume } from "./store-grants";

/** What a {@link Minio} is made from. */
export interface MinioArgs extends PartArgs, ClusterStoreArgs {
  /**
   * Image of the server with its digest, for example `registry.example.com/minio:2025-10-15@sha256:…`. There is no default:
   * MinIO is archived and its images are withdrawn, so only you can tell whose build you trust.
   */
  image: pulumi.Input<string>;
  /**
   * Image of the client `mc` with its digest, with `/bin/sh`: it makes buckets, users and policies. None by default; grants
   * need it, and without it the bucket must be made by hand.
   */
  clientImage?: pulumi.Input<string>;
  /** Program of the server in its image, which forks name otherwise; `minio` by default. */
  serverCommand?: string;
  /** Program of the client in its image; `mc` by default. */
  clientCommand?: string;
  /** Disks of each server, from 1; 1 by default. */
  volumesPerServer?: number;
  /** Each disk; 100Gi by default. */
  volume?: StoreVolume;
  /**
   * Whether the server has a certificate of cert-manager's; that of `platform.certManager` by default. Without, it speaks
   * plain HTTP, and NetworkPolicies alone keep others away.
   */
  tls?: boolean;
  /**
   * ClusterIssuer of cert-manager whose certificates the clients trust; by default an authority of the store's own, which
   * clients must be told to trust (`ca.crt` in the Secret `minio-tls`).
   */
  clusterIssuer?: string;
  /** Whether the web console is there, behind the Service `minio-console`; false by default. */
  console?: boolean;
}

/** Fewest disks that MinIO spreads data over; on less than these it keeps one copy. */
const LEAST_SPREAD = 4;

const IMAGE = /^[a-z0-9][a-z0-9._/:-]*@sha256:[0-9a-f]{64}$/;

/** Checks the inputs of {@link Minio}. */
export function validateMinio(_name: string, args: MinioArgs): InputProblem[] {
  const { clientImage, grants = [], moreBuckets = [], serverCommand, clientCommand, version } = args;
  const path = grants.length > 0 ? "grants" : "moreBuckets";
  const needsClient = clientImage === undefined && grants.length + moreBuckets.length > 0;
  const missing = problemAt("clientImage", "missing", `an image with its digest where ${path} are given`, "Name one.");
  const noVersion = problemAt("version", "given", "none, as image tells it", "Remove it.");
  return [
    ...checkPart(args),
    ...(version === undefined ? [] : [noVersion]),
    ...checkClusterStore(args),
    ...checkImage("image", args.image),
    ...(clientImage === undefined ? [] : checkImage("clientImage", clientImage)),
    ...(needsClient ? [missing] : []),
    ...checkProgram("serverCommand", serverCommand),
    ...checkProgram("clientCommand", clientCommand),
    ...checkDisks(args),
    ...checkStoreVolume("volume", args.volume),
    ...checkTls(args),
  ];
}

function checkImage(path: string, image: pulumi.Input<string> | undefined): InputProblem[] {
  if (image !== undefined && (!isPlain(image) || IMAGE.test(image))) return [];
  const allowed =
    "an image with its digest, name@sha256: and 64 hexadecimal digits, with or without a tag before the @";
  return [inputProblem(path, image, allowed, "Name the build that you trust; nobody publishes one any more.")];
}

function checkProgram(path: string, program: string | undefined): InputProblem[] {
  if (program === undefined || /^[A-Za-z0-9/._-]+$/.test(program)) return [];
  return [inputProblem(path, program, "the name or path of a program", "Name it without arguments.")];
}

/** @see https://github.com/minio/minio/blob/RELEASE.2025-10-15T17-29-55Z/cmd/endpoint-ellipses.go "setSizes" */
function checkDisks({ replicas = 4, volumesPerServer = 1 }: MinioArgs): InputProblem[] {
  const misspelt = checkWholeNumber("volumesPerServer", volumesPerServer, { min: 1 });
  if (misspelt.length > 0 || !Number.isInteger(replicas) || replicas < 1) return misspelt;
  const disks = replicas * volumesPerServer;
  if (disks === 1 || disks >= LEAST_SPREAD) return [];
  const observed = `${replicas} with ${volumesPerServer} disks each`;
  const allowed = `1 with one disk, or ${LEAST_SPREAD} disks and more in all`;
  return [problemAt("replicas", observed, allowed, "Less than these cannot make up for a lost disk.")];
}

function checkTls({ tls, clusterIssuer, platform }: MinioArgs): InputProblem[] {
  const hasIssuer = platform?.certManager ?? false;
  const off = problemAt(
    "tls",
    "true",
    "false without cert-manager",
    "Install cert-manager and set platform.certManager.",
  );
  const unused = problemAt("clusterIssuer", "given", "none without TLS", "Remove it, or set tls.");
  return [
    ...(tls === true && !hasIssuer ? [off] : []),
    ...(clusterIssuer !== undefined && !(tls ?? hasIssuer) ? [unused] : []),
  ];
}
