import * as pulumi from "@pulumi/pulumi";
import { compact } from "../../internal";
import { batchJobManifest, type JobArgs, type JobManifest } from "../jobs";
import { TRAINING_VARIABLE } from "../object/training-variable";
import { podOfRole } from "../pods";
import { fingerprint } from "../object/fingerprint";
import type { TrainFirstArgs, WebServiceArgs } from "./web-service-args";

/** What the name of a training ends with, before its fingerprint. */
export const TRAINING_SUFFIX = "train";

/** The training of one version of a service. */
export interface TrainingStep {
  /** Fingerprint of the version: of its code, data and parameters. */
  id: pulumi.Input<string>;
  /** Job that trains it. */
  job: JobManifest;
}

/** The training that must have succeeded before a version is rolled out; undefined where there is none. */
export function trainingStep(objectName: string, args: WebServiceArgs): TrainingStep | undefined {
  if (args.trainFirst === undefined) return undefined;
  const training = trainingJob(objectName, args, args.trainFirst);
  const id = trainingId(training, args);
  const job = batchJobManifest(objectName, { ...training, env: { [TRAINING_VARIABLE]: id, ...training.env } });
  const name = idName(`${objectName}-${TRAINING_SUFFIX}`, id);
  return { id, job: { ...job, metadata: { ...job.metadata, name } } };
}

/** The Job as BatchJobs are described: what it says itself, and the service's where it has no words. */
export function trainingJob(objectName: string, args: WebServiceArgs, trainFirst: TrainFirstArgs): JobArgs {
  const { namespace, labels, lineage, pools } = args;
  const pod = podOfRole({ ...args, annotations: {} }, trainFirst);
  const object = compact({ namespace, labels, lineage, pools });
  return { ...pod, ...object, objectName: `${objectName}-${TRAINING_SUFFIX}` };
}

/** What trains is told apart by what it runs and on which data; on which hardware it does is no other training. */
function trainingId(job: JobArgs, { lineage }: WebServiceArgs): pulumi.Input<string> {
  const { image, command, args, env, secretEnv, volumes, parallelism, completions } = job;
  return fingerprint({ image, command, args, env, secretEnv, volumes, parallelism, completions, lineage });
}

function idName(prefix: string, id: pulumi.Input<string>): pulumi.Input<string> {
  return typeof id === "string" ? `${prefix}-${id}` : pulumi.interpolate`${prefix}-${id}`;
}
