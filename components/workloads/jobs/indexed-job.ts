import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { checkedInputs } from "../../internal";
import { logAdvice, scaleUpAdvice } from "../object";
import type { IndexedJobArgs } from "./indexed-job-args";
import { indexedJobManifest, indexedJobServiceManifest } from "./indexed-job-manifest";
import { validateIndexedJob } from "./indexed-job-validation";
import { jobObject } from "./job-object";

/**
 * A program that runs in several pods at the same time, which find each other: distributed training without an operator.
 *
 * Worker 3 of the job `resnet` is `resnet-3.resnet`. Every worker finds its number, the first worker's address and the list
 * of all hosts in its environment. An update waits for the job, and runs it anew, as it does with a {@link GpuJob}: a job that
 * still runs or waits when an update starts is ended and runs anew; let it end first.
 *
 * Creates one Job and one headless Service.
 */
export class IndexedJob extends pulumi.ComponentResource {
  /** Name of the Job object. */
  public readonly objectName: pulumi.Output<string>;
  /** Namespace of the Job object. */
  public readonly namespace: pulumi.Output<string>;
  /** Name of the Service under which the workers are known. */
  public readonly serviceName: pulumi.Output<string>;
  /** True once the job has completed. A job that fails ends the update instead. */
  public readonly completed: pulumi.Output<boolean>;

  /**
   * @throws pulumi.InputPropertiesError when a count or quantity is out of its range, when no known pool has what is asked
   * for, when `success` names workers that there are not, when a volume has not exactly one source, or when a name is misspelt
   * or too long.
   */
  constructor(name: string, args: IndexedJobArgs, opts?: pulumi.ComponentResourceOptions) {
    const problems = validateIndexedJob(name, args);
    super("mlstack:index:IndexedJob", name, checkedInputs("IndexedJob", name, args, problems), opts);

    const { workers: pods, gpus = 0, pools } = args;
    logAdvice(
      scaleUpAdvice(
        `IndexedJob ${name}`,
        { path: "", countArgument: "workers", pods, gpus, gpuSharing: args.gpuSharing },
        pools,
      ),
      this,
    );
    const service = new k8s.core.v1.Service(`${name}-service`, indexedJobServiceManifest(name, args), { parent: this });
    const dependsOn = [service];
    const job = jobObject(`${name}-job`, indexedJobManifest(name, args), args, { parent: this, dependsOn });
    this.objectName = job.metadata.name;
    this.namespace = job.metadata.namespace;
    this.serviceName = service.metadata.name;
    this.completed = job.id.apply(() => true);
    this.registerOutputs({
      objectName: this.objectName,
      namespace: this.namespace,
      serviceName: this.serviceName,
      completed: this.completed,
    });
  }
}
