import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CoreV1Api } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { Environment } from "../../../cli/environment";
import { dependenciesWithin, destroyOrder, stagedOrder } from "../../../cli/teardown/order";
import { tearDown } from "../../../cli/teardown/teardown";
import { eventually, TestCluster } from "../../support/cluster";
import { scratchFolder, setForTest } from "../../support/scratch";
import { StandInStack } from "../../support/stand-ins";
import { AwsRegister } from "./aws-register";

/** A small environment; the kubeconfig that it exports is that of a real API server. */
const program = (kubeconfig: string) => `
const role = new aws.iam.Role("cluster", { assumeRolePolicy: "{}" });
const vpc = new aws.ec2.Vpc("net", { cidrBlock: "10.0.0.0/16" });
const subnetIds = ["a", "b"].map((zone, index) => new aws.ec2.Subnet("net-" + zone, {
  vpcId: vpc.id, cidrBlock: "10.0." + index + ".0/24", availabilityZone: "us-east-1" + zone }).id);
const cluster = new aws.eks.Cluster("eks", { name: "test-ml", roleArn: role.arn, vpcConfig: { subnetIds } });
const nodes = new aws.eks.NodeGroup("system", {
  clusterName: cluster.name, nodeRoleArn: role.arn, subnetIds,
  scalingConfig: { minSize: 1, maxSize: 2, desiredSize: 1 } });
const provider = new k8s.Provider("k8s", { kubeconfig: "{}" }, { dependsOn: cluster });
const onCluster = { provider, dependsOn: nodes };
const karpenter = new k8s.helm.v3.Release("karpenter", { chart: "karpenter", version: "1.14.1" }, onCluster);
const custom = (name, apiVersion, kind, dependsOn) => new k8s.apiextensions.CustomResource(name, {
  apiVersion, kind, metadata: { name }, spec: {} }, { provider, dependsOn });
const nodeClass = custom("gpu-class", "karpenter.k8s.aws/v1", "EC2NodeClass", [karpenter]);
custom("gpu", "karpenter.sh/v1", "NodePool", [nodeClass]);
class GpuJob extends pulumi.ComponentResource {
  constructor(name, opts) {
    super("mlstack:index:GpuJob", name, {}, opts);
    const template = { spec: { restartPolicy: "Never", containers: [{ name: "main", image: "example.com/train:1" }] } };
    new k8s.batch.v1.Job(name + "-job", { spec: { template } }, { parent: this, provider });
    this.registerOutputs();
  }
}
new GpuJob("train");
exports.kubeconfig = pulumi.secret(${JSON.stringify(kubeconfig)});
`;

/** With the real engine, against the stand-ins for AWS and Kubernetes and a real API server to drain. */
describe("a teardown with the real engine", { timeout: 120_000 }, () => {
  let cluster: TestCluster;
  let stack: StandInStack;
  beforeAll(async () => {
    cluster = await TestCluster.start();
    stack = await StandInStack.ofProgram(program(await readFile(cluster.controlPlane.layout.kubeconfig, "utf8")));
    const { code, output } = await stack.up();
    expect(code, output).toBe(0);
    await stack.journal();
  }, 240_000);
  afterAll(async () => {
    await stack.remove();
    await cluster.remove();
  });

  /** The environment of a stack whose engine runs against the stand-ins. */
  async function environment(onDestroy: (output: string) => void): Promise<Environment> {
    const path = join(await scratchFolder(), "test.yaml");
    await writeFile(path, "config: { mlstack:cluster: { kind: eks }, aws:region: us-east-1 }");
    const pulumi = {
      quietly: async (args: string[]) =>
        args[1] === "export"
          ? JSON.stringify({ deployment: { resources: await stack.resources() } })
          : JSON.stringify(await stack.outputs()),
      run: async ([command = "", ...args]: string[]) => {
        const { code, output } = await stack.pulumi(command, ...args);
        onDestroy(output);
        return code ?? 1;
      },
      with: () => pulumi,
    };
    return {
      stack: { name: "test", path, isDefault: false, embedded: false },
      stackArguments: [],
      pulumi,
    } as unknown as Environment;
  }

  it("is foretold wave by wave", async () => {
    const resources = await stack.resources();
    const { first, targets } = stagedOrder(resources);
    expect(first.map(({ resource, phase, wave }) => [resource.type.split(":").at(-1), phase, wave])).toEqual([
      ["Job", "workloads", 1],
    ]);
    expect(targets.map((urn) => urn.split("::").at(-1))).toContain("train");
    const order = destroyOrder(resources).map(({ resource }) => resource.type.split(":").at(-1));
    expect(order.slice(-4).sort()).toEqual(["Role", "Subnet", "Subnet", "Vpc"]);
  });

  it("takes the workloads first, drains the cluster, and takes the rest in its order", async () => {
    const register = await AwsRegister.start();
    onTestFinished(() => register.stop());
    setForTest("AWS_ENDPOINT_URL", register.endpoint);
    setForTest("AWS_ACCESS_KEY_ID", "test");
    setForTest("AWS_SECRET_ACCESS_KEY", "test");
    const finalizers = ["example.com/cleans-up-in-aws"];
    await cluster.create({
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "inference", namespace: "default", finalizers },
      spec: { type: "LoadBalancer", ports: [{ port: 80 }] },
    });
    const before = await stack.resources();
    const destroys: string[] = [];
    const done = tearDown(await environment((output) => destroys.push(output)), { yes: true });
    // Plays the controller, which takes the load balancer down in AWS.
    const where = { name: "inference", namespace: "default" };
    const core = cluster.api(CoreV1Api);
    await eventually(
      "the load balancer is to go",
      async () => {
        return (await core.readNamespacedService(where)).metadata?.deletionTimestamp !== undefined;
      },
      60_000,
    );
    const first = (await stack.journal()).map(({ operation, name }) => `${operation} ${name}`);
    expect(first).toEqual(["delete train-job"]);
    expect(await stack.resources()).not.toEqual([]);
    await core.patchNamespacedService({ ...where, body: [{ op: "remove", path: "/metadata/finalizers" }] });

    expect(await done, destroys.join("\n")).toBe(0);
    expect(destroys).toHaveLength(2);
    const rest = await stack.journal();
    expect(rest.map(({ name }) => name).sort()).toEqual(
      ["cluster", "eks", "gpu", "gpu-class", "karpenter", "net", "net-a", "net-b", "system"].sort(),
    );
    const timesOf = new Map(rest.map((entry) => [entry.urn, entry]));
    const pairs = dependenciesWithin(before).flatMap((dependencies, index) => {
      const dependant = timesOf.get(before[index]!.urn);
      return dependencies.map((dependency) => [dependant, timesOf.get(before[dependency]!.urn)] as const);
    });
    const awaited = pairs.filter(([dependant, dependency]) => dependant !== undefined && dependency !== undefined);
    expect(awaited.length).toBeGreaterThan(5);
    for (const [dependant, dependency] of awaited) expect(dependant!.ended).toBeLessThanOrEqual(dependency!.started);
    expect(await stack.resources()).toEqual([]);
  });
});
