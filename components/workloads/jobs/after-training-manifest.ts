import type * as pulumi from "@pulumi/pulumi";
import { compact } from "../../internal";
import { JOB_LABEL, objectMetadata, ROLE_LABEL, workloadMetadata } from "../object";
import { type JobVolume, type PodArgs, podOfRole, podTemplate } from "../pods";
import { probeOf, STARTING } from "../pods/probes";
import type { AfterTrainingArgs } from "./after-training-args";
import type { DeploymentManifest, ServiceManifest } from "../object/built-in-manifests";
import type { MasterWorkerJobArgs } from "./master-worker-job-args";
import { TRAINING_VARIABLE } from "../object/training-variable";

const DEFAULT_PORT = 8080;
const DEFAULT_SERVICE_PORT = 80;

/** Seconds that a pod that ends still answers, as those who send requests hear of it later. */
const DRAIN_SECONDS = 10;
const TERMINATION_SECONDS = 60;

const ROLE = "server";

/** The pods that serve: their own words, and the workload's for what is not about its program. */
export function serverPod(args: MasterWorkerJobArgs, server: AfterTrainingArgs): PodArgs {
  const { port: _port, servicePort: _servicePort, readiness: _readiness, ...role } = server;
  const { image, env, secretEnv, volumes, priorityClassName, serviceAccountName, runAsUser, runAsNonRoot } = args;
  const ofWorkload = { image, env, secretEnv, priorityClassName, serviceAccountName, runAsUser, runAsNonRoot };
  return podOfRole({ ...compact({ ...ofWorkload, volumes: volumes?.map(readOnly) }), image }, role);
}

/** The ports of the pods, as probes know them. */
export function serverPorts({ port = DEFAULT_PORT }: AfterTrainingArgs) {
  return [{ name: "http", port }];
}

/** Pods that serve where their author does not say how many. */
function replicasOf({ replicas, gpus = 0 }: AfterTrainingArgs): number {
  return replicas ?? (gpus > 0 ? 1 : 2);
}

/** The Deployment that serves what a training has made. */
export function afterTrainingManifest(
  name: string,
  args: MasterWorkerJobArgs,
  server: AfterTrainingArgs,
  trainingId: pulumi.Input<string>,
): DeploymentManifest {
  const metadata = workloadMetadata(name, args, server.image ?? args.image);
  const { gpus = 0, readiness = {} } = server;
  const ports = serverPorts(server);
  const { metadata: podMetadata, spec } = podTemplate(serverPod(args, server), {
    ...metadata,
    role: ROLE,
    pools: args.pools,
    defaultGpus: 0,
    pods: 1,
    env: { [TRAINING_VARIABLE]: trainingId },
    container: {
      ports: ports.map(({ name: portName, port }) => ({ name: portName, containerPort: port })),
      startupProbe: probeOf(readiness, ports, STARTING),
      readinessProbe: probeOf(readiness, ports),
      lifecycle: { preStop: { sleep: { seconds: DRAIN_SECONDS } } },
    },
  });
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: objectMetadata(args, metadata),
    spec: {
      replicas: replicasOf(server),
      // A further pod would need the GPUs of the pod that it replaces a second time.
      strategy: { type: "RollingUpdate", rollingUpdate: gpus > 0 ? ONE_AWAY : ONE_MORE },
      selector: { matchLabels: selectorOf(metadata.objectName) },
      template: { metadata: podMetadata, spec: { ...spec, terminationGracePeriodSeconds: TERMINATION_SECONDS } },
    },
  };
}

const ONE_MORE = { maxSurge: 1, maxUnavailable: 0 };
const ONE_AWAY = { maxSurge: 0, maxUnavailable: 1 };

/** The address of the pods that serve. */
export function afterTrainingServiceManifest(
  name: string,
  args: MasterWorkerJobArgs,
  server: AfterTrainingArgs,
): ServiceManifest {
  const metadata = workloadMetadata(name, args, server.image ?? args.image);
  const ports = serverPorts(server).map(({ name: portName }) => {
    return { name: portName, port: servicePortOf(server), targetPort: portName };
  });
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: objectMetadata(args, metadata),
    spec: { selector: selectorOf(metadata.objectName), ports },
  };
}

/** Port of the Service. */
export function servicePortOf({ servicePort = DEFAULT_SERVICE_PORT }: AfterTrainingArgs): number {
  return servicePort;
}

function selectorOf(objectName: string): Record<string, string> {
  return { [JOB_LABEL]: objectName, [ROLE_LABEL]: ROLE };
}

/** Whoever serves models must not change them. */
function readOnly(volume: JobVolume): JobVolume {
  return volume.persistentVolumeClaim === undefined ? volume : { ...volume, readOnly: true };
}
