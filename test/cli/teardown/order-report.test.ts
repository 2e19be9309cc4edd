import { describe, expect, it } from "vitest";
import { blockersOf } from "../../../cli/teardown/blockers";
import { destroyOrder, stagedOrder } from "../../../cli/teardown/order";
import { blockersText, orderText, stagedOrderText } from "../../../cli/teardown/order-report";
import { exampleState, StateBuilder } from "./example-state";

const { resources } = exampleState();

describe("the order, as text", () => {
  it("shows both destroys and the drain between them, by phase, wave, type and name", () => {
    expect(stagedOrderText("prod", stagedOrder(resources))).toBe(
      `Destroying prod deletes 16 resources and keeps 2. First, while the controllers live:

PHASE            WAVE   HOW MANY   TYPE                                             NAMES
workloads        1      1          kubernetes:batch/v1:Job                          train-job
queues           2      1          kubernetes:kueue.x-k8s.io/v1beta1:ClusterQueue   training
load balancers   1      1          kubernetes:core/v1:Service                       gateway
volumes          2      1          kubernetes:core/v1:PersistentVolumeClaim         scratch

Then the cluster is drained of node claims, and of load balancers and volumes that Pulumi does not know.
What these will be is known only then; each is deleted and waited for, none is forced.

Last, wave by wave, each after all that depends on it:

PHASE         WAVE   HOW MANY   TYPE                                                          NAMES
node claims   1      1          kubernetes:karpenter.sh/v1:NodePool                           gpu
node claims   2      1          kubernetes:karpenter.k8s.aws/v1:EC2NodeClass                  gpu-class
volumes       1      1          aws:efs/fileSystem:FileSystem                                 checkpoints (kept)
controllers   1      1          kubernetes:core/v1:Namespace                                  ml
controllers   3      1          kubernetes:apps/v1:Deployment                                 karpenter-deployment
controllers   4      1          kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition   node-pools (kept)
add-ons       5      1          aws:eks/addon:Addon                                           ebs-csi
node groups   6      1          aws:eks/nodeGroup:NodeGroup                                   system
node groups   7      1          aws:ec2/launchTemplate:LaunchTemplate                         system
cluster       7      1          aws:eks/cluster:Cluster                                       prod-eks
network       8      1          aws:ec2/subnet:Subnet                                         prod-a
network       9      1          aws:ec2/vpc:Vpc                                               prod-vpc
rest          1      1          aws:s3/bucket:Bucket                                          artifacts (protected)
rest          8      1          aws:iam/role:Role                                             prod-cluster
`,
    );
  });

  it("shows one destroy where there is no cluster to drain", () => {
    const state = new StateBuilder();
    const vpc = state.custom("aws:ec2/vpc:Vpc", "net");
    state.custom("aws:ec2/subnet:Subnet", "net-a", undefined, { dependsOn: [vpc] });
    state.custom("aws:ec2/subnet:Subnet", "net-b", undefined, { dependsOn: [vpc] });
    expect(orderText("dev", destroyOrder(state.resources))).toBe(
      `Destroying dev deletes 3 resources, wave by wave, each after all that depends on it:

PHASE     WAVE   HOW MANY   TYPE                    NAMES
network   1      2          aws:ec2/subnet:Subnet   net-a, net-b
network   2      1          aws:ec2/vpc:Vpc         net
`,
    );
  });
});

describe("what stops a destroy", () => {
  it("is named with its remedy, the certain before the possible", () => {
    expect(blockersText(blockersOf(resources, "prod"))).toBe(
      `Destroy would stop at:
  Cluster prod-eks: AWS refuses to delete it (deletionProtection: true).
    Set deletionProtection to false in the configuration and run \`mlstack up --stack prod\`.
  Bucket artifacts: it is protected (protect: true).
    Take the protection off in the configuration and run \`mlstack up --stack prod\`, or run: pulumi state unprotect --stack prod 'urn:pulumi:prod::mlstack::aws:s3/bucket:Bucket::artifacts'

Destroy may stop at:
  Bucket artifacts: AWS refuses to delete it unless it is empty (forceDestroy: false).
    Save what is worth keeping and empty it, or set forceDestroy to true and run \`mlstack up --stack prod\`.
`,
    );
  });

  it.each([
    ["aws:eks/cluster:Cluster", { deletionProtection: true }, ["deletionProtection: true"]],
    ["aws:eks/cluster:Cluster", { deletionProtection: false }, []],
    ["aws:eks/cluster:Cluster", {}, []],
    ["aws:lb/loadBalancer:LoadBalancer", { enableDeletionProtection: true }, ["enableDeletionProtection: true"]],
    ["aws:cloudwatch/logGroup:LogGroup", { deletionProtectionEnabled: true }, ["deletionProtectionEnabled: true"]],
    ["aws:ec2/instance:Instance", { disableApiTermination: true }, ["disableApiTermination: true"]],
    ["aws:s3/bucket:Bucket", { forceDestroy: true }, []],
    ["aws:ecr/repository:Repository", {}, ["forceDelete: false"]],
    ["aws:sqs/queue:Queue", { deletionProtection: true }, []],
  ])("of %s with %o: %o", (type, inputs, because) => {
    const state = new StateBuilder();
    state.custom(type, "it", undefined, { inputs });
    const found = blockersOf(state.resources, "prod").map((blocker) => /\((.*)\)$/.exec(blocker.because)?.[1]);
    expect(found).toEqual(because);
  });

  it("is what AWS has now, not what was once asked for", () => {
    const state = new StateBuilder();
    const inputs = { deletionProtection: false };
    state.custom("aws:eks/cluster:Cluster", "it", undefined, { inputs, outputs: { deletionProtection: true } });
    expect(blockersOf(state.resources, "prod")).toHaveLength(1);
  });

  it("is not AWS where the resource is kept: it is only dropped from the state", () => {
    const state = new StateBuilder();
    state.custom("aws:s3/bucket:Bucket", "it", undefined, { retainOnDelete: true });
    expect(blockersOf(state.resources, "prod")).toEqual([]);
    state.custom("aws:s3/bucket:Bucket", "that", undefined, { retainOnDelete: true, protect: true });
    expect(blockersOf(state.resources, "prod")).toHaveLength(1);
  });
});
