import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { Pipelines, type PipelinesArgs, pipelinesRendering } from "../../../../components/platform/kubeflow";
import { decodedSecret } from "../../../support/decoded-secret";
import { type MockedProgram, problemsOf, startMocks, valueOf } from "../../../support/mocks";
import { hasUpstream, platformMirror } from "../../../support/platform-mirror";
import { objectsOf, renderedOnce } from "../../../support/rendering";
import { consoleOfLab, database, environmentOf, flawsOf, objectOf, s3, seaweedFs, titles } from "./samples";

const dataOf = (object: object) => (object as { data: Record<string, string> }).data;

describe("Pipelines' manifests", () => {
  it.skipIf(!hasUpstream)("leave out Argo, its types, the demo store and what runs code of users", async () => {
    const objects = await objectsOf(pipelinesRendering({ artifactStore: s3 }));
    expect(titles(objects, "Deployment", "CustomResourceDefinition", "Secret", "StatefulSet")).toEqual([
      "CustomResourceDefinition scheduledworkflows.kubeflow.org",
      "CustomResourceDefinition viewers.kubeflow.org",
      "Deployment kubeflow/metadata-envoy-deployment",
      "Deployment kubeflow/metadata-grpc-deployment",
      "Deployment kubeflow/metadata-writer",
      "Deployment kubeflow/ml-pipeline",
      "Deployment kubeflow/ml-pipeline-persistenceagent",
      "Deployment kubeflow/ml-pipeline-scheduledworkflow",
      "Deployment kubeflow/ml-pipeline-ui",
      "Deployment kubeflow/mysql",
    ]);
    expect(flawsOf(objects)).toEqual([]);
  });

  it.skipIf(!hasUpstream)("keep artifacts in Amazon's store with the rights of a role", async () => {
    const objects = await objectsOf(pipelinesRendering({ artifactStore: s3 }));
    const server = environmentOf(objectOf(objects, "Deployment", "ml-pipeline"));
    expect(server).toMatchObject({
      OBJECTSTORECONFIG_HOST: "s3.eu-central-1.amazonaws.com",
      OBJECTSTORECONFIG_PORT: "443",
      OBJECTSTORECONFIG_SECURE: "true",
      OBJECTSTORECONFIG_REGION: "eu-central-1",
    });
    expect(server).not.toHaveProperty("OBJECTSTORECONFIG_ACCESSKEY");
    const launcher = dataOf(objectOf(objects, "ConfigMap", "kfp-launcher"));
    expect(launcher["defaultPipelineRoot"]).toBe("s3://lab-artifacts/v2/artifacts");
    expect(parse(launcher["providers"]!)).toEqual({
      s3: {
        default: {
          endpoint: "s3.eu-central-1.amazonaws.com",
          region: "eu-central-1",
          disableSSL: false,
          forcePathStyle: false,
          credentials: { fromEnv: true },
        },
      },
    });
  });

  it.skipIf(!hasUpstream)("keep artifacts in the cluster's store with its Secret, logs among them", async () => {
    const objects = await objectsOf(pipelinesRendering({ artifactStore: seaweedFs }));
    const server = environmentOf(objectOf(objects, "Deployment", "ml-pipeline"));
    expect(server).toMatchObject({
      OBJECTSTORECONFIG_HOST: "seaweedfs-s3.artifacts.svc",
      OBJECTSTORECONFIG_PORT: "8333",
      OBJECTSTORECONFIG_SECURE: "false",
      OBJECTSTORECONFIG_ACCESSKEY: { secretKeyRef: { name: "artifact-store", key: "accesskey" } },
      OBJECTSTORECONFIG_SECRETACCESSKEY: { secretKeyRef: { name: "artifact-store", key: "secretkey" } },
    });
    const repositories = objectOf(objects, "ConfigMap", "artifact-repositories");
    expect(repositories.metadata.annotations).toEqual({
      "workflows.argoproj.io/default-artifact-repository": "pipelines",
    });
    expect(parse(dataOf(repositories)["pipelines"]!)).toMatchObject({
      archiveLogs: true,
      s3: {
        endpoint: "seaweedfs-s3.artifacts.svc:8333",
        insecure: true,
        accessKeySecret: { name: "artifact-store", key: "accesskey" },
      },
    });
  });

  it.skipIf(!hasUpstream)("bring Argo where it is asked for, told where logs go and when workflows go", async () => {
    const args = { artifactStore: s3, ownArgo: true, workflowTtlSeconds: 3600 };
    const objects = await objectsOf(pipelinesRendering(args));
    expect(titles(objects, "Deployment")).toContain("Deployment kubeflow/workflow-controller");
    const config = dataOf(objectOf(objects, "ConfigMap", "workflow-controller-configmap"));
    expect(parse(config["artifactRepository"]!)).toMatchObject({ s3: { bucket: "lab-artifacts", useSDKCreds: true } });
    expect(parse(config["workflowDefaults"]!)).toMatchObject({
      spec: { ttlStrategy: { secondsAfterCompletion: 3600 } },
    });
    expect(parse(config["executor"]!)).toMatchObject({ securityContext: { runAsNonRoot: true } });
    const agent = environmentOf(objectOf(objects, "Deployment", "ml-pipeline-persistenceagent"));
    expect(agent["TTL_SECONDS_AFTER_WORKFLOW_FINISH"]).toBe("3600");
  });

  it.skipIf(!hasUpstream)("refuse pipelines of version 1, unless their cache is wanted too", async () => {
    const settings = async (args: Partial<PipelinesArgs>) => {
      const objects = await objectsOf(pipelinesRendering({ artifactStore: s3, ...args }));
      const blocked = dataOf(objectOf(objects, "ConfigMap", "pipeline-install-config"))["BLOCK_V1_PIPELINES"];
      return [blocked, titles(objects, "Deployment").includes("Deployment kubeflow/cache-server")];
    };
    expect(await settings({})).toEqual(["true", false]);
    expect(await settings({ blockV1Pipelines: false })).toEqual(["false", true]);
  });

  it.skipIf(!hasUpstream)("connect to another database by its Secret, encrypted", async () => {
    const objects = await objectsOf(pipelinesRendering({ artifactStore: s3, database: database.encrypted }));
    expect(titles(objects).filter((title) => title.includes("mysql"))).toEqual([]);
    expect(environmentOf(objectOf(objects, "Deployment", "ml-pipeline"))).toMatchObject({
      DBCONFIG_MYSQLCONFIG_PASSWORD: { secretKeyRef: { name: "db-credentials", key: "pass" } },
      DBCONFIG_MYSQLCONFIG_EXTRAPARAMS: '{"tls":"true"}',
    });
    expect(environmentOf(objectOf(objects, "Deployment", "metadata-grpc-deployment"))).toMatchObject({
      DBCONFIG_USER: { secretKeyRef: { name: "db-credentials", key: "user" } },
    });
    const config = dataOf(objectOf(objects, "ConfigMap", "pipeline-install-config"));
    expect([config["mysqlHost"], config["mysqlPort"]]).toEqual(["db.lab.example", "3306"]);
  });

  it.skipIf(!hasUpstream)("let nobody call but their own namespace and those that are named", async () => {
    const objects = await objectsOf(pipelinesRendering({ artifactStore: s3, clientNamespaces: ["team-b", "team-a"] }));
    const callers = ["team-a", "team-b"].map((name) => ({
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } },
    }));
    expect(objectOf(objects, "NetworkPolicy", "pipelines-callers")["spec"]).toEqual({
      podSelector: {
        matchLabels: { "application-crd-id": "kubeflow-pipelines" },
        matchExpressions: [{ key: "app", operator: "NotIn", values: ["mysql"] }],
      },
      policyTypes: ["Ingress"],
      ingress: [{ from: [{ podSelector: {} }, ...callers] }, { ports: [{ protocol: "TCP", port: 8443 }] }],
    });
  });

  it.skipIf(!hasUpstream)("keep pipelines as resources with certificates, from two servers", async () => {
    const args = { artifactStore: s3, nativeApi: true, platform: { certManager: true } };
    const objects = await objectsOf(pipelinesRendering(args));
    expect(titles(objects, "CustomResourceDefinition", "Certificate", "PodDisruptionBudget")).toEqual([
      "CustomResourceDefinition scheduledworkflows.kubeflow.org",
      "CustomResourceDefinition viewers.kubeflow.org",
      "CustomResourceDefinition pipelines.pipelines.kubeflow.org",
      "CustomResourceDefinition pipelineversions.pipelines.kubeflow.org",
      "PodDisruptionBudget kubeflow/ml-pipeline",
      "PodDisruptionBudget kubeflow/ml-pipeline-ui",
      "Certificate kubeflow/kfp-api-webhook-cert",
    ]);
  });

  it.skipIf(!hasUpstream)("give each tenant what its runs look for, without a controller for it", async () => {
    const users = { multiUser: true, console: consoleOfLab, tenants: ["team-a"], namespace: "pipes" };
    const objects = await objectsOf(pipelinesRendering({ artifactStore: seaweedFs, ...users }));
    expect(titles(objects, "ConfigMap").filter((title) => title.includes("team-a"))).toEqual([
      "ConfigMap team-a/kfp-launcher",
      "ConfigMap team-a/metadata-grpc-configmap",
      "ConfigMap team-a/artifact-repositories",
    ]);
    const [launcher, metadata] = objects.filter(({ metadata: { namespace } }) => namespace === "team-a").map(dataOf);
    expect(launcher!["defaultPipelineRoot"]).toBe("s3://artifacts/private-artifacts/team-a/v2/artifacts");
    expect(metadata!["METADATA_GRPC_SERVICE_HOST"]).toBe("metadata-grpc-service.pipes");
    const accounts = titles(objects, "ServiceAccount", "Role", "RoleBinding");
    expect(accounts.filter((title) => title.includes("team-a"))).toEqual([
      "ServiceAccount team-a/default-editor",
      "Role team-a/pipeline-runs",
      "RoleBinding team-a/pipeline-runs",
    ]);
    expect(objectOf(objects, "Role", "pipeline-runs")["rules"]).toContainEqual({
      apiGroups: ["argoproj.io"],
      resources: ["workflowtaskresults"],
      verbs: ["create", "patch"],
    });
    expect(objectOf(objects, "RoleBinding", "pipeline-runs")).toMatchObject({
      roleRef: { kind: "Role", name: "pipeline-runs" },
      subjects: [{ kind: "ServiceAccount", name: "default-editor", namespace: "team-a" }],
    });
    expect(titles(objects, "StatefulSet", "DecoratorController")).toEqual([]);
    expect(objectOf(objects, "VirtualService", "ml-pipeline-ui")["spec"]).toMatchObject({
      gateways: ["istio-ingress/consoles"],
      http: [{ route: [{ destination: { host: "ml-pipeline-ui.pipes.svc.cluster.local" } }] }],
    });
    // Runs have no proxy of the mesh.
    const permissive = { mode: "PERMISSIVE" };
    expect(objectOf(objects, "PeerAuthentication", "ml-pipeline")).toMatchObject({
      metadata: { namespace: "pipes" },
      spec: {
        selector: { matchLabels: { app: "ml-pipeline" } },
        mtls: { mode: "STRICT" },
        portLevelMtls: { "8887": permissive, "8888": permissive },
      },
    });
    expect(objectOf(objects, "PeerAuthentication", "metadata-grpc-server")["spec"]).toMatchObject({
      selector: { matchLabels: { component: "metadata-grpc-server" } },
      portLevelMtls: { "8080": permissive },
    });
  });
});

