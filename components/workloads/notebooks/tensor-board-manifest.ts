import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { compact, isPlain } from "../../internal";
import { IMAGES } from "../../model/images";
import type { DeploymentManifest, ServiceManifest } from "../object/built-in-manifests";
import {
  JOB_LABEL,
  type Manifest,
  objectMetadata,
  ROLE_LABEL,
  type WorkloadMetadata,
  workloadMetadata,
} from "../object";
import { type JobVolume, type PodArgs, podTemplate, type PodTemplate } from "../pods";
import type { TensorBoardArgs } from "./tensor-board-args";

/** Port of TensorBoard itself. */
const PORT = 6006;

/** Port of its Service, as the controller's have it. */
const SERVICE_PORT = 80;

/** Where the logs of a claim are mounted. */
const LOGS_PATH = "/logs";

/** Whom it runs as where nothing else is said; it writes nothing. */
const DEFAULT_USER = 1000;

/** What pods of it do, as their label says. */
const ROLE = "tensorboard";

/** What a TensorBoard consists of: one object for the controller, or two that need none. */
export interface TensorBoardManifests {
  /** What the controller makes Deployment, Service and route from. */
  tensorBoard?: Manifest;
  /** The pod of a standalone one. */
  deployment?: DeploymentManifest;
  /** Its address. */
  service?: ServiceManifest;
}

/**
 * The objects that a {@link TensorBoard} with these arguments is.
 *
 * @param name name of the TensorBoard where the arguments give none.
 */
export function tensorBoardManifests(name: string, args: TensorBoardArgs): TensorBoardManifests {
  if (args.standalone === true) {
    const metadata = workloadMetadata(name, args, serverImage(args));
    return { deployment: deploymentManifest(args, metadata), service: serviceManifest(args, metadata) };
  }
  return { tensorBoard: tensorBoardManifest(args, workloadMetadata(name, args)) };
}

/** What a standalone TensorBoard runs and asks for. */
export function serverPod(args: TensorBoardArgs): PodArgs {
  const { server = {}, logsClaim, logsUrl, logsFolder = "" } = args;
  const { args: options = [], cpu = "500m", runAsUser = DEFAULT_USER, image: _image, ...rest } = server;
  const logs: JobVolume[] =
    logsClaim === undefined
      ? []
      : [{ name: "logs", mountPath: LOGS_PATH, readOnly: true, persistentVolumeClaim: logsClaim }];
  const place = logsUrl ?? mapped(logsFolder, (folder) => (folder === "" ? LOGS_PATH : `${LOGS_PATH}/${folder}`));
  return {
    ...rest,
    image: serverImage(args),
    command: ["tensorboard"],
    args: [mapped(place, (logdir) => `--logdir=${logdir}`), "--bind_all", `--port=${PORT}`, ...options],
    cpu,
    runAsUser,
    volumes: logs,
  };
}

function serverImage({ server = {} }: TensorBoardArgs): pulumi.Input<string> {
  return server.image ?? IMAGES.tensorBoard;
}

/** @see https://github.com/kubeflow/notebooks/blob/v1.11.0/components/tensorboard-controller/controllers/tensorboard_controller.go */
function tensorBoardManifest(args: TensorBoardArgs, metadata: WorkloadMetadata): Manifest {
  const { logsClaim, logsFolder = "", logsUrl } = args;
  const ofClaim = (claim: string, folder: string) => `pvc://${claim}${folder === "" ? "" : `/${folder}`}`;
  const logspath =
    logsUrl ??
    (isPlain(logsClaim) && isPlain(logsFolder)
      ? ofClaim(logsClaim, logsFolder)
      : pulumi.all([logsClaim!, logsFolder]).apply(([claim, folder]) => ofClaim(claim, folder)));
  return {
    apiVersion: "tensorboard.kubeflow.org/v1alpha1",
    kind: "Tensorboard",
    metadata: objectMetadata(args, metadata),
    spec: { logspath },
  };
}

function deploymentManifest(args: TensorBoardArgs, metadata: WorkloadMetadata): DeploymentManifest {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: objectMetadata(args, metadata),
    spec: {
      replicas: 1,
      // A volume of one node would keep a second pod, beside the first one, from starting elsewhere.
      strategy: { type: "Recreate" },
      selector: { matchLabels: selectorOf(metadata) },
      template: serverTemplate(args, metadata),
    },
  };
}

function serverTemplate(args: TensorBoardArgs, metadata: WorkloadMetadata): PodTemplate {
  const template = podTemplate(serverPod(args), {
    ...metadata,
    pools: args.pools,
    defaultGpus: 0,
    pods: 1,
    role: ROLE,
    containerName: ROLE,
    container: {
      ports: [{ name: "http", containerPort: PORT }],
      readinessProbe: { httpGet: { path: "/", port: "http" }, periodSeconds: 5, timeoutSeconds: 5 },
    },
  });
  // Who only reads does not take the volume over for his group.
  const {
    fsGroup: _fsGroup,
    fsGroupChangePolicy: _policy,
    ...securityContext
  } = template.spec.securityContext as k8s.types.input.core.v1.PodSecurityContext;
  return { ...template, spec: { ...template.spec, securityContext } };
}

function serviceManifest(args: TensorBoardArgs, metadata: WorkloadMetadata): ServiceManifest {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: objectMetadata(args, metadata),
    spec: {
      type: "ClusterIP",
      selector: selectorOf(metadata),
      ports: [{ name: "http", port: SERVICE_PORT, targetPort: "http", protocol: "TCP" }],
    },
  };
}

function selectorOf({ objectName }: WorkloadMetadata): Record<string, string> {
  return compact({ [JOB_LABEL]: objectName, [ROLE_LABEL]: ROLE });
}

function mapped(input: pulumi.Input<string>, change: (value: string) => string): pulumi.Input<string> {
  return isPlain(input) ? change(input) : pulumi.output(input).apply(change);
}
