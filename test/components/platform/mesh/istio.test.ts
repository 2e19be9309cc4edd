import { beforeEach, describe, expect, it } from "vitest";
import type { KubernetesObject } from "../../../../components/rendering";
import { Istio, istioControlRendering, istioGatewayRendering } from "../../../../components/platform/mesh/istio";
import { GatewayExposure, MeshDataPlane, validateIstio } from "../../../../components/platform/mesh/istio-args";
import { istioHttpsGateway, istioMonitors, istioPolicies } from "../../../../components/platform/mesh/istio-manifests";
import {
  istioBaseValues,
  istioCniValues,
  istiodValues,
  istioGatewayValues,
  ztunnelValues,
} from "../../../../components/platform/mesh/istio-values";
import { expectGolden, toYaml } from "../../../support/golden";
import { childList, type MockedProgram, startMocks, valueOf } from "../../../support/mocks";

let program: MockedProgram;
beforeEach(async () => {
  program = await startMocks();
});

const ambient = { dataPlane: MeshDataPlane.ambient };
const open = {
  exposure: GatewayExposure.public,
  sourceRanges: ["203.0.113.0/24"],
  tlsSecret: "ingress-tls",
  hosts: ["*.example.com"],
};

describe("values of Istio's charts", () => {
  it("are those of their golden file", () => {
    const args = { platform: { systemPool: "system" } };
    const values = [istioBaseValues, istiodValues, istioCniValues, istioGatewayValues].map((valuesOf) =>
      valuesOf(args),
    );
    expectGolden("istio-values.yaml", toYaml(...values));
  });

  it("are those of their golden file in the mode ambient", () => {
    expectGolden(
      "istio-values-ambient.yaml",
      toYaml(...[istiodValues, istioCniValues, ztunnelValues].map((valuesOf) => valuesOf(ambient))),
    );
  });

  it.each<[string, object, object]>([
    ["within the cluster by default", {}, { type: "ClusterIP", annotations: {} }],
    [
      "by a load balancer with private addresses",
      { exposure: GatewayExposure.internal, annotations: { team: "ml" } },
      {
        type: "LoadBalancer",
        annotations: { "service.beta.kubernetes.io/aws-load-balancer-scheme": "internal", team: "ml" },
      },
    ],
    [
      "from the internet for some addresses and by TLS alone",
      open,
      {
        type: "LoadBalancer",
        loadBalancerSourceRanges: ["203.0.113.0/24"],
        ports: [{ name: "https", port: 443, protocol: "TCP", targetPort: 443 }],
      },
    ],
  ])("open the gateway %s", (_, gateway, expected) => {
    expect(istioGatewayValues({ gateway })["service"]).toMatchObject(expected);
  });

  it("let the user's authorizer take the place of that of ConsoleAccess", () => {
    const own = { name: "console-access", service: "oauth2-proxy.sign-in.svc.cluster.local", port: 4180 };
    const { extensionProviders } = istiodValues({ authorizers: [own] })["meshConfig"] as {
      extensionProviders: object[];
    };
    expect(extensionProviders).toEqual([
      { name: "console-access", envoyExtAuthzHttp: { service: own.service, port: own.port } },
    ]);
  });

  it("let the CNI plugin onto every node unless told otherwise", () => {
    expect(istioCniValues({})).not.toHaveProperty("tolerations");
    expect(istioCniValues({ nodeTolerations: [{ key: "nvidia.com/gpu" }] })["tolerations"]).toEqual([
      { key: "nvidia.com/gpu", operator: "Exists" },
    ]);
  });
});

/** Objects as the charts have them, as far as the component changes them. */
const webhook = (kind: string, more: object): KubernetesObject => ({
  apiVersion: "admissionregistration.k8s.io/v1",
  kind,
  metadata: { name: "istio" },
  webhooks: [{ name: "any", ...more }],
});

