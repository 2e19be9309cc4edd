import type { StateResource } from "../../../cli/teardown/state";

type Rest = Partial<Omit<StateResource, "urn" | "type" | "parent" | "dependencies">> & { dependsOn?: StateResource[] };

/** Component that the objects of a chart lie in. */
const RENDERED_OBJECTS = "mlstack:internal:RenderedObjects";

/** Builds a Pulumi state as the engine exports it: each resource after its parent and what it depends on. */
export class StateBuilder {
  readonly resources: StateResource[] = [];
  readonly stack = this.add("pulumi:pulumi:Stack", "mlstack-prod", undefined, { custom: false });

  /** A resource that a provider manages. */
  custom(type: string, name: string, parent: StateResource = this.stack, rest: Rest = {}): StateResource {
    return this.add(type, name, parent, { custom: true, id: `${name}-id`, ...rest });
  }

  /** A component. */
  component(type: string, name: string, parent: StateResource = this.stack, rest: Rest = {}): StateResource {
    return this.add(type, name, parent, { custom: false, ...rest });
  }

  /** What `pulumi stack export` prints. */
  exported(): string {
    return JSON.stringify({ version: 3, deployment: { resources: this.resources } });
  }

  private add(
    type: string,
    name: string,
    parent: StateResource | undefined,
    { dependsOn = [], ...rest }: Rest,
  ): StateResource {
    const outer = parent === undefined || parent.type === "pulumi:pulumi:Stack" ? "" : `${typesOf(parent)}$`;
    const resource: StateResource = {
      urn: `urn:pulumi:prod::mlstack::${outer}${type}::${name}`,
      type,
      ...(parent === undefined ? {} : { parent: parent.urn }),
      dependencies: dependsOn.map(({ urn }) => urn),
      ...rest,
    };
    this.resources.push(resource);
    return resource;
  }
}

/** An environment on EKS, as small as it can be with every phase of a teardown in it. */
export function exampleState(): StateBuilder {
  const state = new StateBuilder();
  const aws = state.custom("pulumi:providers:aws", "aws");
  const provider = `${aws.urn}::${aws.id!}`;
  const vpc = state.component("mlstack:index:Vpc", "prod");
  const network = state.custom("aws:ec2/vpc:Vpc", "prod-vpc", vpc, { provider, id: "vpc-1" });
  const subnet = state.custom("aws:ec2/subnet:Subnet", "prod-a", vpc, { provider, dependsOn: [network] });
  const role = state.custom("aws:iam/role:Role", "prod-cluster", undefined, { provider });

  const cluster = state.component("mlstack:index:Cluster", "prod");
  const control = state.component("eks:index:Cluster", "prod", cluster, { dependsOn: [vpc] });
  const eks = state.custom("aws:eks/cluster:Cluster", "prod-eks", control, {
    provider,
    dependsOn: [subnet, role],
    inputs: { deletionProtection: true },
    outputs: { name: "prod-ml", region: "eu-west-1", arn: "arn:aws:eks:eu-west-1:123456789012:cluster/prod-ml" },
  });
  const kubernetes = state.custom("pulumi:providers:kubernetes", "prod", cluster, { dependsOn: [eks] });
  const onCluster = { provider: `${kubernetes.urn}::${kubernetes.id!}` };

  const template = state.custom("aws:ec2/launchTemplate:LaunchTemplate", "system", undefined, { provider });
  const nodes = state.custom("aws:eks/nodeGroup:NodeGroup", "system", undefined, {
    provider,
    dependsOn: [eks, template, subnet],
  });
  const addon = state.custom("aws:eks/addon:Addon", "ebs-csi", undefined, { provider, dependsOn: [eks, nodes] });

  const karpenter = state.component("mlstack:index:Karpenter", "karpenter", undefined, { dependsOn: [nodes, addon] });
  const types = state.component(RENDERED_OBJECTS, "karpenter-crds", karpenter);
  const type = state.custom("kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition", "node-pools", types, {
    ...onCluster,
    dependsOn: [nodes, addon],
    retainOnDelete: true,
  });
  const controller = state.component(RENDERED_OBJECTS, "karpenter-controller", karpenter, { dependsOn: [types, type] });
  state.custom("kubernetes:apps/v1:Deployment", "karpenter-deployment", controller, onCluster);
  const nodeClass = state.custom("kubernetes:karpenter.k8s.aws/v1:EC2NodeClass", "gpu-class", undefined, {
    ...onCluster,
    dependsOn: [karpenter],
  });
  state.custom("kubernetes:karpenter.sh/v1:NodePool", "gpu", undefined, { ...onCluster, dependsOn: [nodeClass] });

  const namespace = state.custom("kubernetes:core/v1:Namespace", "ml", undefined, onCluster);
  const queue = state.custom("kubernetes:kueue.x-k8s.io/v1beta1:ClusterQueue", "training", undefined, onCluster);
  const claim = state.custom("kubernetes:core/v1:PersistentVolumeClaim", "scratch", undefined, {
    ...onCluster,
    dependsOn: [namespace],
  });
  const job = state.component("mlstack:index:GpuJob", "train");
  state.custom("kubernetes:batch/v1:Job", "train-job", job, { ...onCluster, dependsOn: [namespace, queue, claim] });
  state.custom("kubernetes:core/v1:Service", "gateway", undefined, {
    ...onCluster,
    dependsOn: [namespace],
    inputs: { spec: { type: "LoadBalancer" } },
  });
  state.custom("aws:efs/fileSystem:FileSystem", "checkpoints", undefined, { provider, retainOnDelete: true });
  state.custom("aws:s3/bucket:Bucket", "artifacts", undefined, { provider, protect: true, id: "prod-artifacts" });
  return state;
}

function typesOf({ urn }: StateResource): string {
  return urn.split("::")[2]!;
}