describe("Pipelines", () => {
  let program: MockedProgram;
  beforeEach(async () => {
    program = await startMocks({ render: renderedOnce });
  });

  it.skipIf(!hasUpstream)("fill in a bucket that is known only later, and make up a password", async () => {
    const artifactStore = { ...seaweedFs, bucket: pulumi.output("made-later") };
    const pipelines = new Pipelines("kfp", { artifactStore, platform: { chartMirror: await platformMirror() } });
    const launcher = await program.inputsOf("kfp-objects-config-map-kfp-launcher");
    expect(dataOf(launcher)["defaultPipelineRoot"]).toBe("s3://made-later/v2/artifacts");
    const secret = await program.resource("kfp-database");
    expect(secret.secretInputs).toEqual(["data"]);
    expect(decodedSecret(secret.inputs)).toMatchObject({ username: "root" });
    expect(await valueOf(pipelines.endpoint)).toBe("http://ml-pipeline.kubeflow.svc:8888");
    expect(await valueOf(pipelines.ready)).toBe(true);
  });

  it("name every problem at once", () => {
    const args = {
      multiUser: true,
      nativeApi: true,
      tenants: ["Team"],
      cronTimezone: "Berlin",
      workflowTtlSeconds: 5,
      securityContext: { runAsUser: 0 },
    } as unknown as PipelinesArgs;
    expect(problemsOf(() => new Pipelines("kfp", args)).reasons).toEqual([
      "artifactStore is missing; allowed: the facts of an artifact store. Create an ArtifactStore, and hand on its facts.",
      "platform.certManager is false; allowed: true for nativeApi. Install CertManager first, and say so in platform.certManager.",
      'tenants[0] is "Team"; allowed: at most 63 lower-case letters, digits and inner hyphens. Set tenants[0] to such a name.',
      "console is missing; allowed: a gateway where users sign in, with multiUser. Behind any other door, whoever sends the header of a user is that user.",
      "workflowTtlSeconds is 5; allowed: a whole number from 60. Set workflowTtlSeconds within that range.",
      "securityContext.runAsUser is 0; allowed: a whole number from 1. Set securityContext.runAsUser within that range.",
      'cronTimezone is "Berlin"; allowed: a time zone such as Europe/Berlin. Take a name of the IANA.',
    ]);
  });

  it("have tenants and a console only with several users", () => {
    const args = { artifactStore: s3, tenants: ["team-a"], console: consoleOfLab };
    expect(problemsOf(() => new Pipelines("kfp", args)).reasons).toEqual([
      "multiUser is false; allowed: true with a console. Single users' pages have no route to a gateway.",
      'tenants is ["team-a"]; allowed: namespaces with multiUser. Set multiUser, or leave them out.',
    ]);
  });
});