describe("what becomes of Istio's objects", () => {
  const adjust = istioControlRendering({ excludedNamespaces: ["batch"] }).adjust!;

  it("never injects into Kubernetes', Istio's and excluded namespaces", () => {
    const expressions = [{ key: "istio-injection", operator: "In", values: ["enabled"] }];
    const given = webhook("MutatingWebhookConfiguration", { namespaceSelector: { matchExpressions: expressions } });
    const [injector] = adjust([given]);
    expect((injector!["webhooks"] as object[])[0]).toEqual({
      name: "any",
      namespaceSelector: {
        matchExpressions: [
          ...expressions,
          {
            key: "kubernetes.io/metadata.name",
            operator: "NotIn",
            values: ["batch", "istio-cni", "istio-system", "kube-node-lease", "kube-public", "kube-system"],
          },
        ],
      },
    });
  });

  it("refuses invalid configuration from the start, so that istiod has nothing to change", () => {
    const [validator] = adjust([webhook("ValidatingWebhookConfiguration", { failurePolicy: "Ignore" })]);
    expect(validator!["webhooks"]).toEqual([{ name: "any", failurePolicy: "Fail" }]);
  });

  it("names the gateway's image by its exact tag", () => {
    const deployment: KubernetesObject = {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "istio-ingress" },
      spec: { template: { spec: { containers: [{ name: "istio-proxy", image: "auto" }] } } },
    };
    const image = (args: object) => {
      const [pinned] = istioGatewayRendering(args).adjust!([deployment]);
      const spec = pinned!["spec"] as { template: { spec: { containers: { image: string }[] } } };
      return spec.template.spec.containers[0]!.image;
    };
    expect(image({})).toBe("registry.istio.io/release/proxyv2:1.30.3-distroless");
    expect(image({ hub: "mirror.example.com/istio", version: "1.30.4" })).toBe(
      "mirror.example.com/istio/proxyv2:1.30.4-distroless",
    );
  });

  it("waits for no load balancer where nothing runs", () => {
    const service: KubernetesObject = { apiVersion: "v1", kind: "Service", metadata: { name: "istio-ingress" } };
    const annotations = (platform: object) =>
      istioGatewayRendering({ platform }).adjust!([service])[0]!.metadata.annotations;
    expect(annotations({ simulated: true })).toEqual({ "pulumi.com/skipAwait": "true" });
    expect(annotations({})).toBeUndefined();
  });
});

describe("policies of the mesh", () => {
  it("demand mutual TLS everywhere", () => {
    expect(istioPolicies({})).toEqual([
      {
        apiVersion: "security.istio.io/v1",
        kind: "PeerAuthentication",
        metadata: { name: "default", namespace: "istio-system" },
        spec: { mtls: { mode: "STRICT" } },
      },
    ]);
  });

  it.each<[string, object, object]>([
    ["a namespace", {}, { mtls: { mode: "PERMISSIVE" } }],
    [
      "some pods",
      { workload: { app: "db" } },
      { selector: { matchLabels: { app: "db" } }, mtls: { mode: "PERMISSIVE" } },
    ],
    [
      "some ports of some pods",
      { workload: { app: "db" }, ports: [9090] },
      {
        selector: { matchLabels: { app: "db" } },
        mtls: { mode: "STRICT" },
        portLevelMtls: { "9090": { mode: "PERMISSIVE" } },
      },
    ],
  ])("except %s", (_, exception, spec) => {
    const [, excepted] = istioPolicies({ mtlsExceptions: [{ name: "legacy", namespace: "ml", ...exception }] });
    expect(excepted).toMatchObject({ metadata: { name: "legacy", namespace: "ml" }, spec });
  });

  it("allow nothing unasked where that is asked for", () => {
    expect(istioPolicies({ defaultDeny: true, namespace: "mesh" })[1]).toEqual({
      apiVersion: "security.istio.io/v1",
      kind: "AuthorizationPolicy",
      metadata: { name: "default-deny", namespace: "mesh" },
      spec: {},
    });
  });

  it("answer over TLS with the Secret, and send everybody there", () => {
    const [gateway] = istioHttpsGateway({ gateway: open });
    expect(gateway!["spec"]).toMatchObject({
      selector: { istio: "ingress" },
      servers: [
        { hosts: ["*.example.com"], tls: { credentialName: "ingress-tls", minProtocolVersion: "TLSV1_2" } },
        { port: { number: 80 }, tls: { httpsRedirect: true } },
      ],
    });
    expect(istioHttpsGateway({})).toEqual([]);
  });

  it("have the mesh scraped where Prometheus is there", () => {
    const names = (args: object) => istioMonitors(args).map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(names({})).toEqual([]);
    expect(names({ ...ambient, platform: { prometheus: true } })).toEqual([
      "ServiceMonitor istiod",
      "PodMonitor proxies",
      "PodMonitor ztunnel",
    ]);
  });
});

