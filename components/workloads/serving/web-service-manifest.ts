import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { compact } from "../../internal";
import type { JobManifest } from "../jobs";
import { TRAINING_VARIABLE } from "../object/training-variable";
import {
  JOB_LABEL,
  type Manifest,
  objectMetadata,
  queueLabels,
  ROLE_LABEL,
  workloadMetadata,
  type WorkloadMetadata,
} from "../object";
import { podTemplate } from "../pods";
import { probeOf, STARTING } from "../pods/probes";
import { replicaRange } from "./replicas";
import { servingBudget, servingSpread } from "./serving-pods";
import { pathMatch, virtualService } from "./route";
import { trainingStep } from "./training-step";
import type { WebPort, WebServiceArgs } from "./web-service-args";
import { memoryAutoscaler, podAutoscaler } from "./web-service-scaling";

const DRAIN_SECONDS = 10;
const TERMINATION_SECONDS = 60;
const PROGRESS_SECONDS = 600;

/** Role of the pods, which keeps those of another workload of the same name out of the Service. */
const ROLE = "web";

const DEFAULT_PORTS: WebPort[] = [{ name: "http", port: 8080, servicePort: 80 }];

/** Every Kubernetes object of a {@link WebService}, in the order in which they are registered. */
export interface WebServiceManifests {
  /** Fingerprint of the version; undefined where nothing trains. */
  trainingId: pulumi.Input<string> | undefined;
  /** Training before the rollout. */
  training: JobManifest | undefined;
  /** Pods. */
  deployment: Manifest;
  /** Address within the cluster. */
  service: Manifest;
  /** Has the number of pods follow a metric: a HorizontalPodAutoscaler, or a ScaledObject of KEDA. */
  autoscaler: Manifest | undefined;
  /** VerticalPodAutoscaler. */
  memoryAutoscaler: Manifest | undefined;
  /** PodDisruptionBudget. */
  budget: Manifest | undefined;
  /** VirtualService of Istio. */
  route: Manifest | undefined;
}

/**
 * The Kubernetes objects that a {@link WebService} with these arguments is.
 *
 * @param name name of the objects where the arguments give none.
 */
export function webServiceManifests(name: string, args: WebServiceArgs): WebServiceManifests {
  const metadata = workloadMetadata(name, args, args.image);
  const own = objectMetadata(args, metadata);
  const { fewest } = replicaRange(args, gpusOf(args));
  const port = servicePortOf(portsOf(args)[0]!);
  const { objectName } = metadata;
  const training = trainingStep(objectName, args);
  return {
    trainingId: training?.id,
    training: training?.job,
    deployment: deploymentManifest(args, metadata, training?.id),
    service: serviceManifest(args, own, objectName),
    autoscaler: podAutoscaler(args, own, gpusOf(args)),
    memoryAutoscaler: memoryAutoscaler(args, own),
    budget: fewest > 1 ? servingBudget(own, selectorOf(objectName)) : undefined,
    route:
      args.route &&
      virtualService(own, args.route, [{ ...pathMatch(args.route), destinations: [{ service: objectName, port }] }]),
  };
}

/** Ports of a service, those by default included. */
export function portsOf({ ports }: WebServiceArgs): WebPort[] {
  return ports ?? DEFAULT_PORTS;
}

/** Port of the Service for a port of the container. */
export function servicePortOf({ port, servicePort = port }: WebPort): number {
  return servicePort;
}

/** When pods that end stop to answer, and when they are killed. */
export function shutdownOf(args: WebServiceArgs) {
  return {
    drainSeconds: args.drainSeconds ?? DRAIN_SECONDS,
    terminationSeconds: args.terminationSeconds ?? TERMINATION_SECONDS,
  };
}

/** Seconds after which a rollout that does not get on has failed. */
export function progressSecondsOf(args: WebServiceArgs): number {
  return args.progressSeconds ?? PROGRESS_SECONDS;
}

/** GPUs of each pod. */
export function gpusOf(args: WebServiceArgs): number {
  return args.gpus ?? 0;
}

/** How a rollout goes on: adds pods before it takes others away, or takes one away first. */
export function rollingUpdate(maxSurge: number | undefined, gpus: number) {
  const surge = maxSurge ?? (gpus > 0 ? 0 : 1);
  return { maxSurge: surge, maxUnavailable: surge > 0 ? 0 : 1 };
}

function selectorOf(objectName: string): Record<string, string> {
  return { [JOB_LABEL]: objectName, [ROLE_LABEL]: ROLE };
}

function deploymentManifest(
  args: WebServiceArgs,
  metadata: WorkloadMetadata,
  trainingId?: pulumi.Input<string>,
): Manifest {
  const { fewest, most } = replicaRange(args, gpusOf(args));
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: objectMetadata(args, metadata, queueLabels(args)),
    spec: compact({
      // Where something scales them, each update would set them back.
      replicas: most > fewest ? undefined : fewest,
      progressDeadlineSeconds: progressSecondsOf(args),
      strategy: { type: "RollingUpdate", rollingUpdate: rollingUpdate(args.maxSurge, gpusOf(args)) },
      selector: { matchLabels: selectorOf(metadata.objectName) },
      template: templateOf(args, metadata, trainingId),
    }),
  };
}

function templateOf(args: WebServiceArgs, metadata: WorkloadMetadata, trainingId?: pulumi.Input<string>) {
  const { objectName } = metadata;
  const template = podTemplate(args, {
    ...metadata,
    role: ROLE,
    pools: args.pools,
    defaultGpus: 0,
    // Each pod answers alone; none exchanges data with another.
    pods: 1,
    ...(trainingId === undefined ? {} : { env: { [TRAINING_VARIABLE]: trainingId } }),
    container: containerOf(args),
  });
  const { most } = replicaRange(args, gpusOf(args));
  const affinity = affinityOf(args, template.spec.affinity as k8s.types.input.core.v1.Affinity | undefined);
  return {
    metadata: template.metadata,
    spec: compact({
      ...template.spec,
      affinity,
      topologySpreadConstraints: most > 1 ? servingSpread(selectorOf(objectName)) : undefined,
      terminationGracePeriodSeconds: shutdownOf(args).terminationSeconds,
    }),
  };
}

function containerOf(args: WebServiceArgs) {
  const ports = portsOf(args);
  const { readiness = {}, startup = readiness, liveness } = args;
  const { drainSeconds } = shutdownOf(args);
  return compact({
    ports: ports.map(({ name, port }) => ({ name, containerPort: port })),
    startupProbe: probeOf(startup, ports, STARTING),
    readinessProbe: probeOf(readiness, ports),
    livenessProbe: liveness && probeOf(liveness, ports),
    // Those who send requests hear later that the pod ends than the pod itself.
    lifecycle: drainSeconds === 0 ? undefined : { preStop: { sleep: { seconds: drainSeconds } } },
  });
}

function affinityOf({ beside }: WebServiceArgs, placed: k8s.types.input.core.v1.Affinity | undefined) {
  if (beside === undefined) return placed;
  const podAffinityTerm = {
    labelSelector: { matchLabels: { [JOB_LABEL]: beside } },
    topologyKey: "kubernetes.io/hostname",
  };
  return {
    ...placed,
    podAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm }] },
  };
}

function serviceManifest(args: WebServiceArgs, metadata: Manifest["metadata"], objectName: string): Manifest {
  const ports = portsOf(args).map((port) => ({ name: port.name, port: servicePortOf(port), targetPort: port.name }));
  const { trafficDistribution } = args;
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata,
    spec: compact({ type: "ClusterIP", selector: selectorOf(objectName), ports, trafficDistribution }),
  };
}
