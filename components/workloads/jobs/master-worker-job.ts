import { randomBytes } from "node:crypto";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { checkedInputs } from "../../internal";
import { afterTrainingManifest, afterTrainingServiceManifest, servicePortOf } from "./after-training-manifest";
import { brokerManifest, brokerSecretManifest, brokerServiceManifest, hasOwnBroker } from "./broker-manifest";
import { jobObject } from "./job-object";
import { type MasterWorkerJobArgs, WorkersStart } from "./master-worker-job-args";
import { masterWorkerJobManifests } from "./master-worker-job-manifest";
import { validateMasterWorkerJob } from "./master-worker-job-validation";

/** Bytes of the broker's password: 192 bits. */
const PASSWORD_BYTES = 24;

/**
 * Many small trainings: a master fills a queue, workers drain it side by side, and what they made is served once all of them
 * have ended well.
 *
 * An update waits for both jobs. Where one fails, so does the update, and what serves goes on as it is. Any change of what
 * master or workers run makes both run anew. Without one, the next update runs anew only the job that failed, or that still
 * runs or waits when the update starts, which is ended; let it end first.
 *
 * Creates two Jobs; a Secret, a Service and a StatefulSet for a broker of its own; and with `afterTraining` a Deployment and
 * a Service.
 */
export class MasterWorkerJob extends pulumi.ComponentResource {
  /** Name of the Deployment and its Service, and what the names of all other objects begin with. */
  public readonly objectName: pulumi.Output<string>;
  /** Namespace of all of them. */
  public readonly namespace: pulumi.Output<string>;
  /** What master, workers and those who serve find in `TRAINING_ID`. */
  public readonly trainingId: pulumi.Output<string>;
  /** True once master and workers have ended well. One that fails ends the update instead. */
  public readonly completed: pulumi.Output<boolean>;
  /** Address within the cluster of what serves; empty where nothing does. */
  public readonly url: pulumi.Output<string>;

  /**
   * @throws pulumi.InputPropertiesError when there is more than one master, when a count or quantity is out of its range,
   * when no known pool has what is asked for, when a broker is described in two ways, when a volume has not exactly one
   * source, or when a name is misspelt or too long.
   */
  constructor(name: string, args: MasterWorkerJobArgs, opts?: pulumi.ComponentResourceOptions) {
    const problems = validateMasterWorkerJob(name, args);
    super("mlstack:index:MasterWorkerJob", name, checkedInputs("MasterWorkerJob", name, args, problems), opts);

    const manifests = masterWorkerJobManifests(name, args);
    const broker = hasOwnBroker(args) ? this.createBroker(name, args) : [];
    const master = jobObject(`${name}-master`, manifests.master, args, { parent: this, dependsOn: broker });
    const isAfter = args.workersStart !== WorkersStart.withMaster;
    const beforeWorkers = isAfter ? [...broker, master] : broker;
    const workers = jobObject(`${name}-worker`, manifests.workers, args, { parent: this, dependsOn: beforeWorkers });

    this.objectName = pulumi.output(args.objectName ?? name);
    this.namespace = master.metadata.namespace;
    this.trainingId = pulumi.output(manifests.trainingId);
    this.completed = pulumi.all([master.id, workers.id]).apply(() => true);
    this.url = this.createServer(name, args, manifests.trainingId, [master, workers]);
    const { objectName, namespace, trainingId, completed, url } = this;
    this.registerOutputs({ objectName, namespace, trainingId, completed, url });
  }

  private createBroker(name: string, args: MasterWorkerJobArgs): pulumi.Resource[] {
    const password = pulumi.secret(randomBytes(PASSWORD_BYTES).toString("hex"));
    const secret = new k8s.core.v1.Secret(
      `${name}-broker-secret`,
      brokerSecretManifest(name, args, password),
      // Each run makes up another one; that of the first counts.
      { parent: this, ignoreChanges: ["data"] },
    );
    const broker = new k8s.apps.v1.StatefulSet(`${name}-broker`, brokerManifest(name, args), {
      parent: this,
      dependsOn: [secret],
    });
    // A Service is awaited until pods answer, so that it must not be there before them.
    const service = new k8s.core.v1.Service(`${name}-broker-service`, brokerServiceManifest(name, args), {
      parent: this,
      dependsOn: [broker],
    });
    return [broker, service];
  }

  private createServer(
    name: string,
    args: MasterWorkerJobArgs,
    trainingId: pulumi.Input<string>,
    after: pulumi.Resource[],
  ): pulumi.Output<string> {
    const { afterTraining } = args;
    if (afterTraining === undefined) return pulumi.output("");
    const server = new k8s.apps.v1.Deployment(
      `${name}-deployment`,
      afterTrainingManifest(name, args, afterTraining, trainingId),
      { parent: this, dependsOn: after },
    );
    const service = afterTrainingServiceManifest(name, args, afterTraining);
    const address = new k8s.core.v1.Service(`${name}-service`, service, { parent: this, dependsOn: [server] });
    const { name: host, namespace } = address.metadata;
    return pulumi.interpolate`http://${host}.${namespace}.svc:${servicePortOf(afterTraining)}`;
  }
}
