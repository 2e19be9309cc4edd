import type * as pulumi from "@pulumi/pulumi";
import { compact } from "../../internal";
import { gangQueueLabels, JOB_LABEL, objectMetadata, workloadMetadata } from "../object";
import { hardwareOf, podTemplate } from "../pods";
import type { ServiceManifest } from "../object/built-in-manifests";
import { withFirstVariables } from "../pods/first-variables";
import type { IndexedJobArgs, JobSuccessArgs } from "./indexed-job-args";
import { jobLimits, type JobManifest } from "./job-manifest";

/** Port of worker 0 where its author names none: that of PyTorch. */
const DEFAULT_PORT = 29_500;

/** Variable with a worker's number, from 0. */
const INDEX_VARIABLE = "JOB_COMPLETION_INDEX";

/**
 * Kubernetes would set it behind all others, so that none could refer to it. What is there it leaves alone.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/job/indexed_job_utils.go
 */
const INDEX = {
  name: INDEX_VARIABLE,
  valueFrom: { fieldRef: { fieldPath: "metadata.labels['batch.kubernetes.io/job-completion-index']" } },
};

/** Names under which workers reach each other, by their numbers. */
export function workerHosts(objectName: string, workers: number): string[] {
  return Array.from({ length: workers }, (_, index) => `${objectName}-${index}.${objectName}`);
}

/** The Kubernetes Job that an {@link IndexedJob} with these arguments is made of; its workers need the Service too. */
export function indexedJobManifest(name: string, args: IndexedJobArgs): JobManifest {
  const { workers, topology, backoffLimitPerIndex, backoffLimit, success } = args;
  const metadata = workloadMetadata(name, args, args.image);
  const { objectName } = metadata;
  const template = podTemplate(args, {
    ...metadata,
    pools: args.pools,
    defaultGpus: 0,
    pods: workers,
    topology,
    restartPolicy: "Never",
    runsToEnd: true,
    env: workerEnvironment(objectName, args),
  });
  const { metadata: podMetadata, spec } = withFirstVariables(template, [INDEX]);
  const isPerIndex = backoffLimitPerIndex !== undefined;
  const limits = jobLimits(args);
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: objectMetadata(args, metadata, gangQueueLabels(args, workers)),
    spec: compact({
      parallelism: workers,
      completions: workers,
      completionMode: "Indexed",
      ...limits,
      backoffLimit: isPerIndex ? backoffLimit : limits.backoffLimit,
      backoffLimitPerIndex,
      // The others wait for one that is given up.
      maxFailedIndexes: isPerIndex && success === undefined ? 0 : undefined,
      successPolicy: success && { rules: [successRule(success)] },
      template: { metadata: podMetadata, spec: { ...spec, subdomain: objectName } },
    }),
  };
}

/** The headless Service by which the workers of an {@link IndexedJob} with these arguments find each other. */
export function indexedJobServiceManifest(name: string, args: IndexedJobArgs): ServiceManifest {
  const metadata = workloadMetadata(name, args, args.image);
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: objectMetadata(args, metadata),
    spec: {
      clusterIP: "None",
      // Workers look for each other before they are ready.
      publishNotReadyAddresses: true,
      selector: { [JOB_LABEL]: metadata.objectName },
      ports: [{ name: "rendezvous", port: args.port ?? DEFAULT_PORT }],
    },
  };
}

/**
 * Variables of PyTorch for programs that join by themselves, those that start torchrun without any flag, and a list of hosts
 * for all others.
 *
 * @see https://docs.pytorch.org/docs/2.9/elastic/run.html "Environment Variables", and `env` in torch/distributed/argparse_util.py
 * for `PET_`
 */
function workerEnvironment(objectName: string, args: IndexedJobArgs): Record<string, pulumi.Input<string>> {
  const { workers, port = DEFAULT_PORT } = args;
  const hosts = workerHosts(objectName, workers);
  const { gpus } = hardwareOf(args, { pods: workers, defaultGpus: 0, pools: args.pools });
  const rank = `$(${INDEX_VARIABLE})`;
  const master = { MASTER_ADDR: hosts[0] ?? objectName, MASTER_PORT: String(port) };
  const torchrun = { ...master, NNODES: String(workers), NODE_RANK: rank, NPROC_PER_NODE: String(Math.max(1, gpus)) };
  return {
    ...master,
    WORLD_SIZE: String(workers),
    RANK: rank,
    NODE_RANK: rank,
    WORKER_HOSTS: hosts.join(","),
    ...Object.fromEntries(Object.entries(torchrun).map(([key, value]) => [`PET_${key}`, value])),
  };
}

function successRule({ workers, count }: JobSuccessArgs) {
  return compact({ succeededIndexes: workers, succeededCount: count });
}
