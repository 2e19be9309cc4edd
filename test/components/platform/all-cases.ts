import { ClusterAutoscaler, Karpenter } from "../../../components/cluster/autoscaling";
import { clusterAutoscalerValues, Expander } from "../../../components/cluster/autoscaling/cluster-autoscaler-values";
import { karpenterValues } from "../../../components/cluster/autoscaling/karpenter-values";
import { MigStrategy, NvidiaDevicePlugin } from "../../../components/platform/accelerators";
import { DeviceListStrategy } from "../../../components/platform/accelerators/nvidia-device-plugin-args";
import { S3ArtifactStore } from "../../../components/platform/artifact-store/s3-artifact-store";
import { TrainingRuntime } from "../../../components/platform/operators";
import { eksFacts } from "../../support/eks-facts";
import type { PartCase } from "../../support/part-case";
import { cases as accelerators } from "./accelerators/cases";
import { cases as artifactStores, sampleGrants } from "./artifact-store/cases";
import { cases as foundations } from "./foundations/cases";
import { cases as kubeflow } from "./kubeflow/cases";
import { cases as mesh } from "./mesh/cases";
import { cases as monitoring } from "./monitoring/cases";
import { cases as operators } from "./operators/cases";
import { cases as queues } from "./queues/cases";
import { cases as tenants } from "./tenants/cases";

/** Parts of the platform that consist of our own objects alone, and that no other file has a case of. */
const ownParts: PartCase[] = [
  {
    part: "NvidiaDevicePlugin",
    create: (name, args) => new NvidiaDevicePlugin(name, args),
    options: {
      namespace: [undefined, "gpus"],
      deviceListStrategy: [undefined, DeviceListStrategy.volumeMounts, DeviceListStrategy.envvar],
      migStrategy: [undefined, MigStrategy.mixed],
      timeSlicing: [undefined, { replicas: 4 }],
      namedConfigs: [undefined, { shared: { timeSlicing: { replicas: 2 } } }],
      tolerations: [undefined, [{ key: "team", value: "vision" }]],
      excludedPools: [undefined, ["auto"]],
      resources: [undefined, { memory: "512Mi" }],
    },
    charts: [],
  },
  {
    part: "S3ArtifactStore",
    create: (name, args) => new S3ArtifactStore(name, args),
    required: { eks: eksFacts },
    options: { bucketName: [undefined, "lab-artifacts"], grants: [undefined, sampleGrants] },
    charts: [],
  },
  {
    part: "TrainingRuntime",
    create: (name, args) => new TrainingRuntime(name, args),
    required: { image: "registry.example.com/train:1.2.3" },
    options: { namespace: [undefined, "team-a"], nodes: [undefined, 4], gpusPerNode: [undefined, 8] },
    charts: [],
  },
];

const controllerOptions = {
  eks: [eksFacts, { ...eksFacts, kubernetesVersion: "1.34", isolated: true }],
  namespace: [undefined, "autoscaling"],
  systemPool: [undefined, "system"],
  replicas: [undefined, 1],
  resources: [undefined, { cpu: "1", memory: "2Gi" }],
};

/** What starts and ends machines: parts of the cluster that are charts too. */
const controllers: PartCase[] = [
  {
    part: "Karpenter",
    create: (name, args) => new Karpenter(name, args),
    options: controllerOptions,
    charts: [
      {
        values: (args) => karpenterValues(args, "lab-interruptions"),
        inMirror: "karpenter-1.14.1/karpenter/values.yaml",
        upstream: "karpenter/aws/charts-main/karpenter/values.yaml",
        open: ["nodeSelector", "controller.resources"],
      },
    ],
  },
  {
    part: "ClusterAutoscaler",
    create: (name, args) => new ClusterAutoscaler(name, args),
    options: { ...controllerOptions, expander: [undefined, Expander.mostPods], scaleDownMinutes: [undefined, 30] },
    charts: [
      {
        values: clusterAutoscalerValues,
        upstream: "autoscaler/cluster-autoscaler/chart/values.yaml",
        open: ["affinity", "containerSecurityContext", "extraArgs", "nodeSelector", "resources", "securityContext"],
      },
    ],
  },
];

/** Every part of the platform; some parts have several cases, where options exclude each other. */
export const platformCases: PartCase[] = [
  ...[...foundations, ...monitoring, ...accelerators, ...mesh, ...artifactStores],
  ...[...operators, ...queues, ...kubeflow, ...tenants, ...ownParts],
];

/** Every component that is a chart or takes part in the platform, parts of the cluster among them. */
export const allCases: PartCase[] = [...platformCases, ...controllers];

/** A case as names of tests have it: the part, and what tells its case from others of the part. */
export function titleOf(partCase: PartCase): string {
  const { part, required = {} } = partCase;
  const others = allCases.filter((other) => other.part === part && other !== partCase);
  const own = Object.keys(required).filter((key) => others.some((other) => other.required?.[key] !== required[key]));
  return others.length === 0 || own.length === 0 ? part : `${part} with ${own.join(" and ")}`;
}
