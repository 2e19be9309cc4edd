import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { Katib, katibRendering, type KatibArgs } from "../../../../components/platform/kubeflow";
import { type MockedProgram, problemsOf, startMocks, valueOf } from "../../../support/mocks";
import { platformMirror } from "../../../support/platform-mirror";
import { objectsOf, renderedOnce } from "../../../support/rendering";
import { consoleOfLab, containersOf, database, environmentOf, flawsOf, objectOf, titles } from "./samples";

const certManager = { certManager: true };

async function configOf(args: KatibArgs) {
  const config = objectOf(await objectsOf(katibRendering(args)), "ConfigMap", "katib-config");
  return parse((config["data"] as Record<string, string>)["katib-config.yaml"]!) as {
    init: { controller: Record<string, unknown>; certGenerator?: object };
    runtime: {
      suggestions: {
        algorithmName: string;
        resources: object;
        securityContext: object;
        persistentVolumeClaimSpec?: object;
      }[];
    };
  };
}

describe("Katib's manifests", () => {
  it("run a controller twice, a database manager and a database, without the web UI", async () => {
    const objects = await objectsOf(katibRendering({}));
    expect(titles(objects, "Deployment", "PodDisruptionBudget", "NetworkPolicy", "Secret")).toEqual([
      "Secret kubeflow/katib-webhook-cert",
      "Deployment kubeflow/katib-controller",
      "PodDisruptionBudget kubeflow/katib-controller",
      "Deployment kubeflow/katib-db-manager",
      "Deployment kubeflow/katib-mysql",
      "NetworkPolicy kubeflow/katib-mysql",
    ]);
    expect(flawsOf(objects)).toEqual([]);
  });

  it("elect a leader where there are several controllers, and only there", async () => {
    expect((await configOf({})).init.controller["enableLeaderElection"]).toBe(true);
    const alone = await objectsOf(katibRendering({ replicas: 1 }));
    expect(titles(alone, "Role", "PodDisruptionBudget")).toEqual([]);
  });

  it("pin a supported MySQL and let only the database manager connect", async () => {
    const objects = await objectsOf(katibRendering({}));
    expect(containersOf(objectOf(objects, "Deployment", "katib-mysql"))[0]!.image).toBe(
      "docker.io/library/mysql:8.4.7",
    );
    expect(objectOf(objects, "NetworkPolicy", "katib-mysql")["spec"]).toMatchObject({
      podSelector: { matchLabels: { "katib.kubeflow.org/component": "mysql" } },
      ingress: [{ from: [{ podSelector: { matchLabels: { "katib.kubeflow.org/component": "db-manager" } } }] }],
    });
  });

  it("make their own certificates, or take cert-manager's", async () => {
    expect((await configOf({})).init.certGenerator).toEqual({ enable: true });
    const objects = await objectsOf(katibRendering({ platform: certManager }));
    expect(titles(objects, "Certificate", "Secret")).toEqual(["Certificate kubeflow/katib-webhook-cert"]);
    const simulated = await objectsOf(katibRendering({ platform: { ...certManager, simulated: true } }));
    expect(titles(simulated, "Certificate", "Issuer", "MutatingWebhookConfiguration")).toEqual([]);
  });

  it("leave out population based training without a class of shared volumes", async () => {
    const names = (config: Awaited<ReturnType<typeof configOf>>) =>
      config.runtime.suggestions.map(({ algorithmName }) => algorithmName);
    expect(names(await configOf({}))).not.toContain("pbt");
    const shared = await configOf({ sharedStorageClassName: "efs", suggestionResources: { cpu: "1" } });
    expect(shared.runtime.suggestions.find(({ algorithmName }) => algorithmName === "pbt")).toMatchObject({
      persistentVolumeClaimSpec: { accessModes: ["ReadWriteMany"], storageClassName: "efs" },
      resources: { requests: { cpu: "1", memory: "512Mi" }, limits: { memory: "512Mi" } },
    });
  });

  it("run suggestion services as namespaces of experiments that are held to the level restricted want them", async () => {
    const { suggestions } = (await configOf({ sharedStorageClassName: "efs" })).runtime;
    expect(suggestions.length).toBeGreaterThan(1);
    for (const { securityContext } of suggestions) {
      expect(securityContext).toEqual({
        runAsNonRoot: true,
        runAsUser: 1000,
        allowPrivilegeEscalation: false,
        capabilities: { drop: ["ALL"] },
        seccompProfile: { type: "RuntimeDefault" },
      });
    }
  });

  it("give Katib the rights to kinds of trials that it does not know", async () => {
    const objects = await objectsOf(katibRendering({ trialResources: ["Job.v1.batch", "RayJob.v1.ray.io"] }));
    const { rules } = objectOf(objects, "ClusterRole", "katib-controller") as unknown as { rules: object[] };
    expect(rules.at(-1)).toEqual({
      apiGroups: ["ray.io"],
      resources: ["rayjobs"],
      verbs: ["get", "list", "watch", "create", "delete"],
    });
  });

  it("connect to another database by its Secret", async () => {
    const objects = await objectsOf(katibRendering({ database: database.external }));
    expect(titles(objects).filter((title) => title.includes("mysql"))).toEqual([]);
    expect(environmentOf(objectOf(objects, "Deployment", "katib-db-manager"))).toEqual({
      DB_NAME: "mysql",
      DB_USER: { secretKeyRef: { name: "db-credentials", key: "username" } },
      DB_PASSWORD: { secretKeyRef: { name: "db-credentials", key: "password" } },
      KATIB_MYSQL_DB_HOST: "db.lab.example",
      KATIB_MYSQL_DB_PORT: "3306",
      KATIB_MYSQL_DB_DATABASE: "katib",
    });
  });

  it("show the web UI behind a console alone", async () => {
    const objects = await objectsOf(katibRendering({ console: consoleOfLab, platform: certManager }));
    expect(objectOf(objects, "VirtualService", "katib-ui")["spec"]).toMatchObject({
      gateways: ["istio-ingress/consoles"],
      hosts: ["kubeflow.lab.example"],
    });
    expect(JSON.stringify(objectOf(objects, "AuthorizationPolicy", "katib-ui"))).toContain(
      "cluster.local/ns/istio-ingress/sa/istio-ingress",
    );
  });

  it("move to another namespace, with every mention of it", async () => {
    const objects = await objectsOf(
      katibRendering({ namespace: "hpo", platform: { ...certManager, prometheus: true } }),
    );
    const placed = objects.filter(({ metadata }) => metadata.namespace !== undefined);
    expect(new Set(placed.map(({ metadata }) => metadata.namespace))).toEqual(new Set(["hpo"]));
    const webhook = objectOf(objects, "MutatingWebhookConfiguration", "katib");
    expect(JSON.stringify(webhook)).toContain("system:serviceaccount:hpo:katib-controller");
    expect(webhook.metadata.annotations).toEqual({ "cert-manager.io/inject-ca-from": "hpo/katib-webhook-cert" });
    expect(objectOf(objects, "ServiceMonitor", "katib-controller").metadata.namespace).toBe("hpo");
  });

  it("start pods anew when their configuration changes, and take a user's patches", async () => {
    const digest = async (args: KatibArgs) => {
      const controller = objectOf(await objectsOf(katibRendering(args)), "Deployment", "katib-controller");
      return (controller["spec"] as { template: { metadata: { annotations: Record<string, string> } } }).template
        .metadata.annotations["mlstack.dev/config-digest"];
    };
    expect(await digest({})).toBe(await digest({}));
    expect(await digest({})).not.toBe(await digest({ injectSecurityContext: false }));
    const patches = { "Service/katib-controller": { spec: { type: "NodePort" } } };
    const patched = objectOf(await objectsOf(katibRendering({ patches })), "Service", "katib-controller");
    expect(patched["spec"]).toMatchObject({ type: "NodePort", selector: expect.anything() as unknown });
  });
});

