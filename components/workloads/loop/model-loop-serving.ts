import type * as pulumi from "@pulumi/pulumi";
import { compact } from "../../internal";
import { type Manifest, objectMetadata, workloadMetadata } from "../object";
import type { InferenceServiceArgs } from "../serving/inference-service-args";
import { inferenceServiceManifest } from "../serving/inference-service-manifest";
import { inferenceRoutes, versionService } from "../serving/inference-service-routes";
import { virtualService } from "../serving/route";
import type { ModelLoopArgs } from "./model-loop-args";
import { CANDIDATE, memoryName } from "./model-loop-names";

const SERVICE_PORT = 80;
const MESH = "mesh";

/** The addresses of the models that are served. */
export interface ServedModels {
  /** Of the one that all know. */
  stable: pulumi.Input<string>;
  /** Of the one that is tried out beside it; none by default. */
  candidate?: pulumi.Input<string>;
}

/** The InferenceService of a loop, as its room describes it. */
export function servingArgs(objectName: string, args: ModelLoopArgs, models: ServedModels): InferenceServiceArgs {
  const { namespace, labels, lineage, pools, serve, canary = {} } = args;
  const { stable, candidate } = models;
  const { trafficPercent = 0, replicas } = canary;
  const version = { name: CANDIDATE, trafficPercent, ...compact({ replicas }), storageUri: candidate! };
  return {
    ...serve,
    ...compact({ namespace, labels, lineage, pools }),
    objectName,
    storageUri: stable,
    ...(candidate === undefined ? {} : { canaries: [version] }),
  };
}

/**
 * The InferenceService with these models. It belongs to the loop's memory, so that it goes with the stack.
 *
 * @param owner uid of that ConfigMap.
 * @see https://kubernetes.io/docs/concepts/architecture/garbage-collection/#owners-dependents (1.36)
 */
export function servingManifest(
  objectName: string,
  args: ModelLoopArgs,
  models: ServedModels,
  owner: pulumi.Input<string>,
): Manifest {
  return owned(inferenceServiceManifest(objectName, servingArgs(objectName, args, models)), objectName, owner);
}

/** A VirtualService, and what it is for. */
export interface TrafficManifest {
  /** Whose requests it leads. */
  of: "mesh" | "route";
  manifest: Manifest;
}

/** Whether requests are shared, or clients may choose, while a model is tried out. */
export function sharesTraffic({ directly = false, canary = {}, serve }: ModelLoopArgs): boolean {
  return !directly && ((canary.trafficPercent ?? 0) > 0 || serve.versionHeader !== undefined);
}

/** What leads requests: to the stable model alone, or to both. */
export function trafficManifests(
  objectName: string,
  args: ModelLoopArgs,
  owner: pulumi.Input<string>,
  hasCandidate: boolean,
): TrafficManifest[] {
  const models = hasCandidate ? { stable: "", candidate: "" } : { stable: "" };
  const serving = servingArgs(objectName, args, models);
  const metadata = objectMetadata(serving, workloadMetadata(objectName, serving, serving.image));
  const { split, route } = inferenceRoutes(serving, metadata, objectName);
  const mesh = hasCandidate ? split : sharesTraffic(args) ? meshToStable(objectName, serving, metadata) : undefined;
  return Object.entries(compact({ mesh, route })).map(([of, manifest]) => ({
    of: of as TrafficManifest["of"],
    manifest: owned(manifest, objectName, owner),
  }));
}

function meshToStable(
  objectName: string,
  { timeoutSeconds }: InferenceServiceArgs,
  metadata: Manifest["metadata"],
): Manifest {
  const name = versionService(objectName);
  const route = compact({ hosts: [name], gateways: [MESH], timeoutSeconds });
  return virtualService({ ...metadata, name }, route, [{ destinations: [{ service: name, port: SERVICE_PORT }] }]);
}

function owned(manifest: Manifest, objectName: string, uid: pulumi.Input<string>): Manifest {
  const ownerReferences = [{ apiVersion: "v1", kind: "ConfigMap", name: memoryName(objectName), uid }];
  return { ...manifest, metadata: { ...manifest.metadata, ownerReferences } };
}
