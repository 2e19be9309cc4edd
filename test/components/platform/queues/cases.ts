import { gpuPoolShape } from "../../../../components/cluster/gpu-pool-shape";
import { JobSetController } from "../../../../components/platform/queues/job-set-controller";
import { jobSetValues } from "../../../../components/platform/queues/job-set-controller-values";
import { Kueue } from "../../../../components/platform/queues/kueue";
import { JobFramework, ManagedNamespaces } from "../../../../components/platform/queues/kueue-args";
import { kueueValues } from "../../../../components/platform/queues/kueue-values";
import { LeaderWorkerSetController } from "../../../../components/platform/queues/leader-worker-set-controller";
import { leaderWorkerSetValues } from "../../../../components/platform/queues/leader-worker-set-controller-values";
import { Queues } from "../../../../components/platform/queues/queues";
import { pool } from "../../../model/queue-plan-pools";
import type { PartCase } from "../../../support/part-case";

const chartOptions = {
  namespace: [undefined, "admission"],
  replicas: [undefined, 1, 3],
  resources: [undefined, { cpu: "2", memory: "2Gi" }],
};

const pools = [
  { ...pool({ name: "system", maxNodes: 4, gpusPerNode: 0 }), taints: [] },
  gpuPoolShape("train", { instanceType: "p5.48xlarge", efa: true, maxNodes: 4 }),
  gpuPoolShape("serve", { instanceType: "g5.xlarge", maxNodes: 8 }),
];

/** Parts that let jobs wait, and the controllers of groups of jobs. */
export const cases: PartCase[] = [
  {
    part: "JobSetController",
    create: (name, args) => new JobSetController(name, args),
    options: chartOptions,
    charts: [
      {
        values: jobSetValues,
        inMirror: "jobset-0.12.0/jobset/values.yaml",
        upstream: "jobset/chart/values.yaml",
        open: ["controller.nodeSelector"],
      },
    ],
  },
  {
    part: "LeaderWorkerSetController",
    create: (name, args) => new LeaderWorkerSetController(name, args),
    options: chartOptions,
    charts: [
      {
        values: leaderWorkerSetValues,
        upstream: "lws/chart/values.yaml",
        open: ["nodeSelector", "podSecurityContext", "resources"],
      },
    ],
  },
  {
    part: "Kueue",
    create: (name, args) => new Kueue(name, args),
    options: {
      ...chartOptions,
      frameworks: [undefined, [JobFramework.job, JobFramework.jobSet]],
      additionalFrameworks: [undefined, [JobFramework.sparkApplication, JobFramework.pyTorchJob]],
      managedNamespaces: [undefined, ManagedNamespaces.allButExcluded],
      manageJobsWithoutQueueName: [undefined, false],
      fairSharing: [undefined, false],
      podsReadyTimeoutMinutes: [undefined, 60],
      transformations: [
        undefined,
        [{ input: "nvidia.com/mig-1g.10gb", outputs: { "example.com/gpu-memory": "10Gi" } }],
      ],
    },
    charts: [
      {
        values: kueueValues,
        inMirror: "kueue-0.19.2/kueue/values.yaml",
        upstream: "kueue/chart/values.yaml",
        open: ["controllerManager.nodeSelector", "metrics.serviceMonitor.tlsConfig"],
      },
    ],
  },
  {
    part: "Queues",
    create: (name, args) => new Queues(name, args),
    required: { pools },
    options: {
      queues: [undefined, [{ name: "a" }, { name: "b", quotas: [{ pool: "train", gpus: 8 }], strict: true }]],
      cohort: [undefined, "", "shared"],
      poolResources: [undefined, [{ pool: "serve", resource: "nvidia.com/gpu.shared", perNode: 4 }]],
      systemPoolPercent: [undefined, 0, 100],
      requireTolerations: [undefined, true],
      topologyLevels: [undefined, ["topology.kubernetes.io/zone", "kubernetes.io/hostname"]],
      priorities: [undefined, {}, { urgent: 10 }],
    },
    charts: [],
  },
];