describe("Katib", () => {
  let program: MockedProgram;
  beforeEach(async () => {
    program = await startMocks({ render: renderedOnce });
  });
  const platform = async () => ({ chartMirror: await platformMirror() });

  it("makes up a password before anything asks for it", async () => {
    const katib = new Katib("katib", { platform: await platform() });
    const secret = await program.resource("katib-database");
    expect(secret.secretInputs).toEqual(["data"]);
    expect(secret.inputs["metadata"]).toEqual({ name: "katib-mysql-secrets", namespace: "kubeflow" });
    expect(Object.keys(secret.inputs["data"] as object)).toEqual(["MYSQL_ROOT_PASSWORD"]);
    const type = await program.resource("katib-objects-custom-resource-definition-experiments.kubeflow.org");
    expect(type.dependsOn).toEqual([]);
    expect(await valueOf(katib.namespace)).toBe("kubeflow");
    expect(await valueOf(katib.ready)).toBe(true);
  });

  it("holds its namespace to the baseline", async () => {
    new Katib("katib", { platform: await platform() });
    expect((await program.inputsOf("katib-namespace"))["metadata"]).toEqual({
      name: "kubeflow",
      labels: {
        "pod-security.kubernetes.io/enforce": "baseline",
        "pod-security.kubernetes.io/enforce-version": "v1.35",
      },
    });
  });

  it("makes neither a namespace that is there nor a password for another database", async () => {
    const credentialsSecret = pulumi.output("rds");
    const external = { host: pulumi.output("db.internal"), credentialsSecret };
    new Katib("katib", { platform: await platform(), existingNamespace: true, database: { external } });
    const all = await program.resources();
    expect(all.map(({ name }) => name)).not.toContain("katib-namespace");
    expect(all.map(({ name }) => name)).not.toContain("katib-database");
    const manager = all.find(({ name }) => name === "katib-objects-deployment-katib-db-manager")!;
    expect(JSON.stringify(manager.inputs)).toContain('"value":"db.internal"');
  });

  it("names every problem at once", () => {
    const args: KatibArgs = {
      namespace: "kube-system",
      trialResources: ["Job"],
      database: { external: { host: "tcp://db", credentialsSecret: "x", tls: true }, image: "mysql:latest" },
      console: { gateway: "consoles", serviceAccount: "istio/gateway" },
      patches: { katib: {} },
    };
    expect(problemsOf(() => new Katib("katib", args))).toEqual({
      message: 'Katib "katib": 9 invalid inputs',
      reasons: [
        'namespace is "kube-system"; allowed: a namespace that is not Kubernetes\' own. The namespace is made with the part and deleted with it; give the part one of its own.',
        'patches is "katib"; allowed: keys of a kind, a slash and a name. Name the object as in Deployment/katib-controller.',
        'database.image is "mysql:latest"; allowed: an image with a tag other than latest, or a digest. Name the release.',
        'database.external.host is "tcp://db"; allowed: a host name. Leave out protocol and port.',
        'database.image is "mysql:latest"; allowed: nothing beside an external database. Leave it out.',
        'trialResources[0] is "Job"; allowed: Kind.version.group, such as Job.v1.batch. Spell it like that.',
        'console.gateway is "consoles"; allowed: a namespace, a slash and a name. Name its namespace too.',
        "platform.certManager is false; allowed: true for Katib's web UI. Install CertManager first, and say so in platform.certManager.",
        "database.external.tls is true; allowed: false. Katib's database manager speaks to MySQL without TLS; keep both in one private network.",
      ],
    });
  });
});
