import { X509Certificate } from "node:crypto";
import {
  AdmissionregistrationV1Api,
  ApiextensionsV1Api,
  CoreV1Api,
  CustomObjectsApi,
  PatchStrategy,
  setHeaderOptions,
} from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readKubeconfig } from "../../../rehearsal/cluster/kubeconfig";
import { CertificatesStandIn } from "../../../rehearsal/container-stand-ins/certificates";
import { Router } from "../../../rehearsal/operators/router";
import { eventually, TestCluster } from "../../support/cluster";

const namespace = "default";
const merge = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);

interface Condition {
  type: string;
  status: string;
  message: string;
}

describe("the stand-in of cert-manager", { timeout: 60_000 }, () => {
  let cluster: TestCluster;
  let standIn: CertificatesStandIn;
  const log: string[] = [];
  beforeAll(async () => {
    cluster = await TestCluster.start();
    const config = readKubeconfig(cluster.controlPlane.layout.kubeconfig);
    const router = new Router({ services: () => [], pods: () => [], apiServerPort: 0 });
    standIn = new CertificatesStandIn({
      config,
      router,
      layout: cluster.controlPlane.layout,
      hasMetricsServer: false,
      hasRealNodes: false,
      isReal: () => false,
      token: () => Promise.resolve(""),
      log: (line) => log.push(line),
    });
    await standIn.start();
    await eventually("its types can be used", () =>
      objects("certificates").then(
        () => true,
        () => false,
      ),
    );
    await create("Issuer", "own", { selfSigned: {} });
  }, 120_000);
  afterAll(async () => {
    await standIn.stop();
    await cluster.remove();
  });

  const at = (plural: string) => ({ group: "cert-manager.io", version: "v1", namespace, plural });
  const objects = (plural: string) => cluster.api(CustomObjectsApi).listNamespacedCustomObject(at(plural));
  const create = (kind: string, name: string, spec: object) =>
    cluster.create({ apiVersion: "cert-manager.io/v1", kind, metadata: { name, namespace }, spec });
  const condition = async (name: string): Promise<Condition | undefined> => {
    const found = (await cluster.api(CustomObjectsApi).getNamespacedCustomObject({ ...at("certificates"), name })) as {
      status?: { conditions: Condition[] };
    };
    return found.status?.conditions.find(({ type }) => type === "Ready");
  };
  const files = async (name: string): Promise<Record<string, string>> => {
    await eventually(`${name} is issued`, async () => (await condition(name))?.status === "True");
    const { data = {} } = await cluster.api(CoreV1Api).readNamespacedSecret({ namespace, name: `${name}-files` });
    return Object.fromEntries(Object.entries(data).map(([key, text]) => [key, Buffer.from(text, "base64").toString()]));
  };
  const ask = (name: string, issuer: string, rest: object = {}) =>
    create("Certificate", name, {
      secretName: `${name}-files`,
      commonName: `${name}.default.svc`,
      dnsNames: [`${name}.default.svc`],
      issuerRef: { kind: "Issuer", name: issuer },
      ...rest,
    });

  test("issues what a Certificate asks of an Issuer that signs with the key itself", async () => {
    await ask("server", "own", { ipAddresses: ["192.0.2.1"] });
    const issued = await files("server");
    const certificate = new X509Certificate(issued["tls.crt"]!);
    expect(certificate.subject).toBe("CN=server.default.svc");
    expect(certificate.checkHost("server.default.svc")).toBe("server.default.svc");
    expect(certificate.checkHost("other.default.svc")).toBeUndefined();
    expect(certificate.checkIP("192.0.2.1")).toBe("192.0.2.1");
    expect(certificate.ca).toBe(false);
    expect(issued["ca.crt"]).toBe(issued["tls.crt"]);
    expect(issued["tls.key"]).toMatch(/^-----BEGIN PRIVATE KEY-----/);
  });

  test("signs with the authority that another Certificate made", async () => {
    await ask("root", "own", { isCA: true });
    await create("Issuer", "root", { ca: { secretName: "root-files" } });
    await ask("leaf", "root");
    const [root, leaf] = [await files("root"), await files("leaf")];
    expect(leaf["ca.crt"]).toBe(root["tls.crt"]);
    const [above, below] = [new X509Certificate(root["tls.crt"]!), new X509Certificate(leaf["tls.crt"]!)];
    expect(above.ca).toBe(true);
    expect(below.checkIssued(above)).toBe(true);
    expect(below.verify(above.publicKey)).toBe(true);
  });

  test("says what it waits for, and issues once that is there", async () => {
    await ask("late", "later");
    const waiting = await eventually("it waits", () => condition("late"));
    expect(waiting).toMatchObject({
      status: "False",
      message: "Issuer later is not there, or is neither selfSigned nor a ca with its Secret.",
    });
    await create("Issuer", "later", { selfSigned: {} });
    expect(await files("late")).toHaveProperty(["tls.crt"]);
  });

  test("issues the others where one cannot be issued, and says so once", async () => {
    await ask("broken", "own", { ipAddresses: ["nowhere"] });
    const told = () => log.filter((line) => line.startsWith("certificate default/broken: "));
    await eventually("it is told", () => Promise.resolve(told().length > 0));
    await ask("sound", "own");
    expect(await files("sound")).toHaveProperty(["tls.crt"]);
    expect(told()).toHaveLength(1);
    await cluster.api(CustomObjectsApi).deleteNamespacedCustomObject({ ...at("certificates"), name: "broken" });
  });

  test("issues anew for other names and for a Secret that is gone, and never else", async () => {
    await ask("changing", "own");
    const first = await files("changing");
    const spec = { dnsNames: ["other.default.svc"] };
    const named = { ...at("certificates"), name: "changing" };
    await cluster.api(CustomObjectsApi).patchNamespacedCustomObject({ ...named, body: { spec } }, merge);
    const second = await eventually("it is another", async () => {
      const now = await files("changing");
      return now["tls.crt"] !== first["tls.crt"] && now;
    });
    expect(new X509Certificate(second["tls.crt"]!).checkHost("other.default.svc")).toBe("other.default.svc");
    await cluster.api(CoreV1Api).deleteNamespacedSecret({ namespace, name: "changing-files" });
    const third = await eventually("it is there again", () => files("changing").catch(() => undefined));
    expect(third["tls.crt"]).not.toBe(second["tls.crt"]);
    const labels = { metadata: { labels: { touched: "true" } } };
    await cluster.api(CustomObjectsApi).patchNamespacedCustomObject({ ...named, body: labels }, merge);
    await ask("after", "own");
    await files("after");
    expect((await files("changing"))["tls.crt"]).toBe(third["tls.crt"]);
  });

  test("tells the API server whom to trust: in webhooks and in conversions of types, where they ask for it", async () => {
    await ask("trusted", "own");
    const annotations = { "cert-manager.io/inject-ca-from": "default/trusted" };
    const service = { name: "trusted", namespace };
    const webhook = (name: string) => ({
      name,
      clientConfig: { service },
      sideEffects: "None",
      failurePolicy: "Ignore",
      admissionReviewVersions: ["v1"],
      rules: [{ apiGroups: ["example.com"], apiVersions: ["v1"], operations: ["CREATE"], resources: ["things"] }],
    });
    const hooks = (name: string, metadata: object) =>
      cluster.create({
        apiVersion: "admissionregistration.k8s.io/v1",
        kind: "ValidatingWebhookConfiguration",
        metadata: { name, ...metadata },
        webhooks: [webhook("first.example.com"), webhook("second.example.com")],
      });
    await hooks("asking", { annotations });
    await hooks("silent", {});
    const openAPIV3Schema = { type: "object" };
    const versions = [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema } }];
    await cluster.create({
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: "things.example.com", annotations },
      spec: {
        group: "example.com",
        names: { kind: "Thing", plural: "things" },
        scope: "Namespaced",
        versions,
        conversion: {
          strategy: "Webhook",
          webhook: { clientConfig: { service }, conversionReviewVersions: ["v1"] },
        },
      },
    });
    const bundle = Buffer.from((await files("trusted"))["ca.crt"]!).toString("base64");
    const bundles = async (name: string) => {
      const found = await cluster.api(AdmissionregistrationV1Api).readValidatingWebhookConfiguration({ name });
      return found.webhooks?.map(({ clientConfig }) => clientConfig.caBundle);
    };
    await eventually("the webhooks have it", async () => (await bundles("asking"))?.every((each) => each === bundle));
    await eventually("the type has it", async () => {
      const type = await cluster.api(ApiextensionsV1Api).readCustomResourceDefinition({ name: "things.example.com" });
      return type.spec.conversion?.webhook?.clientConfig?.caBundle === bundle;
    });
    expect(await bundles("silent")).toEqual([undefined, undefined]);
  });
});
