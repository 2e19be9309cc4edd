import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { CoreV1Api } from "@kubernetes/client-node";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import type { Environment } from "../../../cli/environment";
import { confirmed } from "../../../cli/teardown/confirmation";
import { showOrder, tearDown } from "../../../cli/teardown/teardown";
import { Problem } from "../../../rehearsal/problem";
import { TestCluster } from "../../support/cluster";
import { scratchFolder, setForTest } from "../../support/scratch";
import { AwsRegister } from "./aws-register";
import { exampleState, StateBuilder } from "./example-state";
import { createTypes, holdTypes, platformType } from "./platform-cluster";

/** A volume of the cluster's that Pulumi does not know. */
const LEFT = {
  ResourceARN: "arn:aws:elasticfilesystem:eu-west-1:123456789012:access-point/fsap-1",
  Tags: [{ Key: "kubernetes.io/cluster/prod-ml", Value: "owned" }],
};

describe("tearing a stack down", { timeout: 60_000 }, () => {
  let cluster: TestCluster;
  beforeAll(async () => {
    cluster = await TestCluster.start();
  });
  afterAll(async () => {
    await cluster.remove();
  });

  /** What was run and drained, in this order. */
  let done: string[];
  /** What was printed. */
  let printed: string;
  /** What Pulumi is, and answers. */
  let pulumi: { state: StateBuilder; outputs: object; codes: number[]; failure?: Error };

  beforeEach(async () => {
    done = [];
    printed = "";
    const state = exampleState();
    state.resources.forEach((resource) => {
      delete resource.protect;
      if (resource.inputs?.["deletionProtection"] === true) resource.inputs["deletionProtection"] = false;
    });
    const kubeconfig = await readFile(cluster.controlPlane.layout.kubeconfig, "utf8");
    pulumi = { state, outputs: { kubeconfig }, codes: [] };
    for (const stream of [process.stdout, process.stderr]) {
      vi.spyOn(stream, "write").mockImplementation((chunk) => {
        printed += String(chunk);
        return true;
      });
    }
    for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]) setForTest(name, "test");
    await registered([]);
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  async function registered(resources: object[]): Promise<void> {
    const register = await AwsRegister.start({ status: 200, body: { ResourceTagMappingList: resources } });
    onTestFinished(() => register.stop());
    setForTest("AWS_ENDPOINT_URL", register.endpoint);
  }

  /** An environment whose engine only writes down what it is told. */
  async function environment(config = "config: { mlstack:cluster: { kind: eks } }"): Promise<Environment> {
    const path = join(await scratchFolder(), "prod.yaml");
    await writeFile(path, config);
    const engine = (variables: string) => ({
      quietly: (args: string[]) => {
        if (pulumi.failure !== undefined) return Promise.reject(pulumi.failure);
        return Promise.resolve(args[1] === "export" ? pulumi.state.exported() : JSON.stringify(pulumi.outputs));
      },
      run: async (args: string[]) => {
        const names = args.filter((arg) => arg.startsWith("urn:")).map((urn) => urn.split("::").at(-1)!);
        const options = args.filter((arg) => !arg.startsWith("urn:") && arg !== "--target");
        const services = (await cluster.api(CoreV1Api).listNamespacedService({ namespace: "default" })).items.length;
        done.push([...options, `targets=${names.join(",")}`, `services=${services}`, variables].join(" ").trim());
        return pulumi.codes.shift() ?? 0;
      },
      with: (more: Record<string, string>) => engine(JSON.stringify(more)),
    });
    return {
      stack: { name: "prod", path, isDefault: false, embedded: false },
      stackArguments: ["--stack", "prod"],
      pulumi: engine(""),
    } as unknown as Environment;
  }

  const loadBalancer = () =>
    cluster.create({
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "inference", namespace: "default" },
      spec: { type: "LoadBalancer", ports: [{ port: 80 }] },
    });

  it("destroys what runs on the cluster, drains it, destroys the rest, and reports", async () => {
    await loadBalancer();
    expect(await tearDown(await environment(), { yes: true })).toBe(0);
    expect(done).toEqual([
      "destroy --yes --skip-preview --stack prod targets=training,scratch,train,train-job,gateway services=2",
      "destroy --yes --skip-preview --stack prod targets= services=1",
    ]);
    expect(printed).toContain("Load balancers: 1 gone");
    expect(printed).toContain(
      "Kept in AWS on purpose (retainOnDelete):\n  aws:efs/fileSystem:FileSystem checkpoints: checkpoints-id\n",
    );
    expect(printed).toMatch(/\nNothing is left of prod \(cluster prod-ml\) in eu-west-1\.\n$/);
  });

  it("drains a platform of what users have on it before anything is destroyed", async () => {
    const workflow = platformType("Workflow");
    await createTypes(cluster, [workflow]);
    holdTypes(pulumi.state, [workflow]);
    const header = { apiVersion: "argoproj.io/v1", kind: "Workflow" };
    await cluster.create({ ...header, metadata: { name: "train", namespace: "default" } });
    await loadBalancer();
    expect(await tearDown(await environment(), { yes: true })).toBe(0);
    expect(done.map((line) => /services=\d/.exec(line)?.[0])).toEqual(["services=2", "services=1"]);
    const steps = ["Workloads that make others: 1 gone", "Load balancers: 1 gone"].map((step) => printed.indexOf(step));
    expect(steps.every((place) => place >= 0)).toBe(true);
    expect(steps[0]).toBeLessThan(steps[1]!);
    expect(printed).toContain("workloads that make others   Workflow   default     1          train\n");
    expect(printed).not.toContain("Kept on the cluster");

    await cluster.create({
      ...header,
      metadata: { name: "train", namespace: "default", finalizers: ["example.com/stays"] },
    });
    done = [];
    await expect(tearDown(await environment(), { yes: true, drainTimeout: 0.005 })).rejects.toThrow(
      "the cluster is not drained: not gone within 0.3 s:\n  Workflow in default: train: waits for example.com/stays (argoWorkflows)\n",
    );
    expect(done).toEqual([]);
  });

  it("fails where AWS has something left, with its remedy", async () => {
    await registered([LEFT]);
    expect(await tearDown(await environment(), { yes: true })).toBe(1);
    expect(printed).toContain("Left of prod (cluster prod-ml) in eu-west-1: 1.");
    expect(printed).toContain("aws efs delete-access-point --access-point-id fsap-1 --region eu-west-1");
  });

  it("does not report what Pulumi has just deleted and AWS still remembers", async () => {
    pulumi.state.resources.find(({ type }) => type.includes("efs"))!.outputs = { arn: LEFT.ResourceARN };
    await registered([LEFT]);
    expect(await tearDown(await environment(), { yes: true })).toBe(0);
  });

  it("deletes nothing where something is protected, and says what to do", async () => {
    pulumi.state = exampleState();
    const failed = tearDown(await environment(), { yes: true });
    await expect(failed).rejects.toBeInstanceOf(Problem);
    await expect(failed).rejects.toMatchObject({
      message: "nothing was destroyed, as destroying prod would stop half way",
      remedy: [
        "  Cluster prod-eks: AWS refuses to delete it (deletionProtection: true).",
        "    Set deletionProtection to false in the configuration and run `mlstack up --stack prod`.",
        "  Bucket artifacts: it is protected (protect: true).",
        "    Take the protection off in the configuration and run `mlstack up --stack prod`, or run: pulumi state unprotect --stack prod 'urn:pulumi:prod::mlstack::aws:s3/bucket:Bucket::artifacts'",
      ].join("\n"),
    });
    expect(done).toEqual([]);
  });

  it("deletes nothing where the cluster can not be reached, nor where the stack does not say how", async () => {
    pulumi.outputs = { kubeconfig: NOBODY };
    await expect(tearDown(await environment(), { yes: true })).rejects.toThrow(
      "the cluster https://127.0.0.1:1 does not answer (bad port)",
    );
    pulumi.outputs = {};
    await expect(tearDown(await environment(), { yes: true })).rejects.toThrow(
      'the stack prod has a cluster and no output "kubeconfig" to reach it with',
    );
    expect(done).toEqual([]);
  });

  it("deletes nothing without being told to: there is no terminal to ask at", async () => {
    await expect(tearDown(await environment(), {})).rejects.toMatchObject({
      message: "there is no terminal to ask whether prod is to be destroyed",
      remedy: "Give --yes to destroy it without being asked.",
    });
    expect(done).toEqual([]);
  });

  it.each([
    ["prod", true],
    [" prod ", true],
    ["yes", false],
    ["", false],
  ])("takes only its name for a yes: %j is %s", async (answer, agreed) => {
    const terminal = Object.assign(new PassThrough(), { isTTY: true });
    terminal.end(`${answer}\n`);
    expect(await confirmed("prod", terminal)).toBe(agreed);
    expect(printed).toBe("Type prod to destroy it: ");
  });

  it("leaves the cluster alone with --skip-drain, and forgets its objects if it can not be reached", async () => {
    pulumi.outputs = {};
    expect(await tearDown(await environment(), { yes: true, skipDrain: true })).toBe(0);
    expect(done).toEqual([
      'destroy --yes --skip-preview --stack prod targets= services=1 {"PULUMI_K8S_DELETE_UNREACHABLE":"true"}',
    ]);
  });

  it("never drains a cluster that the stack did not make", async () => {
    await loadBalancer();
    onTestFinished(async () => {
      await cluster.api(CoreV1Api).deleteNamespacedService({ name: "inference", namespace: "default" });
    });
    const { resources } = pulumi.state;
    resources.find(({ type }) => type === "aws:eks/cluster:Cluster")!.external = true;
    setForTest("AWS_REGION", "eu-west-1");
    expect(await tearDown(await environment(), { yes: true })).toBe(0);
    expect(done).toHaveLength(1);
    expect(done[0]).toContain("services=2");
  });

  it("stops at the first destroy that fails, and names what Pulumi does not know and may be the reason", async () => {
    await registered([LEFT]);
    pulumi.codes = [0, 255];
    expect(await tearDown(await environment(), { yes: true })).toBe(255);
    expect(done).toHaveLength(2);
    expect(printed).toContain(
      "The stack prod is not destroyed; the reason is above. What is gone stays gone: mend the reason and run the command again.",
    );
    expect(printed).toContain("Left of prod (cluster prod-ml) in eu-west-1: 1.");

    done = [];
    pulumi.codes = [1];
    expect(await tearDown(await environment(), { yes: true })).toBe(1);
    expect(done).toHaveLength(1);
  });

  it("keeps the exit code of the destroy where AWS can not be asked", async () => {
    setForTest("AWS_ENDPOINT_URL", "http://127.0.0.1:1");
    setForTest("AWS_MAX_ATTEMPTS", "1");
    pulumi.codes = [7];
    expect(await tearDown(await environment(), { yes: true })).toBe(7);
    expect(printed).toMatch(/\nAWS does not answer in the region eu-west-1: /);
  });

  it("only reports where Pulumi has nothing any more", async () => {
    pulumi.failure = new Error("pulumi stack export failed:\nerror: no stack named 'prod' found");
    const config = "config: { mlstack:cluster: { kind: eks, eks: { clusterName: prod-ml, region: eu-west-1 } } }";
    expect(await tearDown(await environment(config), {})).toBe(0);
    expect(done).toEqual([]);
    expect(printed).toMatch(/\nNothing is left of prod \(cluster prod-ml\) in eu-west-1\.\n$/);
  });

  it("leaves a stack without anything in AWS to Pulumi, which asks by itself", async () => {
    pulumi.state = new StateBuilder();
    pulumi.state.custom("kubernetes:core/v1:Namespace", "ml");
    const config = "config: { mlstack:cluster: { kind: existing } }";
    expect(await tearDown(await environment(config), {})).toBe(0);
    expect(done).toEqual(["destroy --stack prod targets= services=1"]);
  });

  it("says so where Pulumi can not be asked", async () => {
    pulumi.failure = new Error("pulumi stack export failed:\nerror: PULUMI_ACCESS_TOKEN must be set");
    await expect(tearDown(await environment(), { yes: true })).rejects.toMatchObject({
      message:
        "Pulumi's state of prod can not be read: pulumi stack export failed:\nerror: PULUMI_ACCESS_TOKEN must be set",
      remedy: "Log in as for `mlstack up`: `pulumi login`, and the passphrase or key of the stack's secrets.",
    });
  });

  it("only shows the order in a dry run, with what would stop it", async () => {
    pulumi.state = exampleState();
    expect(await showOrder(await environment(), {})).toBe(0);
    expect(done).toEqual([]);
    expect(printed).toContain("Destroying prod deletes 16 resources and keeps 2. First, while the controllers live:");
    expect(printed).toContain("Destroy would stop at:\n  Cluster prod-eks:");
    expect(printed).toMatch(/\nNothing was changed\.\n$/);
  });

  it("says in a dry run that there is nothing", async () => {
    pulumi.state.resources.length = 0;
    expect(await showOrder(await environment(), {})).toBe(0);
    expect(printed).toBe("\nThe stack prod has no resources: there is nothing to destroy.\n");
  });
});

/** A kubeconfig of a cluster at whose address nobody listens. */
const NOBODY = {
  clusters: [{ name: "c", cluster: { server: "https://127.0.0.1:1", "insecure-skip-tls-verify": true } }],
  users: [{ name: "u", user: {} }],
  contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
  "current-context": "x",
};
