import * as pulumi from "@pulumi/pulumi";
import { isPlain } from "../../internal";
import { artifactKey } from "../object";
import { InferenceProtocol } from "../serving/inference-service-args";
import { versionService } from "../serving/inference-service-routes";
import type { ModelLoopArgs } from "./model-loop-args";

/** Name of the version that is tried out. */
export const CANDIDATE = "candidate";

/** Name of a run that no other one has, also not one of the same name before or after it. */
export const RUN_ID = "{{workflow.name}}-{{workflow.creationTimestamp.s}}";

/** Input of steps with the address of the run's model. */
export const MODEL_URI_INPUT = "model-uri";

/** Where a claim with models is mounted. */
const STORE_FOLDER = "/model-store";

/** A claim that models are put on. */
export interface StoreClaim {
  /** Name of the PersistentVolumeClaim. */
  claim: string;
  /** Where it is mounted. */
  mountPath: string;
  /** Folder of the run's model, inside of the container. */
  modelDir: string;
}

/** Name of the ConfigMap that remembers which model is served, and that what serves belongs to. */
export function memoryName(objectName: string): string {
  return `${objectName}-served`;
}

/** Name of the ConfigMap with the program of the loop's own steps. */
export function programName(objectName: string): string {
  return `${objectName}-program`;
}

/** Address of the model of a run, which tells what it was made from. */
export function modelUri({ modelStore, lineage = {} }: ModelLoopArgs): pulumi.Input<string> {
  const key = artifactKey(lineage, RUN_ID);
  return isPlain(modelStore) ? `${modelStore}/${key}` : pulumi.interpolate`${modelStore}/${key}`;
}

/** The claim that models are put on; undefined where they are put elsewhere, or nobody knows yet. */
export function storeClaim({ modelStore, lineage = {} }: ModelLoopArgs): StoreClaim | undefined {
  const [, claim, folder = ""] = (isPlain(modelStore) && /^pvc:\/\/([^/]+)((?:\/.+)?)$/.exec(modelStore)) || [];
  if (claim === undefined) return undefined;
  return { claim, mountPath: STORE_FOLDER, modelDir: `${STORE_FOLDER}${folder}/${artifactKey(lineage, RUN_ID)}` };
}

/** Address of a version within its namespace. */
export function versionUrl(objectName: string, version?: string): string {
  return `http://${versionService(objectName, version)}`;
}

const OF_VERSION_2: InferenceProtocol[] = [InferenceProtocol.v2, InferenceProtocol.grpcV2];

/** Path that answers once a model can be asked. Servers know each version by the name of the service. */
export function readyPath(objectName: string, { readyPath: given, serve }: ModelLoopArgs): string {
  const protocol = serve.model?.protocol ?? InferenceProtocol.v1;
  return given ?? (OF_VERSION_2.includes(protocol) ? `/v2/models/${objectName}/ready` : `/v1/models/${objectName}`);
}
