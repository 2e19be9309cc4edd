import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { checkedInputs } from "../../internal";
import { jobObject } from "../jobs/job-object";
import type { Manifest } from "../object";
import { type After, servingObject } from "./serving-object";
import type { WebServiceArgs } from "./web-service-args";
import {
  portsOf,
  progressSecondsOf,
  servicePortOf,
  type WebServiceManifests,
  webServiceManifests,
} from "./web-service-manifest";
import { validateWebService } from "./web-service-validation";

/** Seconds that Pulumi goes on waiting after a rollout's deadline, for Kubernetes to say why. */
const GRACE_SECONDS = 60;

/**
 * A web application: pods behind an address within the cluster, rolled out without a gap, scaled, and trained first where
 * code and estimator must match.
 *
 * With `trainFirst`, an update trains each new version, and rolls it out once the training has succeeded. One that fails
 * fails the update before the pods are touched: the version before goes on to serve.
 *
 * Creates a Deployment and a Service; a Job, a HorizontalPodAutoscaler or ScaledObject, a VerticalPodAutoscaler, a
 * PodDisruptionBudget and a VirtualService where they are asked for.
 */
export class WebService extends pulumi.ComponentResource {
  /** Name of the Deployment, the Service and what stands beside them. */
  public readonly objectName: pulumi.Output<string>;
  /** Namespace of all of them. */
  public readonly namespace: pulumi.Output<string>;
  /** Address within the cluster, of the first port. */
  public readonly url: pulumi.Output<string>;
  /** What the version that serves finds in `TRAINING_ID`; empty where nothing trains. */
  public readonly trainingId: pulumi.Output<string>;

  /**
   * @throws pulumi.InputPropertiesError when a count, quantity or time is out of its range, when no known pool has what is
   * asked for, when pods scale by nothing that means something, when a probe asks in two ways or at a port that is not
   * there, when a training has no program of its own, when a volume has not exactly one source or takes another's name or
   * path, or when a name, host or path is misspelt.
   */
  constructor(name: string, args: WebServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    const errors = validateWebService(name, args);
    super("mlstack:index:WebService", name, checkedInputs("WebService", name, args, errors), opts);

    const manifests = webServiceManifests(name, args);
    const training = this.createTraining(name, args, manifests);
    const deployment = createDeployment(name, args, manifests.deployment, { parent: this, dependsOn: training });
    // A Service is awaited until pods answer, so they come first.
    const after = { parent: this, dependsOn: [deployment] };
    const { metadata } = createService(name, args, manifests.service, after);
    createFurther(name, manifests, after);

    this.objectName = deployment.metadata.name;
    this.namespace = deployment.metadata.namespace;
    this.url = pulumi.interpolate`http://${metadata.name}.${metadata.namespace}.svc:${servicePortOf(portsOf(args)[0]!)}`;
    this.trainingId = pulumi.output(manifests.trainingId ?? "");
    const { objectName, namespace, url, trainingId } = this;
    this.registerOutputs({ objectName, namespace, url, trainingId });
  }

  private createTraining(name: string, { trainFirst }: WebServiceArgs, { training }: WebServiceManifests) {
    if (trainFirst === undefined || training === undefined) return [];
    return [jobObject(`${name}-training`, training, trainFirst, { parent: this })];
  }
}

function createDeployment(name: string, args: WebServiceArgs, { metadata, spec }: Manifest, after: After) {
  const timeout = `${progressSecondsOf(args) + GRACE_SECONDS}s`;
  const customTimeouts = { create: timeout, update: timeout };
  return new k8s.apps.v1.Deployment(
    `${name}-deployment`,
    { metadata, spec: spec as never },
    { ...after, customTimeouts },
  );
}

/** A Service of pods that may all be gone is there without them. */
function createService(name: string, { replicas }: WebServiceArgs, { metadata, spec }: Manifest, after: After) {
  const annotations = { ...(metadata.annotations as object | undefined), "pulumi.com/skipAwait": "true" };
  const awaited = replicas === 0 ? { ...metadata, annotations } : metadata;
  return new k8s.core.v1.Service(`${name}-service`, { metadata: awaited, spec: spec as never }, after);
}

function createFurther(name: string, manifests: WebServiceManifests, after: After): void {
  const { autoscaler, memoryAutoscaler, budget, route } = manifests;
  const further: [suffix: string, manifest: Manifest | undefined][] = [
    ["autoscaler", autoscaler],
    ["memory-autoscaler", memoryAutoscaler],
    ["budget", budget],
    ["route", route],
  ];
  for (const [suffix, manifest] of further) {
    if (manifest !== undefined) servingObject(`${name}-${suffix}`, manifest, after);
  }
}
