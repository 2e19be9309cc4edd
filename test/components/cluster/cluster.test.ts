import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, it } from "vitest";
import { Cluster, type ClusterArgs, ClusterKind } from "../../../components";
import { childList, isKnown, type MockedProgram, problemsOf, startMocks, valueOf } from "../../support/mocks";

const content = "apiVersion: v1\nkind: Config\nusers: []\n";

let program: MockedProgram;
beforeEach(async () => {
  program = await startMocks();
});

describe("Cluster", () => {
  it("creates one provider and nothing else", async () => {
    new Cluster("lab", { kind: ClusterKind.existing });
    expect(childList(await program.resources())).toEqual([
      "mlstack:index:Cluster lab",
      "pulumi:providers:kubernetes lab-provider < lab",
    ]);
  });

  it("connects by the kubeconfig and context that it is given", async () => {
    new Cluster("lab", { kind: ClusterKind.existing, kubeconfig: "/etc/lab.yaml", context: "admin" });
    const [, provider] = await program.resources();
    expect(provider?.inputs).toMatchObject({ kubeconfig: "/etc/lab.yaml", context: "admin" });
  });

  it.each([
    { kind: ClusterKind.local, deleteUnreachable: "true" },
    { kind: ClusterKind.existing, deleteUnreachable: "false" },
  ])("forgets the resources of an unreachable $kind cluster: $deleteUnreachable", async (row) => {
    new Cluster("lab", { kind: row.kind, kubeconfig: "/etc/lab.yaml" });
    const [, provider] = await program.resources();
    expect(provider?.inputs["deleteUnreachable"]).toBe(row.deleteUnreachable);
  });

  it("puts what is given its provider onto the cluster", async () => {
    const cluster = new Cluster("lab", { kind: ClusterKind.existing });
    new k8s.core.v1.Namespace("team", {}, { provider: cluster.provider });
    expect((await program.resource("team")).provider).toBe("lab-provider");
  });

  it("shows what it was made from", async () => {
    const cluster = new Cluster("lab", { kind: ClusterKind.existing, kubeconfig: "/etc/lab.yaml" });
    expect(cluster.kind).toBe("existing");
    expect(await valueOf(cluster.kubeconfig)).toBe("/etc/lab.yaml");
    expect(cluster.eks).toBeUndefined();
  });

  it("lets two clusters stand side by side", async () => {
    new Cluster("lab", { kind: ClusterKind.existing });
    new Cluster("local", { kind: ClusterKind.local, kubeconfig: "/etc/local.yaml" });
    expect(new Set((await program.resources()).map(({ name }) => name)).size).toBe(4);
  });

  it("can be previewed before its kubeconfig is known", async () => {
    program = await startMocks({ preview: true });
    const source = new k8s.core.v1.Secret("source", {});
    const cluster = new Cluster("lab", { kind: ClusterKind.local, kubeconfig: source.id });
    expect(childList(await program.resources())).toContain("pulumi:providers:kubernetes lab-provider < lab");
    expect(await isKnown(cluster.kubeconfig)).toBe(false);
  });
});

describe("Cluster: a kubeconfig's content", () => {
  it.each([
    { given: "YAML", kubeconfig: content, secret: true },
    { given: "JSON", kubeconfig: '{"apiVersion":"v1"}', secret: true },
    { given: "an output", kubeconfig: pulumi.output(content), secret: true },
    { given: "a path", kubeconfig: "/etc/lab.yaml", secret: false },
  ])("is kept secret everywhere when given as $given: $secret", async ({ kubeconfig, secret }) => {
    const cluster = new Cluster("lab", { kind: ClusterKind.local, kubeconfig });
    const resources = await program.resources();
    expect(resources.map(({ secretInputs }) => secretInputs.includes("kubeconfig"))).toEqual([secret, secret]);
    expect(await pulumi.isSecret(cluster.kubeconfig)).toBe(secret);
  });
});

describe("Cluster: checks", () => {
  it.each([
    { given: "local with a path", args: { kind: ClusterKind.local, kubeconfig: "/etc/local.yaml" } },
    { given: "existing without a kubeconfig", args: { kind: ClusterKind.existing } },
  ])("accepts $given", ({ args }) => {
    expect(problemsOf(() => new Cluster("lab", args)).reasons).toEqual([]);
  });

  it.each([
    {
      given: "local without a kubeconfig",
      args: { kind: ClusterKind.local },
      reason:
        "kubeconfig is missing; allowed: the path of a kubeconfig file, or its content. " +
        "Give the kubeconfig of the cluster; `mlstack up` passes that of the embedded one.",
    },
    {
      given: "an empty kubeconfig",
      args: { kind: ClusterKind.existing, kubeconfig: "" },
      reason:
        'kubeconfig is ""; allowed: the path of a kubeconfig file, or its content. ' +
        "Give the kubeconfig of the cluster; `mlstack up` passes that of the embedded one.",
    },
    {
      given: "settings of EKS for another kind",
      args: { kind: ClusterKind.existing, eks: { region: "us-east-1" } },
      reason: 'kind is "existing"; allowed: eks where eks is given. Change the kind, or remove eks.',
    },
    {
      given: "eks without its settings",
      args: { kind: ClusterKind.eks },
      reason: "eks is missing; allowed: the settings of the cluster. Give at least its region.",
    },
    {
      given: "eks with a kubeconfig",
      args: { kind: ClusterKind.eks, kubeconfig: "/etc/lab.yaml", eks: { region: "us-east-1" } },
      reason: "kubeconfig is given; allowed: none for eks. Remove it: the cluster that is made yields its own.",
    },
    {
      given: "eks with a context",
      args: { kind: ClusterKind.eks, context: "admin", eks: { region: "us-east-1" } },
      reason: "context is given; allowed: none for eks. Remove it: the cluster that is made yields its own.",
    },
    {
      given: "a kind that there is not",
      args: { kind: "minikube" } as unknown as ClusterArgs,
      reason: 'kind is "minikube"; allowed: local, existing, eks. Set kind to one of these.',
    },
  ])("refuses $given, and registers nothing", async ({ args, reason }) => {
    const { message, reasons } = problemsOf(() => new Cluster("lab", args));
    expect(message).toBe('Cluster "lab": 1 invalid input');
    expect(reasons).toEqual([reason]);
    expect(await program.resources()).toEqual([]);
  });
});
