import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dependenciesWithin, destroyOrder, stagedOrder } from "../../../cli/teardown/order";
import { phaseOf } from "../../../cli/teardown/phases";
import { isDeleted, nameOf, resourcesOf, type StateResource } from "../../../cli/teardown/state";
import { exampleState, StateBuilder } from "./example-state";

const titles = (resources: StateResource[]) => resources.map(nameOf);

describe("the phase of a resource", () => {
  const phaseIn = (type: string, parents: string[] = [], inputs: Record<string, unknown> = {}) =>
    phaseOf({ urn: `urn:pulumi:prod::mlstack::${[...parents, type].join("$")}::name`, type, inputs });

  it.each([
    ["kubernetes:batch/v1:Job", "workloads"],
    ["kubernetes:core/v1:Pod", "workloads"],
    ["kubernetes:apps/v1:Deployment", "workloads"],
    ["kubernetes:kubeflow.org/v1:PyTorchJob", "workloads"],
    ["kubernetes:serving.kserve.io/v1beta1:InferenceService", "workloads"],
    ["kubernetes:kueue.x-k8s.io/v1beta1:LocalQueue", "queues"],
    ["kubernetes:karpenter.sh/v1:NodePool", "node claims"],
    ["kubernetes:karpenter.sh/v1:NodeClaim", "node claims"],
    ["kubernetes:karpenter.k8s.aws/v1:EC2NodeClass", "node claims"],
    ["kubernetes:eks.amazonaws.com/v1:NodeClass", "node claims"],
    ["kubernetes:networking.k8s.io/v1:Ingress", "load balancers"],
    ["kubernetes:networking.k8s.io/v1:IngressClass", "controllers"],
    ["kubernetes:gateway.networking.k8s.io/v1:Gateway", "load balancers"],
    ["aws:lb/loadBalancer:LoadBalancer", "load balancers"],
    ["kubernetes:core/v1:PersistentVolume", "volumes"],
    ["kubernetes:core/v1:PersistentVolumeClaim", "volumes"],
    ["aws:efs/fileSystem:FileSystem", "volumes"],
    ["aws:fsx/lustreFileSystem:LustreFileSystem", "volumes"],
    ["kubernetes:helm.sh/v3:Release", "controllers"],
    ["kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition", "controllers"],
    ["kubernetes:apps/v1:DaemonSet", "controllers"],
    ["kubernetes:storage.k8s.io/v1:StorageClass", "controllers"],
    ["kubernetes:core/v1:Namespace", "controllers"],
    ["aws:eks/addon:Addon", "add-ons"],
    ["aws:eks/podIdentityAssociation:PodIdentityAssociation", "add-ons"],
    ["aws:eks/nodeGroup:NodeGroup", "node groups"],
    ["aws:ec2/launchTemplate:LaunchTemplate", "node groups"],
    ["kubernetes:core/v1:Node", "node groups"],
    ["aws:eks/cluster:Cluster", "cluster"],
    ["aws:eks/accessEntry:AccessEntry", "cluster"],
    ["aws:ec2/vpc:Vpc", "network"],
    ["aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "network"],
    ["aws:iam/role:Role", "rest"],
    ["aws:kms/key:Key", "rest"],
    ["aws:s3/bucket:Bucket", "rest"],
  ])("of type %s is %s", (type, phase) => {
    expect(phaseIn(type)).toBe(phase);
  });

  it("of a Service depends on whether it asks for a load balancer", () => {
    const service = "kubernetes:core/v1:Service";
    expect(phaseIn(service, [], { spec: { type: "LoadBalancer" } })).toBe("load balancers");
    expect(phaseIn(service, [], { spec: { type: "ClusterIP" } })).toBe("controllers");
    expect(phaseIn(service)).toBe("controllers");
  });

  it("of a Deployment depends on whose part it is", () => {
    const deployment = "kubernetes:apps/v1:Deployment";
    expect(phaseIn(deployment, ["mlstack:index:ClusterAutoscaler"])).toBe("controllers");
    expect(phaseIn(deployment, ["mlstack:index:Karpenter", "mlstack:internal:RenderedObjects"])).toBe("controllers");
    expect(phaseIn(deployment, ["kubernetes:helm.sh/v4:Chart"])).toBe("controllers");
    expect(phaseIn(deployment, ["acme:index:Shop"])).toBe("workloads");
  });

  it("of anything in a workload is that of the workload", () => {
    expect(phaseIn("kubernetes:core/v1:ConfigMap", ["mlstack:index:GpuJob"])).toBe("workloads");
  });
});

describe("the order of a destroy", () => {
  const { resources } = exampleState();
  const waveOf = (name: string) => destroyOrder(resources).find(({ resource }) => nameOf(resource) === name)?.wave;

  it("goes from workloads to the network", () => {
    const chain = ["train-job", "scratch", "ml", "prod-eks", "prod-a", "prod-vpc"].map((name) => waveOf(name)!);
    expect(chain).toEqual([...chain].sort((a, b) => a - b));
    expect(new Set(chain).size).toBe(chain.length);
  });

  it("takes node pools before their controller, that before add-ons, these before node groups and cluster", () => {
    const chain = ["gpu", "gpu-class", "karpenter-deployment", "node-pools", "ebs-csi", "system", "prod-eks"];
    expect(chain.map(waveOf)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it("leaves out components and providers, which are nothing but a record", () => {
    const types = destroyOrder(resources).map(({ resource }) => resource.type);
    expect(types.filter((type) => /^(pulumi|mlstack|eks):/.test(type))).toEqual([]);
  });

  it("leaves out what the program only read", () => {
    const state = new StateBuilder();
    state.custom("aws:ec2/vpc:Vpc", "brought", undefined, { external: true });
    expect(destroyOrder(state.resources)).toEqual([]);
  });

  it("lets whoever depends on a component wait for everything in it", () => {
    const state = new StateBuilder();
    const component = state.component("mlstack:index:Vpc", "net");
    state.custom("aws:ec2/vpc:Vpc", "inside", component);
    state.custom("aws:eks/cluster:Cluster", "outside", undefined, { dependsOn: [component] });
    expect(destroyOrder(state.resources).map(({ resource, wave }) => [nameOf(resource), wave])).toEqual([
      ["outside", 1],
      ["inside", 2],
    ]);
  });

  it("follows dependencies of properties, of providers, and of what is deleted with another", () => {
    const state = new StateBuilder();
    const base = state.custom("aws:ec2/vpc:Vpc", "base");
    const provider = state.custom("pulumi:providers:kubernetes", "k8s", undefined, { dependsOn: [base] });
    state.custom("kubernetes:core/v1:Pod", "by-provider", undefined, { provider: `${provider.urn}::some::id` });
    state.custom("aws:ec2/subnet:Subnet", "by-property", undefined, { propertyDependencies: { vpcId: [base.urn] } });
    state.custom("aws:ec2/eip:Eip", "deleted-with", undefined, { deletedWith: base.urn });
    const order = destroyOrder(state.resources);
    expect(order.map(({ wave }) => wave)).toEqual([1, 1, 1, 2]);
    expect(order.at(-1)).toMatchObject({ wave: 2, resource: { urn: base.urn } });
  });
});

describe("a teardown around a drain", () => {
  it("first takes what runs on the cluster, leaves node claims to the drain, then takes all the rest", () => {
    const { first, rest } = stagedOrder(exampleState().resources);
    expect(titles(first.map(({ resource }) => resource)).sort()).toEqual([
      "gateway",
      "scratch",
      "train-job",
      "training",
    ]);
    expect(rest[0]!.wave).toBe(1);
    expect(titles(rest.map(({ resource }) => resource))).toEqual(
      expect.arrayContaining(["gpu", "karpenter-deployment"]),
    );
  });

  it("names the components that become empty with it, and no others", () => {
    const { targets } = stagedOrder(exampleState().resources);
    const components = targets.filter((urn) => /::mlstack:index:\w+::/.test(urn));
    expect(components).toEqual(["urn:pulumi:prod::mlstack::mlstack:index:GpuJob::train"]);
  });

  it("keeps for later what something that stays depends on", () => {
    const state = new StateBuilder();
    const claim = state.custom("kubernetes:core/v1:PersistentVolumeClaim", "models");
    state.custom("kubernetes:helm.sh/v3:Release", "registry", undefined, { dependsOn: [claim] });
    expect(stagedOrder(state.resources).targets).toEqual([]);
  });
});

/** States of any shape: each resource may have earlier ones as parent, provider and dependencies. */
const anyState = fc
  .array(
    fc.record({
      type: fc.constantFrom(
        "kubernetes:batch/v1:Job",
        "kubernetes:karpenter.sh/v1:NodePool",
        "kubernetes:helm.sh/v3:Release",
        "aws:eks/nodeGroup:NodeGroup",
        "aws:ec2/vpc:Vpc",
        "mlstack:index:Part",
        "pulumi:providers:aws",
      ),
      picks: fc.array(fc.nat(), { maxLength: 4 }),
      parent: fc.option(fc.nat()),
    }),
    { minLength: 1, maxLength: 30 },
  )
  .map((drafts) => {
    const state = new StateBuilder();
    drafts.forEach(({ type, picks, parent }, index) => {
      const earlier = [...state.resources];
      const dependsOn = picks.map((pick) => earlier[pick % earlier.length]!).filter((each) => each !== state.stack);
      const components = earlier.filter(({ custom }) => custom === false);
      const under = parent === null ? state.stack : components[parent % components.length]!;
      if (type === "mlstack:index:Part") state.component(type, `r${index}`, under, { dependsOn });
      else state.custom(type, `r${index}`, under, { dependsOn });
    });
    return state.resources;
  });

describe("in every state", () => {
  it("each dependant goes in an earlier wave than what it depends on", () => {
    fc.assert(
      fc.property(anyState, (resources) => {
        const wave = new Map(destroyOrder(resources).map((deletion) => [deletion.resource.urn, deletion.wave]));
        const all = dependenciesWithin(resources);
        resources.forEach((resource, index) => {
          for (const dependency of all[index]!) {
            const target = resources[dependency]!;
            if (isDeleted(resource) && isDeleted(target)) {
              expect(wave.get(resource.urn)!).toBeLessThan(wave.get(target.urn)!);
            }
          }
        });
      }),
    );
  });

  it("everything is deleted once, first or later, and nothing that stays depends on what goes first", () => {
    fc.assert(
      fc.property(anyState, (resources) => {
        const { first, rest, targets } = stagedOrder(resources);
        const deleted = [...first, ...rest].map(({ resource }) => resource.urn);
        expect(deleted.sort()).toEqual(
          resources
            .filter(isDeleted)
            .map(({ urn }) => urn)
            .sort(),
        );
        const all = dependenciesWithin(resources);
        resources.forEach(({ urn }, index) => {
          if (targets.includes(urn)) return;
          for (const dependency of all[index]!) expect(targets).not.toContain(resources[dependency]!.urn);
        });
        for (const { phase, resource } of first) {
          expect(["workloads", "queues", "load balancers", "volumes"]).toContain(phase);
          expect(resource.type).toMatch(/^kubernetes:/);
        }
      }),
    );
  });
});

describe("an exported state", () => {
  it("is read in its order", () => {
    expect(titles(resourcesOf(exampleState().exported())).slice(0, 3)).toEqual(["mlstack-prod", "aws", "prod"]);
  });

  it.each(['{"version":3}', '{"version":3,"deployment":{}}', '{"deployment":null}'])("may be empty: %s", (text) => {
    expect(resourcesOf(text)).toEqual([]);
  });
});
