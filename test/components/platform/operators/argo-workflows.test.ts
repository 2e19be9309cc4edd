import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import {
  argoControllerConfig,
  ArgoAuthMode,
  ArgoTemplateReferencing,
  ArgoWorkflows,
  type ArgoWorkflowsArgs,
  argoWorkflowsRendering,
} from "../../../../components/platform/operators";
import { expectGolden, toYaml } from "../../../support/golden";
import { problemsOf, startMocks, valueOf } from "../../../support/mocks";
import { platformMirror } from "../../../support/platform-mirror";
import { argsOf, find, renderedObjectsOf, renderedWithoutTypes, summaryOf, titlesOf, typesOf } from "./summary";

const reasonsOf = (args: ArgoWorkflowsArgs) => problemsOf(() => new ArgoWorkflows("argo", args)).reasons;

const sso = {
  issuer: "https://id.example.com",
  clientId: { name: "argo-sso", key: "id" },
  clientSecret: { name: "argo-sso", key: "secret" },
  redirectUrl: "https://argo.example.com/oauth2/callback",
};

describe("ArgoWorkflows", () => {
  it("creates namespace and configuration before the objects that read it", async () => {
    const program = await startMocks({ render: renderedWithoutTypes });
    const argo = new ArgoWorkflows("argo", { platform: { chartMirror: await platformMirror() } });
    expect(await valueOf(argo.namespace)).toBe("argo");
    const resources = await program.resources();
    const controller = resources.find(({ name }) => name === "argo-objects-deployment-workflow-controller")!;
    expect(controller.parent).toBe("argo-objects");
    const configuration = resources.find(({ name }) => name === "argo-configuration")!;
    expect(configuration.inputs["metadata"]).toEqual({ name: "workflow-controller-configmap", namespace: "argo" });
    const first = resources.find(({ parent }) => parent === "argo-objects")!;
    expect(resources.indexOf(first)).toBeGreaterThan(resources.indexOf(configuration));
  });

  it("fills in what is known only later", async () => {
    const program = await startMocks();
    const bucket = pulumi.output(Promise.resolve("artifacts-7f3"));
    new ArgoWorkflows("argo", { artifactStore: { kind: "s3", bucket, region: "us-east-1" } });
    const { data } = (await program.inputsOf("argo-configuration")) as { data: { config: string } };
    expect((JSON.parse(data.config) as { artifactRepository: object }).artifactRepository).toEqual({
      archiveLogs: true,
      s3: {
        endpoint: "s3.amazonaws.com",
        bucket: "artifacts-7f3",
        region: "us-east-1",
        insecure: false,
        keyFormat: "{{workflow.namespace}}/{{workflow.name}}/{{pod.name}}",
        useSDKCreds: true,
      },
    });
  });
});

