import { AmiFamily, isTreeObject, nodeAt, objectAt, parseAmiType, stringAt } from "../../components/model";
import type { Tree, TreeObject } from "../../components/model";
import { SOURCES } from "../../components/model/module-sources";
import { PART_SOURCES } from "../../components/model/part-sources";

/** A stack on EKS before anything was changed. */
export interface Original {
  /** Its configuration, keys without their namespace. */
  written: TreeObject;
  /** Zones of its cluster; none where nothing tells them. */
  zones: string[];
}

/** What becomes of a part of a configuration that the embedded cluster cannot have as it is. */
export interface Change {
  /** Where it is: keys, of which `*` stands for every key of a mapping and every element of a list. */
  at: readonly string[];
  /** What it becomes there, undefined for nothing; nothing by default. */
  becomes?: (value: Tree, original: Original) => Tree;
  /** What the reader of a report must know of it, as a sentence without a period; absent where it means the same as before. */
  because?: string;
}

const ELSEWHERE =
  "the embedded cluster takes the place of the one on EKS: no network, access rights, add-ons or machines are made, and Karpenter with its KWOK provider starts the nodes of GPU pools; machines of the system pool are in no zone";
const ONLY_IN_AWS = "tags and protection are for what is made in AWS";
const NO_ISTIO = "Istio is left out, and what stands on it";
const SIMULATED_VOLUMES =
  "claims of shared volumes and datasets have simulated volumes, which pods in any zone may mount, and nobody asks who reads them";
const NOTHING_STORED = "nothing is stored in buckets; steps of workflows are told of one, as they fail without";

/** Parts of the platform whose charts or manifests no Go module carries, by their names. */
export const ABSENT_PARTS: readonly string[] = Object.entries(PART_SOURCES)
  .filter(([, sources]) => sources.some((source) => SOURCES[source]!.module === undefined))
  .map(([part]) => part);

const part = (...keys: string[]) => ["platform", "parts", ...keys];

/** What becomes of each part of a configuration, in this order. What is not listed stays as it is. */
export const TWIN_CHANGES: readonly Change[] = [
  { at: ["cluster"], becomes: embedded, because: ELSEWHERE },
  { at: ["addOns"], because: ELSEWHERE },
  { at: ["tags"], because: ONLY_IN_AWS },
  { at: ["protect"], because: ONLY_IN_AWS },

  { at: ["systemPool"], becomes: inZones },
  {
    at: ["systemPool"],
    becomes: atItsMost,
    because:
      "the system pool has all machines that it may grow to from the beginning, as nothing here starts machines without GPUs",
  },
  { at: ["gpuPools", "*"], becomes: inZones },
  { at: ["gpuPools", "*"], becomes: withItsImage },
  { at: ["gpuPools", "*", "backEnd"], because: ELSEWHERE },
  {
    at: ["gpuPools", "*", "capacityReservationId"],
    because:
      "machines of a reservation or capacity block can be had at any time, as many as the pool may grow to, and cost nothing while they are not there, though AWS bills them",
  },
  { at: ["gpuPools", "*", "placementGroup"], because: "machines stand close to each other in nothing but their zone" },

  { at: ["platform", "chartMirror"], because: "charts and manifests come out of Go modules" },
  { at: ["platform", "certManager"], because: "a stand-in issues certificates, and nothing gathers metrics" },
  { at: ["platform", "prometheus"], because: "a stand-in issues certificates, and nothing gathers metrics" },
  ...ABSENT_PARTS.map((name) => ({
    at: part(name),
    because: "parts of the platform are left out whose charts or manifests no Go module carries",
  })),
  // Its gateways would be simulated, and answer nobody.
  { at: part("istio"), because: NO_ISTIO },
  { at: part("consoleAccess"), because: NO_ISTIO },
  { at: part("katib", "console"), because: NO_ISTIO },
  { at: part("kserve", "ingress", "gateway"), because: NO_ISTIO },
  {
    at: part("kserve", "deploymentMode"),
    becomes: unlessKnative,
    because: "KServe serves by Deployments, as there is no Knative",
  },
  { at: part("tenants", "*", "istioInjection"), because: NO_ISTIO },
  { at: part("minio", "tls"), because: "MinIO has no certificate, as there is no cert-manager" },
  { at: part("minio", "clusterIssuer"), because: "MinIO has no certificate, as there is no cert-manager" },
  {
    at: part("verticalPodAutoscaling", "updates"),
    because: "the recommender of the Vertical Pod Autoscaler runs alone, and changes no pod",
  },
  { at: part("katib", "database"), because: "Katib keeps metrics of trials in memory" },
  ...Object.keys(PART_SOURCES).map((name) => ({
    at: part(name, "version"),
    because: "parts of the platform have the versions whose programs are built here",
  })),

  { at: part("argoWorkflows"), becomes: withStore, because: NOTHING_STORED },
  { at: ["storage", "artifacts"], because: NOTHING_STORED },
  { at: ["storage", "volumes"], because: SIMULATED_VOLUMES },
  { at: ["storage", "datasets"], because: SIMULATED_VOLUMES },
  { at: ["storage"] },
  ...[
    ["scenarioStorageClass"],
    part("katib", "sharedStorageClassName"),
    part("minio", "volume", "storageClass"),
    part("versityGateway", "volume", "storageClass"),
  ].map((at) => ({ at, because: "volumes are of the one StorageClass that there is, standard" })),
];

