import { readFileSync } from "node:fs";
import { join } from "node:path";
import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { compact } from "../../internal";
import { batchJobManifest, type JobManifest } from "../jobs";
import { objectMetadata, workloadMetadata } from "../object";
import type { JobVolume, PodArgs } from "../pods";
import { IMAGES } from "../../model/images";
import type { ModelVersionArgs } from "./model-version-args";
import { recordOf } from "./model-version-record";

/** Whom the script runs as where nothing else is said; it writes nothing. */
const DEFAULT_USER = 1000;

/** Seconds after which a registration is ended; the script itself takes a second, its image a minute. */
export const DEFAULT_DEADLINE_SECONDS = 900;

/** Exit code by which the script says that another try would end the same way. */
const PERMANENT = 78;

/** Name of the script's file. */
const SCRIPT = "register-model.py";

/** Name of the script's volume. */
export const SCRIPT_VOLUME = "register-model";

/** Where the script is mounted. */
export const SCRIPT_PATH = "/opt/mlstack";

/** A ConfigMap object as it is given to Kubernetes; leaves may be outputs. */
export interface ConfigMapManifest {
  apiVersion: "v1";
  kind: "ConfigMap";
  metadata: k8s.types.input.meta.v1.ObjectMeta;
  /** Contents by name. */
  data: Record<string, pulumi.Input<string>>;
}

/** What a registration consists of. */
export interface ModelVersionManifests {
  /** The script, which is the same for all versions. */
  script: ConfigMapManifest;
  /** The job that runs it; what is registered is in its environment, so that another version is another job. */
  job: JobManifest;
}

/**
 * The objects that a {@link ModelVersion} with these arguments is; the job can be a step after an evaluation.
 *
 * @param name name of the objects where the arguments give none.
 */
export function modelVersionManifests(name: string, args: ModelVersionArgs): ModelVersionManifests {
  const { objectName, namespace, labels, lineage, pools, backoffLimit, activeDeadlineSeconds } = args;
  const metadata = workloadMetadata(name, args);
  const script: ConfigMapManifest = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { ...objectMetadata(args, metadata), name: scriptName(metadata.objectName) },
    data: { [SCRIPT]: readFileSync(join(__dirname, SCRIPT), "utf8") },
  };
  const object = compact({ objectName, namespace, labels, lineage, pools });
  const limits = {
    activeDeadlineSeconds: activeDeadlineSeconds ?? DEFAULT_DEADLINE_SECONDS,
    permanentExitCodes: [PERMANENT],
  };
  const job = batchJobManifest(name, {
    ...object,
    ...registrationPod(metadata.objectName, args),
    ...compact({ backoffLimit }),
    ...limits,
  });
  return { script, job: withVolumesAsTheyAre(job) };
}

/** The pod that runs the script. */
export function registrationPod(objectName: string, args: ModelVersionArgs): PodArgs {
  const { image = IMAGES.python, registryToken, volumes = [], annotations, runAsUser = DEFAULT_USER } = args;
  const { cpu = "100m", memory = "128Mi", pool, tolerations, architecture } = args;
  const script: JobVolume = { name: SCRIPT_VOLUME, mountPath: SCRIPT_PATH, configMap: scriptName(objectName) };
  return {
    image,
    command: ["python3", `${SCRIPT_PATH}/${SCRIPT}`],
    env: { MODEL_VERSION: recordOf(args) },
    ...(registryToken === undefined ? {} : { secretEnv: { MODEL_REGISTRY_TOKEN: registryToken } }),
    volumes: [script, ...volumes],
    ...compact({ annotations, pool, tolerations, architecture }),
    runAsUser,
    cpu,
    memory,
  };
}

function scriptName(objectName: string): string {
  return `${objectName}-script`;
}

/** Who only reads metrics does not take their volume over for his group. */
function withVolumesAsTheyAre(job: JobManifest): JobManifest {
  const { template } = job.spec as { template: { metadata: object; spec: k8s.types.input.core.v1.PodSpec } };
  const {
    fsGroup: _fsGroup,
    fsGroupChangePolicy: _policy,
    ...securityContext
  } = template.spec.securityContext as k8s.types.input.core.v1.PodSecurityContext;
  const spec = { ...template.spec, securityContext };
  return { ...job, spec: { ...job.spec, template: { ...template, spec } } };
}