describe("Istio", () => {
  it("creates the control plane, the CNI plugin, the gateway and its policies", async () => {
    new Istio("mesh");
    expect(childList(await program.resources()).sort()).toEqual([
      "kubernetes:core/v1:Namespace mesh-gateway-namespace < mesh",
      "kubernetes:core/v1:Namespace mesh-namespace < mesh",
      "kubernetes:core/v1:Namespace mesh-nodes-namespace < mesh",
      "kubernetes:security.istio.io/v1:PeerAuthentication mesh-peerauthentication-istio-system-default < mesh",
      "mlstack:index:Istio mesh",
      "mlstack:internal:RenderedObjects mesh-cni < mesh",
      "mlstack:internal:RenderedObjects mesh-control < mesh",
      "mlstack:internal:RenderedObjects mesh-gateway < mesh",
    ]);
  });

  it.each<[string, string, string]>([
    ["control plane", "mesh-namespace", "restricted"],
    ["gateway", "mesh-gateway-namespace", "restricted"],
    ["node programs", "mesh-nodes-namespace", "privileged"],
  ])("lets pods of the %s do what they must, and no more", async (_, name, level) => {
    new Istio("mesh");
    expect((await program.inputsOf(name))["metadata"]).toMatchObject({
      labels: { "pod-security.kubernetes.io/enforce": level },
    });
  });

  it("keeps proxies out of its own namespaces, but not out of that of the gateway, which is one", async () => {
    new Istio("mesh");
    const labels = async (name: string) =>
      ((await program.inputsOf(name))["metadata"] as { labels: Record<string, string> }).labels["istio-injection"];
    expect(await labels("mesh-namespace")).toBe("disabled");
    expect(await labels("mesh-nodes-namespace")).toBe("disabled");
    expect(await labels("mesh-gateway-namespace")).toBeUndefined();
  });

  it("has ztunnel in the mode ambient, and no gateway where none is asked for", async () => {
    const mesh = new Istio("mesh", { ...ambient, hasGateway: false });
    const rendered = (await program.resources()).filter(({ type }) => type.endsWith(":RenderedObjects"));
    expect(rendered.map(({ name }) => name).sort()).toEqual(["mesh-cni", "mesh-control", "mesh-ztunnel"]);
    expect(mesh.gateway).toBeUndefined();
  });

  it("tells its gateway and when it is ready", async () => {
    const mesh = new Istio("mesh", { gateway: open });
    expect(mesh.gateway).toEqual({
      namespace: "istio-ingress",
      serviceAccount: "istio-ingress",
      selector: { app: "istio-ingress", istio: "ingress" },
    });
    expect(await valueOf(mesh.ready)).toBe(true);
    expect(await valueOf(mesh.namespace)).toBe("istio-system");
  });
});

describe("checks of Istio", () => {
  it.each<[string, object, string[]]>([
    ["nothing wrong", { gateway: open }, []],
    [
      "a public gateway for everybody, without TLS",
      { gateway: { exposure: GatewayExposure.public } },
      [
        "gateway.sourceRanges is missing; allowed: address ranges for public. Name who may come in.",
        "gateway.tlsSecret is missing; allowed: a TLS Secret for public. Make a certificate first.",
      ],
    ],
    [
      "the whole internet",
      { gateway: { ...open, sourceRanges: ["0.0.0.0/0", "::/0"] } },
      ["0.0.0.0/0", "::/0"].map(
        (range, index) =>
          `gateway.sourceRanges[${index}] is "${range}"; allowed: a range of addresses that is not the whole internet. ` +
          'Write it like "203.0.113.0/24".',
      ),
    ],
    [
      "ranges without a load balancer",
      { gateway: { sourceRanges: ["10.0.0.0/8"] } },
      ["gateway.sourceRanges is given; allowed: none without a load balancer. Remove them, or set exposure."],
    ],
    [
      "a gateway that there is not",
      { hasGateway: false, gateway: { replicas: 3 } },
      ["gateway is given; allowed: none where hasGateway is false. Remove it, or set hasGateway."],
    ],
    [
      "ports of nobody's",
      { mtlsExceptions: [{ name: "legacy", namespace: "ml", ports: [80] }] },
      ["mtlsExceptions[0].workload is missing; allowed: labels where ports are given. Say whose ports."],
    ],
    [
      "pods by no label",
      { mtlsExceptions: [{ name: "legacy", namespace: "ml", workload: {} }] },
      ["mtlsExceptions[0].workload is {}; allowed: at least one label. Name labels, or leave it out."],
    ],
    [
      "one namespace for everything",
      { nodeNamespace: "istio-system" },
      [
        "namespace is istio-system, istio-system, istio-ingress; allowed: three different namespaces. " +
          "Give the control plane, the node programs and the gateway a namespace each.",
      ],
    ],
    [
      "an authorizer without a full name",
      { authorizers: [{ name: "policy", service: "opa", port: 0 }] },
      [
        'authorizers[0].service is "opa"; allowed: a full host name. Write it like "grafana.example.com".',
        "authorizers[0].port is 0; allowed: a whole number from 1 to 65535. Set authorizers[0].port within that range.",
      ],
    ],
    [
      "a folder that is none",
      { cniBinDirectory: "opt/cni" },
      ['cniBinDirectory is "opt/cni"; allowed: an absolute path. Write it like "/opt/cni/bin".'],
    ],
    [
      "once a version that is none",
      { version: "1.30" },
      ['version is "1.30"; allowed: an exact version such as 1.14.1. Name one release.'],
    ],
    [
      "a version with a v, which the charts' publisher does not write",
      { version: "v1.30.3" },
      ['version is "v1.30.3"; allowed: an exact version such as 1.14.1. Name one release.'],
    ],
  ])("tell %s", (_, args, expected) => {
    expect(validateIstio("mesh", args).map(({ reason }) => reason)).toEqual(expected);
  });
});