/** Which charts to take Karpenter from is the one thing that both kinds of cluster may say. */
function embedded(cluster: Tree): Tree {
  const moduleCharts = stringAt(cluster, "moduleCharts");
  return { kind: "local", controllers: "processes", ...(moduleCharts === undefined ? {} : { moduleCharts }) };
}

/** Pools that name no zones are in those of the cluster, which the embedded one has not. */
function inZones(pool: Tree, { zones }: Original): Tree {
  if (!isTreeObject(pool) || zones.length === 0 || pool["availabilityZones"] !== undefined) return pool;
  return { ...pool, availabilityZones: zones };
}

function atItsMost(pool: Tree): Tree {
  if (!isTreeObject(pool)) return pool;
  const { nodes, maxNodes, ...others } = pool;
  const isLess =
    nodes === undefined || (typeof nodes === "number" && typeof maxNodes === "number" && nodes <= maxNodes);
  if (typeof maxNodes === "number" && isLess) return { ...others, nodes: maxNodes, maxNodes };
  // In Auto Mode a pool may begin with none.
  return nodes === 0 ? others : pool;
}

/** Machines that are chosen by their GPUs are those that their operating system has an image for, here as there. */
function withItsImage(pool: Tree, { written }: Original): Tree {
  if (!isTreeObject(pool) || pool["gpus"] === undefined || pool["amiFamily"] !== undefined) return pool;
  const isAuto = nodeAt(written, "cluster.eks.autoMode") === true;
  const usual = isAuto ? AmiFamily.bottlerocket : AmiFamily.al2023;
  return { ...pool, amiFamily: parseAmiType(stringAt(pool, "amiType") ?? "")?.family ?? usual };
}

function unlessKnative(mode: Tree): Tree {
  return mode === "Knative" ? undefined : mode;
}

/** Workflows have the bucket of the storage, or the store of the platform that is left out. */
function withStore(argo: Tree, { written }: Original): Tree {
  const bucket = objectAt(objectAt(written, "storage"), "artifacts");
  const hasStore = bucket !== undefined || nodeAt(written, "platform.parts.seaweedFs") !== undefined;
  if (!isTreeObject(argo) || !hasStore || argo["artifactStore"] !== undefined) return argo;
  const region = stringAt(nodeAt(written, "cluster.eks"), "region") ?? "us-east-1";
  return { ...argo, artifactStore: { kind: "s3", bucket: stringAt(bucket, "bucketName") ?? "artifacts", region } };
}
