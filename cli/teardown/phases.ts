import { ancestorTypes, type StateResource } from "./state";

/**
 * What a teardown goes through, in its order. A network can not go before the machines in it, machines not before the
 * controllers that would start them again, controllers not before what only they can take down.
 */
export const PHASES = [
  "workloads",
  "queues",
  "node claims",
  "load balancers",
  "volumes",
  "controllers",
  "add-ons",
  "node groups",
  "cluster",
  "network",
  "rest",
] as const;

/** One of {@link PHASES}. */
export type Phase = (typeof PHASES)[number];

/**
 * Phases whose Kubernetes objects Pulumi deletes before the cluster is drained, while their controllers live. Node claims
 * are left to the drain: machines with GPUs may take longer than the ten minutes that Pulumi waits, and say why only there.
 *
 * @see https://github.com/pulumi/pulumi-kubernetes `provider/pkg/await/await.go`, 4.25: ten minutes
 */
export const PHASES_BEFORE_DRAIN: ReadonlySet<Phase> = new Set(["workloads", "queues", "load balancers", "volumes"]);

interface PhaseRule {
  phase: Phase;
  type: RegExp;
  /** Type of a component that the resource lies in. */
  within?: RegExp;
  /** Type of the service that a Kubernetes Service asks for. */
  serviceType?: string;
}

/** Components of `components/workloads`: everything in them is a workload. */
const WORKLOAD_COMPONENT = /^mlstack:index:GpuJob$/;

/** A Deployment in any other component, or in a chart, is part of the platform. */
const PLATFORM_COMPONENT = /^(mlstack:index:|kubernetes:(helm\.sh|kustomize|yaml))/;

/** API groups whose objects are workloads, whatever their kind. */
const WORKLOAD_GROUPS = [
  "argoproj.io",
  "batch",
  "batch.x-k8s.io",
  "jobset.x-k8s.io",
  "kubeflow.org",
  "leaderworkerset.x-k8s.io",
  "ray.io",
  "serving.kserve.io",
  "sparkoperator.k8s.io",
  "trainer.kubeflow.org",
];

/** The first rule that fits a resource decides; whatever none fits is the rest. */
const RULES: PhaseRule[] = [
  { phase: "node claims", type: /^kubernetes:karpenter\.(sh|k8s\.aws)\// },
  { phase: "node claims", type: /^kubernetes:eks\.amazonaws\.com\/[^:]+:NodeClass$/ },
  { phase: "load balancers", type: /^kubernetes:core\/v1:Service$/, serviceType: "LoadBalancer" },
  { phase: "load balancers", type: /^kubernetes:(networking\.k8s\.io|extensions)\/[^:]+:Ingress$/ },
  { phase: "load balancers", type: /^kubernetes:gateway\.networking\.k8s\.io\/[^:]+:Gateway$/ },
  { phase: "load balancers", type: /^aws:(a?lb|elb)\// },
  { phase: "volumes", type: /^kubernetes:core\/v1:PersistentVolume(Claim)?$/ },
  { phase: "volumes", type: /^kubernetes:snapshot\.storage\.k8s\.io\/[^:]+:VolumeSnapshot(Content)?$/ },
  { phase: "volumes", type: /^aws:(efs|fsx|ebs)\// },
  { phase: "queues", type: /^kubernetes:(kueue\.x-k8s\.io|scheduling\.volcano\.sh)\// },
  { phase: "workloads", type: /^kubernetes:/, within: WORKLOAD_COMPONENT },
  { phase: "workloads", type: new RegExp(`^kubernetes:(${WORKLOAD_GROUPS.join("|").replaceAll(".", "\\.")})/`) },
  { phase: "workloads", type: /^kubernetes:core\/v1:Pod$/ },
  { phase: "controllers", type: /^kubernetes:apps\/v1:(Deployment|StatefulSet)$/, within: PLATFORM_COMPONENT },
  { phase: "workloads", type: /^kubernetes:apps\/v1:(Deployment|ReplicaSet|StatefulSet)$/ },
  { phase: "node groups", type: /^kubernetes:core\/v1:Node$/ },
  { phase: "controllers", type: /^kubernetes:/ },
  { phase: "add-ons", type: /^aws:eks\/(addon|podIdentityAssociation):/ },
  { phase: "node groups", type: /^aws:eks\/(nodeGroup|fargateProfile):/ },
  { phase: "node groups", type: /^aws:autoscaling\// },
  {
    phase: "node groups",
    type: /^aws:ec2\/(capacityBlockReservation|capacityReservation|fleet|instance|launchTemplate|placementGroup|spotFleetRequest|spotInstanceRequest):/,
  },
  { phase: "cluster", type: /^(aws:eks\/|eks:)/ },
  { phase: "network", type: /^aws:(ec2|ec2transitgateway|vpc)\// },
];

/** Tells in which phase of a teardown a resource goes. */
export function phaseOf(resource: StateResource): Phase {
  const components = ancestorTypes(resource);
  const fits = ({ type, within, serviceType }: PhaseRule) =>
    type.test(resource.type) &&
    (within === undefined || components.some((component) => within.test(component))) &&
    (serviceType === undefined || serviceTypeOf(resource) === serviceType);
  return RULES.find(fits)?.phase ?? "rest";
}

function serviceTypeOf({ inputs }: StateResource): unknown {
  const spec = inputs?.["spec"];
  return typeof spec === "object" && spec !== null ? Reflect.get(spec, "type") : undefined;
}