describe("the manifests of Argo Workflows, as adjusted", () => {
  it("have pinned images, two unprivileged pods each, and a server that lets nobody in without a token", async () => {
    const objects = await renderedObjectsOf(argoWorkflowsRendering({}));
    expectGolden("argo-workflows.yaml", summaryOf(objects));
  });

  it("have a controller that waits for webhooks which do not answer", async () => {
    const controller = find(await renderedObjectsOf(argoWorkflowsRendering({})), "Deployment", "workflow-controller");
    const { containers } = (controller["spec"] as { template: { spec: { containers: { env: object[] }[] } } }).template
      .spec;
    expect(containers.map(({ env }) => env)).toEqual([
      [
        expect.objectContaining({ name: "LEADER_ELECTION_IDENTITY" }),
        { name: "TRANSIENT_ERROR_PATTERN", value: "failed calling webhook" },
      ],
    ]);
  });

  it("share no name outside of their namespace with the controller of Kubeflow Pipelines", async () => {
    const objects = await renderedObjectsOf(argoWorkflowsRendering({}));
    expect(titlesOf(objects, "ClusterRole", "ClusterRoleBinding", "PriorityClass").sort()).toEqual([
      "ClusterRole argo-workflows-aggregate-to-admin",
      "ClusterRole argo-workflows-aggregate-to-edit",
      "ClusterRole argo-workflows-aggregate-to-view",
      "ClusterRole argo-workflows-controller",
      "ClusterRole argo-workflows-server",
      "ClusterRoleBinding argo-workflows-controller",
      "ClusterRoleBinding argo-workflows-server",
      "PriorityClass argo-workflows-controller",
    ]);
  });

  it("check no fields of workflows unless the platform has full types, as the types would be 11 MB", async () => {
    const foldersOf = (args: ArgoWorkflowsArgs) =>
      argoWorkflowsRendering(args).sources.map((source) => "folder" in source && source.folder);
    expect(foldersOf({})).toEqual(["cluster-install-no-crds", "base/crds/minimal"]);
    expect(foldersOf({ platform: { fullTypes: true } })).toEqual(["cluster-install-no-crds", "base/crds/full"]);
    expect(typesOf(await renderedObjectsOf(argoWorkflowsRendering({})))).toEqual([
      "clusterworkflowtemplates.argoproj.io",
      "cronworkflows.argoproj.io",
      "workflowartifactgctasks.argoproj.io",
      "workfloweventbindings.argoproj.io",
      "workflows.argoproj.io",
      "workflowtaskresults.argoproj.io",
      "workflowtasksets.argoproj.io",
      "workflowtemplates.argoproj.io",
    ]);
  });

  it("have no trace of the server where there is none", async () => {
    const objects = await renderedObjectsOf(argoWorkflowsRendering({ server: { enabled: false } }));
    expect(objects.filter(({ metadata }) => metadata.name.includes("server"))).toEqual([]);
  });

  it("give rights in the two namespaces that a controller of one namespace needs", async () => {
    const objects = await renderedObjectsOf(argoWorkflowsRendering({ namespace: "flows", managedNamespace: "team-a" }));
    expect(titlesOf(objects, "ClusterRoleBinding", "RoleBinding").sort()).toEqual([
      "RoleBinding flows/argo-binding",
      "RoleBinding flows/argo-server",
      "RoleBinding flows/argo-workflows-controller",
      "RoleBinding flows/argo-workflows-server",
      "RoleBinding team-a/argo-workflows-controller",
      "RoleBinding team-a/argo-workflows-server",
    ]);
    expect(argsOf(objects, "workflow-controller")).toEqual([
      "--executor-image=quay.io/argoproj/argoexec:v4.0.5",
      "--namespaced",
      "--managed-namespace=team-a",
    ]);
  });

  it("have the server take tokens of single sign-on", async () => {
    const objects = await renderedObjectsOf(argoWorkflowsRendering({ server: { sso, tlsSecret: "argo-tls" } }));
    expect(argsOf(objects, "argo-server")).toEqual([
      "server",
      "--secure=true",
      "--auth-mode=sso",
      "--tls-certificate-secret-name=argo-tls",
    ]);
  });

  it.each<[string, ArgoWorkflowsArgs, boolean]>([
    ["with tokens of users", {}, false],
    ["with single sign-on", { server: { sso } }, true],
  ])("let the server read Secrets of other namespaces only where it must: %s", async (_, args, everywhere) => {
    const objects = await renderedObjectsOf(argoWorkflowsRendering(args));
    const rules = find(objects, "ClusterRole", "argo-workflows-server")["rules"] as { resources: string[] }[];
    expect(rules.some(({ resources }) => resources.includes("secrets"))).toBe(everywhere);
    expect(titlesOf(objects, "Role").includes("Role argo/argo-server")).toBe(!everywhere);
  });

  it("show metrics to Prometheus", async () => {
    const objects = await renderedObjectsOf(argoWorkflowsRendering({ platform: { prometheus: true } }));
    expect(titlesOf(objects, "PodMonitor")).toEqual(["PodMonitor argo/workflow-controller"]);
  });
});

describe("the configuration of Argo Workflows", () => {
  it("bounds the life of workflows and takes root from their pods by default", () => {
    expectGolden("argo-workflows-config.yaml", toYaml(argoControllerConfig({})));
  });

  it("has everything that can be asked for", () => {
    const config = argoControllerConfig({
      platform: { prometheus: true },
      artifactStore: {
        kind: "seaweedfs",
        bucket: "artifacts",
        region: "us-east-1",
        endpoint: "seaweedfs-s3.artifacts.svc:8333",
        insecure: true,
        credentialsSecret: "artifact-credentials",
      },
      artifactKeyFormat: "{{workflow.name}}",
      archiveLogs: false,
      workflowDefaults: {
        serviceAccountName: "flow",
        automountServiceAccountToken: false,
        runAsUser: 1000,
        fsGroup: 1000,
        activeDeadlineSeconds: 3600,
        secondsAfterCompletion: 600,
        secondsAfterSuccess: 60,
        secondsAfterFailure: 6000,
        podCleanup: "OnPodCompletion",
      },
      instanceId: "argo",
      limits: { workflows: 50, workflowsPerNamespace: 10, podsPerSecond: 20, podBurst: 40 },
      templateReferencing: ArgoTemplateReferencing.secure,
      retention: { completed: 100, failed: 50, errored: 50 },
      executor: { cpu: "100m", memory: "256Mi" },
      server: { sso },
    });
    expectGolden("argo-workflows-config-all.yaml", toYaml(config));
  });

  it("is overridden by that of the program, field by field", () => {
    const config = argoControllerConfig({
      controllerConfig: { persistence: { archive: true }, workflowDefaults: { spec: { parallelism: 5 } } },
    }) as { persistence: object; workflowDefaults: { spec: object } };
    expect(config.persistence).toEqual({ archive: true });
    expect(config.workflowDefaults.spec).toMatchObject({ parallelism: 5, serviceAccountName: "argo-workflow" });
  });

  it("leaves the user of pods to their images where asked, unless one is named", () => {
    const securityOf = (workflowDefaults: ArgoWorkflowsArgs["workflowDefaults"]) =>
      argoControllerConfig({ workflowDefaults: workflowDefaults! })["workflowDefaults"] as unknown;
    const seccompProfile = { type: "RuntimeDefault" };
    expect(securityOf({ runsAsAnyUser: true })).toMatchObject({ spec: { securityContext: { seccompProfile } } });
    expect(JSON.stringify(securityOf({ runsAsAnyUser: true }))).not.toMatch(/runAs/);
    expect(securityOf({ runsAsAnyUser: true, runAsUser: 1000 })).toMatchObject({
      spec: { securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile } },
    });
  });

  it("has no single sign-on without a server", () => {
    expect(argoControllerConfig({ server: { enabled: false, sso } })["sso"]).toBe(undefined);
  });
});

describe("the inputs of Argo Workflows", () => {
  it.each<[string, ArgoWorkflowsArgs, string[]]>([
    [
      "a server that lets everybody in",
      { server: { authModes: ["server" as ArgoAuthMode] } },
      [
        'server.authModes[0] is "server"; allowed: client, sso. ' +
          "In the mode server, whoever reaches the server may do whatever it may; set one of these.",
      ],
    ],
    [
      "single sign-on without an issuer",
      { server: { authModes: [ArgoAuthMode.sso] } },
      ["server.sso is missing; allowed: the issuer and client of the mode sso. Set server.sso."],
    ],
    [
      "an issuer that no mode uses",
      { server: { authModes: [ArgoAuthMode.client], sso } },
      ['server.authModes is ["client"]; allowed: modes with sso, as server.sso is set. Add sso to the modes.'],
    ],
    [
      "an issuer by plain HTTP",
      { server: { sso: { ...sso, issuer: "http://dex" } } },
      ['server.sso.issuer is "http://dex"; allowed: an address with https. Tokens pass here; use https.'],
    ],
    [
      "logs without a place to keep them",
      { archiveLogs: true },
      ["archiveLogs is true; allowed: true where artifactStore is set. Set artifactStore as well."],
    ],
    [
      "numbers below one",
      { limits: { workflows: 0 }, retention: { failed: -1 } },
      [
        "limits.workflows is 0; allowed: a whole number from 1. Set limits.workflows within that range.",
        "retention.failed is -1; allowed: a whole number from 1. Set retention.failed within that range.",
      ],
    ],
  ])("refuse %s", (_, args, reasons) => {
    expect(reasonsOf(args)).toEqual(reasons);
  });
});
