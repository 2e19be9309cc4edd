import { describe, expect, it } from "vitest";
import { UNKNOWN, type Tree } from "../../../../components/model";
import type { Rule } from "../../../../policies/engine/rule";
import { consoleIngress } from "../../../../policies/gpu-ml/network/console-ingress";
import { consoleRoute } from "../../../../policies/gpu-ml/network/console-route";
import { consoleService } from "../../../../policies/gpu-ml/network/console-service";
import { consoleValues } from "../../../../policies/gpu-ml/network/console-values";
import { consoleOf } from "../../../../policies/gpu-ml/network/consoles";
import { analyze, analyzeStack, lines, UNKNOWN_STRING, urnOf, type TestResource } from "../../analyzer";
import { configured, configuredStack, object, undecidedLine, undecidedStackLine } from "./objects";

const judgeBy = (rule: unknown) => (resource: TestResource, entry?: object) =>
  lines(analyze([rule as Rule], resource, configured("NET-06", entry)));

const NO_LOGIN =
  "which is public without a login; allowed: an internal way to it, or one with a login before it. Make it internal, or " +
  "put a login before it, for example by OpenID Connect.";
const NO_TLS =
  "whose login is public without TLS; allowed: an internal way to it, or one with TLS. Make it internal, or serve it " +
  "over TLS.";

describe("NET-06 what is a console", () => {
  it.each<[Tree, Tree[], string | undefined]>([
    ["argo-server", [], "the Argo server"],
    ["lab-argo-workflows-server", [], "the Argo server"],
    ["workflows", [2746], "the Argo server"],
    ["minio-console", [], "the console of MinIO"],
    ["minio", [9000, 9001], "the console of MinIO"],
    ["lab-minio", [9001], "the console of MinIO"],
    ["minio", [9000], undefined],
    ["web", [9001], undefined],
    ["jupyter", [], "Jupyter"],
    ["jupyter-web-app-service", [80], "Jupyter"],
    ["alice-notebook", [80], "Jupyter"],
    ["spark-pi-ui-svc", [], "the web UI of Spark"],
    ["spark-history-server", [], "the web UI of Spark"],
    ["pi", [4040], "the web UI of Spark"],
    ["history", [18080], "the web UI of Spark"],
    ["tune-head-svc", [8265], "the dashboard of Ray"],
    ["tune-head-svc", [8000], undefined],
    ["centraldashboard", [], "a console of Kubeflow"],
    ["katib-ui", [], "a console of Kubeflow"],
    ["ml-pipeline-ui", [], "a console of Kubeflow"],
    ["ml-pipeline", [8888], undefined],
    ["kueue-kueueviz-frontend", [], "the dashboard of Kueue"],
    ["tensorboard", [], "TensorBoard"],
    ["runs", [6006], "TensorBoard"],
    ["mlflow", [], "MLflow"],
    ["churn-predictor", [80, "http"], undefined],
    [undefined, [undefined], undefined],
  ])("calls %o at %o %s", (service, ports, name) => {
    const found = consoleOf(service, ports);
    expect(typeof found === "object" ? found.name : found).toBe(name);
  });

  it("says that a login of their own is asked for by two of them", () => {
    expect(["argo-server", "minio-console", "katib-ui"].map((name) => consoleOf(name, []))).toMatchObject([
      { hasLogin: true },
      { hasLogin: true },
      { hasLogin: false },
    ]);
  });

  it("cannot tell without name or port", () => {
    expect(consoleOf(UNKNOWN, [80])).toBe(UNKNOWN);
    expect(consoleOf("web", [UNKNOWN])).toBe(UNKNOWN);
    expect(consoleOf(UNKNOWN, [2746])).toMatchObject({ name: "the Argo server" });
    expect(consoleOf("katib-ui", [UNKNOWN])).toMatchObject({ name: "a console of Kubeflow" });
  });
});

describe("NET-06 load balancers", () => {
  const judge = judgeBy(consoleService);
  const CERTIFICATE = "service.beta.kubernetes.io/aws-load-balancer-ssl-cert";
  const service = (name: string, spec: object = {}, annotations: unknown = {}): TestResource =>
    object("v1/Service", name, "ml", {
      metadata: { name, namespace: "ml", annotations },
      spec: { type: "LoadBalancer", ports: [{ port: 80 }], ...spec },
    });

  it.each<[string, TestResource]>([
    ["a console for the cluster", service("katib-ui", { type: "ClusterIP" })],
    ["a console for named sources", service("katib-ui", { loadBalancerSourceRanges: ["203.0.113.0/24"] })],
    ["what is no console", service("churn")],
    ["the API of MinIO", service("minio", { ports: [{ port: 9000 }] })],
    ["a console with a login over TLS", service("argo-server", {}, { [CERTIFICATE]: "arn:aws:acm:a" })],
    ["other kinds", object("v1/Pod", "katib-ui", "ml", { spec: { type: "LoadBalancer" } })],
  ])("accepts %s", (_case, resource) => {
    expect(judge(resource)).toEqual([]);
  });

  it.each<[string, TestResource, string]>([
    ["katib-ui", service("katib-ui"), `a console of Kubeflow, ${NO_LOGIN}`],
    ["katib-ui", service("katib-ui", {}, { [CERTIFICATE]: "arn:aws:acm:a" }), `a console of Kubeflow, ${NO_LOGIN}`],
    ["argo-server", service("argo-server"), `the Argo server, ${NO_TLS}`],
    ["tune", service("tune", { ports: [{ port: 80, targetPort: 8265 }] }), `the dashboard of Ray, ${NO_LOGIN}`],
    ["tune", service("tune", { ports: [{ port: 80 }, { port: 8265 }] }), `the dashboard of Ray, ${NO_LOGIN}`],
  ])("refuses %s", (name, resource, what) => {
    expect(judge(resource)).toEqual([
      `mandatory [NET-06] Service ml/${name}: spec.type is LoadBalancer before ${what}`,
    ]);
  });

  it("is critical, and leaves out Services that configuration names", () => {
    expect(analyze([consoleService as Rule], service("katib-ui"))).toMatchObject([{ severity: "critical" }]);
    expect(judge(service("katib-ui"), { objects: ["ml/katib-ui"] })).toEqual([]);
  });

  it.each<[string, TestResource, string, string]>([
    ["the type", service("katib-ui", { type: UNKNOWN_STRING }), "katib-ui", "spec.type"],
    ["the ports", service("web", { ports: UNKNOWN_STRING }), "web", "spec.ports"],
    ["a port", service("web", { ports: [{ port: UNKNOWN_STRING }] }), "web", "spec.ports"],
    [
      "the certificate",
      service("argo-server", {}, { [CERTIFICATE]: UNKNOWN_STRING }),
      "argo-server",
      `metadata.annotations["${CERTIFICATE}"]`,
    ],
    ["the annotations", service("argo-server", {}, UNKNOWN_STRING), "argo-server", "metadata.annotations"],
  ])("cannot decide without knowing %s", (_case, resource, name, path) => {
    expect(judge(resource)).toEqual([
      undecidedLine("NET-06", `Service ml/${name}`, path, "No public load balancer leads to a console without a login"),
    ]);
  });

  it("needs not know the ports of what is not public", () => {
    expect(judge(service("web", { type: "ClusterIP", ports: UNKNOWN_STRING }))).toEqual([]);
  });

  it("cannot decide without knowing the name", () => {
    expect(judge(service(UNKNOWN_STRING))[0]).toContain(": metadata.name is not known yet");
  });
});

describe("NET-06 ingresses", () => {
  const judge = judgeBy(consoleIngress);
  const TITLE = "No ingress leads to a console without a login";
  const to = (name: unknown, number: unknown = 80) => ({ service: { name, port: { number } } });
  const ingress = (backends: unknown[], annotations: unknown = {}, spec: object = {}): TestResource =>
    object("networking.k8s.io/v1/Ingress", "web", "ml", {
      metadata: { name: "web", namespace: "ml", annotations },
      spec: {
        ingressClassName: "nginx",
        rules: [{ http: { paths: backends.map((backend) => ({ backend })) } }],
        ...spec,
      },
    });
  const alb = { ingressClassName: "alb" };
  const PUBLIC = { "alb.ingress.kubernetes.io/scheme": "internet-facing" };

  it.each<[string, TestResource]>([
    ["what is no console", ingress([to("churn")])],
    ["an internal class", ingress([to("katib-ui")], {}, { ingressClassName: "nginx-internal" })],
    ["another internal class", ingress([to("katib-ui")], {}, { ingressClassName: "internal-nginx" })],
    ["a private class", ingress([to("katib-ui")], {}, { ingressClassName: "nginx-private" })],
    ["another private class", ingress([to("katib-ui")], {}, { ingressClassName: "private-nginx" })],
    ["an ALB, which is internal by default", ingress([to("katib-ui")], {}, alb)],
    [
      "an ALB by annotation",
      ingress([to("katib-ui")], { "kubernetes.io/ingress.class": "alb" }, { ingressClassName: undefined }),
    ],
    [
      "an ALB that asks for a login",
      ingress([to("katib-ui")], { ...PUBLIC, "alb.ingress.kubernetes.io/auth-type": "oidc" }, alb),
    ],
    [
      "named sources",
      ingress([to("katib-ui")], { ...PUBLIC, "alb.ingress.kubernetes.io/inbound-cidrs": "203.0.113.0/24" }, alb),
    ],
    [
      "security groups",
      ingress([to("katib-ui")], { ...PUBLIC, "alb.ingress.kubernetes.io/security-groups": "sg-1" }, alb),
    ],
    [
      "a login by nginx",
      ingress([to("katib-ui")], { "nginx.ingress.kubernetes.io/auth-url": "https://login.example" }),
    ],
    ["a password by nginx", ingress([to("katib-ui")], { "nginx.ingress.kubernetes.io/auth-secret": "users" })],
    ["certificates by nginx", ingress([to("katib-ui")], { "nginx.ingress.kubernetes.io/auth-tls-secret": "ca" })],
    [
      "sources by nginx",
      ingress([to("katib-ui")], { "nginx.ingress.kubernetes.io/whitelist-source-range": "203.0.113.0/24" }),
    ],
    [
      "a middleware of Traefik",
      ingress([to("katib-ui")], { "traefik.ingress.kubernetes.io/router.middlewares": "auth" }),
    ],
    ["a console with a login over TLS", ingress([to("argo-server", 2746)], {}, { tls: [{ hosts: ["a.example"] }] })],
    [
      "the same by a certificate",
      ingress([to("argo-server", 2746)], { ...PUBLIC, "alb.ingress.kubernetes.io/certificate-arn": "arn" }, alb),
    ],
    ["other kinds", object("v1/Service", "web", "ml", { spec: { defaultBackend: to("katib-ui") } })],
  ])("accepts %s", (_case, resource) => {
    expect(judge(resource)).toEqual([]);
  });

  const message = (path: string, what: string) => `mandatory [NET-06] Ingress ml/web: ${path}.service.name is ${what}`;
  const FIRST = "spec.rules[0].http.paths[0].backend";

  it.each<[string, TestResource, string]>([
    ["a console", ingress([to("katib-ui")]), message(FIRST, `a console of Kubeflow, ${NO_LOGIN}`)],
    [
      "a console over TLS",
      ingress([to("katib-ui")], {}, { tls: [{}] }),
      message(FIRST, `a console of Kubeflow, ${NO_LOGIN}`),
    ],
    ["a console by its port", ingress([to("tune", 8265)]), message(FIRST, `the dashboard of Ray, ${NO_LOGIN}`)],
    [
      "a console on a public ALB",
      ingress([to("katib-ui")], PUBLIC, alb),
      message(FIRST, `a console of Kubeflow, ${NO_LOGIN}`),
    ],
    [
      "a console before which nothing is asked",
      ingress([to("katib-ui")], { ...PUBLIC, "alb.ingress.kubernetes.io/auth-type": "none" }, alb),
      message(FIRST, `a console of Kubeflow, ${NO_LOGIN}`),
    ],
    [
      "a console for all sources",
      ingress([to("katib-ui")], { ...PUBLIC, "alb.ingress.kubernetes.io/inbound-cidrs": "0.0.0.0/0" }, alb),
      message(FIRST, `a console of Kubeflow, ${NO_LOGIN}`),
    ],
    [
      "a login without TLS",
      ingress([to("argo-server", 2746)], {}, { tls: [] }),
      message(FIRST, `the Argo server, ${NO_TLS}`),
    ],
    [
      "a console behind another backend",
      ingress([to("churn"), to("katib-ui")]),
      message("spec.rules[0].http.paths[1].backend", `a console of Kubeflow, ${NO_LOGIN}`),
    ],
    [
      "a console by default",
      ingress([], {}, { defaultBackend: to("katib-ui") }),
      message("spec.defaultBackend", `a console of Kubeflow, ${NO_LOGIN}`),
    ],
  ])("refuses %s", (_case, resource, expected) => {
    expect(judge(resource)).toEqual([expected]);
  });

  it("leaves out Ingresses that configuration names", () => {
    expect(judge(ingress([to("katib-ui")]), { objects: ["web"] })).toEqual([]);
  });

  it.each<[string, TestResource, string]>([
    ["the rules", ingress([], {}, { rules: UNKNOWN_STRING }), "spec.rules[0].http.paths[0].backend.service.name"],
    ["a backend", ingress([UNKNOWN_STRING]), `${FIRST}.service.name`],
    ["a backend's name", ingress([to(UNKNOWN_STRING)]), `${FIRST}.service.name`],
    ["a backend's port", ingress([to("web", UNKNOWN_STRING)]), `${FIRST}.service.port.number`],
    ["the annotations", ingress([to("katib-ui")], UNKNOWN_STRING), "metadata.annotations"],
    ["the class", ingress([to("katib-ui")], {}, { ingressClassName: UNKNOWN_STRING }), "spec.ingressClassName"],
    ["the TLS", ingress([to("argo-server")], {}, { tls: UNKNOWN_STRING }), "spec.tls"],
    [
      "what asks for a login",
      ingress([to("katib-ui")], { "nginx.ingress.kubernetes.io/auth-url": UNKNOWN_STRING }),
      'metadata.annotations["nginx.ingress.kubernetes.io/auth-url"]',
    ],
    [
      "the certificate",
      ingress([to("argo-server")], { ...PUBLIC, "alb.ingress.kubernetes.io/certificate-arn": UNKNOWN_STRING }, alb),
      'metadata.annotations["alb.ingress.kubernetes.io/certificate-arn"]',
    ],
    [
      "the scheme",
      ingress([to("katib-ui")], { "alb.ingress.kubernetes.io/scheme": UNKNOWN_STRING }, alb),
      'metadata.annotations["alb.ingress.kubernetes.io/scheme"]',
    ],
  ])("cannot decide without knowing %s", (_case, resource, path) => {
    expect(judge(resource)).toEqual([undecidedLine("NET-06", "Ingress ml/web", path, TITLE)]);
  });
});

describe("NET-06 charts and jobs", () => {
  const judge = judgeBy(consoleValues);
  const TITLE = "No chart or job makes a console public without a login";
  const release = (chart: unknown, values: unknown): TestResource => ({
    type: "kubernetes:helm.sh/v3:Release",
    name: "it",
    props: { chart, values },
  });
  const LB = "LoadBalancer";

  it.each<[string, TestResource]>([
    ["the Argo server in the cluster", release("argo-workflows", { server: { serviceType: "ClusterIP" } })],
    [
      "the Argo server for named sources",
      release("argo-workflows", { server: { serviceType: LB, loadBalancerSourceRanges: ["203.0.113.0/24"] } }),
    ],
    [
      "an internal Argo server",
      release("argo-workflows", { server: { serviceType: LB, loadBalancerClass: "service.k8s.aws/nlb" } }),
    ],
    ["an ingress that is off", release("argo-workflows", { server: { ingress: { enabled: false } } })],
    ["a login over TLS", release("argo-workflows", { server: { ingress: { enabled: true, tls: [{}] } } })],
    [
      "an internal ingress",
      release("spark-operator", { controller: { uiIngress: { enable: true, ingressClassName: "alb" } } }),
    ],
    ["another chart", release("churn", { server: { serviceType: LB } })],
    ["a chart with a like name", release("minio-operator", { consoleService: { type: LB } })],
    ["Ray in the cluster", object("ray.io/v1/RayCluster", "a", "ml", { spec: { headGroupSpec: {} } })],
    ["other kinds", object("v1/Pod", "a", "ml", { spec: { headGroupSpec: { serviceType: LB } } })],
  ])("accepts %s", (_case, resource) => {
    expect(judge(resource)).toEqual([]);
  });

  it.each<[string, TestResource, string, string]>([
    [
      "Release it",
      release("argo-workflows", { server: { serviceType: LB } }),
      "values.server.serviceType",
      `${LB} before the Argo server, ${NO_TLS}`,
    ],
    [
      "Release it",
      release("oci://ghcr.io/argoproj/argo-workflows", { server: { serviceType: LB } }),
      "values.server.serviceType",
      `${LB} before the Argo server, ${NO_TLS}`,
    ],
    [
      "Release it",
      release("./charts/argo-workflows-1.0.2.tgz", { server: { serviceType: LB } }),
      "values.server.serviceType",
      `${LB} before the Argo server, ${NO_TLS}`,
    ],
    [
      "Release it",
      release("argo-workflows", { server: { ingress: { enabled: true } } }),
      "values.server.ingress.enabled",
      `true for the Argo server, ${NO_TLS}`,
    ],
    [
      "Release it",
      release("minio", { consoleService: { type: LB } }),
      "values.consoleService.type",
      `${LB} before the console of MinIO, ${NO_TLS}`,
    ],
    [
      "Release it",
      release("minio", { consoleIngress: { enabled: true } }),
      "values.consoleIngress.enabled",
      `true for the console of MinIO, ${NO_TLS}`,
    ],
    [
      "Release it",
      release("spark-operator", { controller: { uiIngress: { enable: true } } }),
      "values.controller.uiIngress.enable",
      `true for the web UI of Spark, ${NO_LOGIN}`,
    ],
    [
      "Release it",
      release("spark-operator", { controller: { uiIngress: { enable: true, tls: [{}] } } }),
      "values.controller.uiIngress.enable",
      `true for the web UI of Spark, ${NO_LOGIN}`,
    ],
    [
      "RayCluster ml/a",
      object("ray.io/v1/RayCluster", "a", "ml", { spec: { headGroupSpec: { serviceType: LB } } }),
      "spec.headGroupSpec.serviceType",
      `${LB} before the dashboard of Ray, ${NO_LOGIN}`,
    ],
    [
      "RayJob ml/a",
      object("ray.io/v1/RayJob", "a", "ml", { spec: { rayClusterSpec: { headGroupSpec: { serviceType: LB } } } }),
      "spec.rayClusterSpec.headGroupSpec.serviceType",
      `${LB} before the dashboard of Ray, ${NO_LOGIN}`,
    ],
    [
      "RayService ml/a",
      object("ray.io/v1/RayService", "a", "ml", { spec: { rayClusterConfig: { headGroupSpec: { serviceType: LB } } } }),
      "spec.rayClusterConfig.headGroupSpec.serviceType",
      `${LB} before the dashboard of Ray, ${NO_LOGIN}`,
    ],
    [
      "SparkApplication ml/a",
      object("sparkoperator.k8s.io/v1beta2/SparkApplication", "a", "ml", {
        spec: { sparkUIOptions: { serviceType: LB } },
      }),
      "spec.sparkUIOptions.serviceType",
      `${LB} before the web UI of Spark, ${NO_LOGIN}`,
    ],
    [
      "ScheduledSparkApplication ml/a",
      object("sparkoperator.k8s.io/v1beta2/ScheduledSparkApplication", "a", "ml", {
        spec: { template: { sparkUIOptions: { serviceType: LB } } },
      }),
      "spec.template.sparkUIOptions.serviceType",
      `${LB} before the web UI of Spark, ${NO_LOGIN}`,
    ],
  ])("refuses %s that makes one public", (subject, resource, path, what) => {
    expect(judge(resource)).toEqual([`mandatory [NET-06] ${subject}: ${path} is ${what}`]);
  });

  const annotated = (place: string, annotation: object): TestResource =>
    release(place === "minio" ? "minio" : "argo-workflows", {
      server: { serviceType: LB, serviceAnnotations: annotation },
      consoleService: { type: LB, annotations: annotation },
    });

  it("reads annotations where each chart has them", () => {
    const internal = { "service.beta.kubernetes.io/aws-load-balancer-scheme": "internal" };
    expect(judge(annotated("minio", internal))).toEqual([]);
    expect(judge(annotated("argo", internal))).toEqual([]);
    const head = { serviceType: LB, headService: { metadata: { annotations: internal } } };
    expect(judge(object("ray.io/v1/RayCluster", "a", "ml", { spec: { headGroupSpec: head } }))).toEqual([]);
    const ui = { sparkUIOptions: { serviceType: LB, serviceAnnotations: internal } };
    expect(judge(object("sparkoperator.k8s.io/v1beta2/SparkApplication", "a", "ml", { spec: ui }))).toEqual([]);
  });

  it("leaves out objects that configuration names", () => {
    const cluster = object("ray.io/v1/RayCluster", "a", "ml", { spec: { headGroupSpec: { serviceType: LB } } });
    expect(judge(cluster, { objects: ["ml/a"] })).toEqual([]);
  });

  it.each<[string, TestResource, string]>([
    ["the chart", release(UNKNOWN_STRING, { server: { serviceType: LB } }), "chart"],
    ["the type", release("argo-workflows", { server: { serviceType: UNKNOWN_STRING } }), "values.server.serviceType"],
    [
      "the annotations",
      release("argo-workflows", { server: { serviceType: LB, serviceAnnotations: UNKNOWN_STRING } }),
      "values.server.serviceAnnotations",
    ],
    [
      "the sources",
      release("argo-workflows", { server: { serviceType: LB, loadBalancerSourceRanges: UNKNOWN_STRING } }),
      "values.server.loadBalancerSourceRanges",
    ],
    [
      "the class",
      release("argo-workflows", { server: { serviceType: LB, loadBalancerClass: UNKNOWN_STRING } }),
      "values.server.loadBalancerClass",
    ],
    [
      "the ingress",
      release("argo-workflows", { server: { serviceType: "ClusterIP", ingress: UNKNOWN_STRING } }),
      "values.server.ingress",
    ],
    [
      "whether it is on",
      release("argo-workflows", { server: { ingress: { enabled: UNKNOWN_STRING } } }),
      "values.server.ingress.enabled",
    ],
    [
      "its class",
      release("argo-workflows", { server: { ingress: { enabled: true, ingressClassName: UNKNOWN_STRING } } }),
      "values.server.ingress",
    ],
  ])("cannot decide without knowing %s", (_case, resource, path) => {
    expect(judge(resource)).toEqual([undecidedLine("NET-06", "Release it", path, TITLE)]);
  });
});

describe("NET-06 routes", () => {
  const TITLE = "Gateways ask for a login before they lead to a console";
  const judge = (resources: TestResource[], entry?: object) =>
    lines(analyzeStack([consoleRoute], resources, configuredStack("NET-06", entry)));
  const route = (host: unknown = "katib-ui.kubeflow.svc.cluster.local", spec: object = {}): TestResource =>
    object("networking.istio.io/v1/VirtualService", "katib", "ml", {
      spec: {
        gateways: ["istio-ingress/https"],
        hosts: ["katib.example.com"],
        http: [{ route: [{ destination: { host, port: { number: 80 } } }] }],
        ...spec,
      },
    });
  const httpRoute = (spec: object = {}): TestResource =>
    object("gateway.networking.k8s.io/v1/HTTPRoute", "katib", "ml", {
      spec: {
        parentRefs: [{ name: "public" }],
        hostnames: ["katib.example.com"],
        rules: [{ backendRefs: [{ name: "katib-ui", port: 80 }] }],
        ...spec,
      },
    });
  const policy = (spec: unknown): TestResource =>
    object("security.istio.io/v1/AuthorizationPolicy", "login", "istio-ingress", { spec });
  const forHosts = (...hosts: unknown[]) => policy({ action: "CUSTOM", rules: [{ to: [{ operation: { hosts } }] }] });
  const MESSAGE = `advisory [NET-06] VirtualService ml/katib: spec.http[0].route[0].destination.host is a console of Kubeflow, ${NO_LOGIN}`;

  it.each<[string, TestResource[]]>([
    ["an authorizer for the host", [route(), forHosts("katib.example.com")]],
    ["an authorizer for the host and port", [route(), forHosts("a.example", "katib.example.com:443")]],
    ["an authorizer for the host and any port", [route(), forHosts("katib.example.com:*")]],
    ["an authorizer for the domain", [route(), forHosts("*.example.com")]],
    ["an authorizer for every host", [route(), forHosts("*")]],
    ["an authorizer for all", [route(), policy({ action: "CUSTOM", rules: [{}] })]],
    [
      "an authorizer for some paths of all hosts",
      [route(), policy({ action: "CUSTOM", rules: [{ to: [{ operation: { paths: ["/a"] } }] }] })],
    ],
    ["tokens that are wanted", [route(), policy({ rules: [{ from: [{ source: { requestPrincipals: ["*"] } }] }] })]],
    [
      "the lack of a token refused",
      [route(), policy({ action: "DENY", rules: [{ from: [{ source: { notRequestPrincipals: ["*"] } }] }] })],
    ],
    [
      "a filter",
      [
        route(),
        object("networking.istio.io/v1alpha3/EnvoyFilter", "a", "b", {
          spec: { name: "envoy.filters.http.ext_authz" },
        }),
      ],
    ],
    ["a policy of Envoy Gateway", [httpRoute(), object("gateway.envoyproxy.io/v1alpha1/SecurityPolicy", "a", "b")]],
    ["a route of the mesh", [route(undefined, { gateways: ["mesh"] })]],
    ["a route without gateways", [route(undefined, { gateways: undefined })]],
    ["a route of a local gateway", [route(undefined, { gateways: ["knative-serving/knative-local-gateway"] })]],
    ["a route to something else", [route("churn.ml.svc.cluster.local")]],
    ["a route to a console with a login", [route("argo-server")]],
    ["a route of a Service's mesh", [httpRoute({ parentRefs: [{ kind: "Service", name: "a" }] })]],
    [
      "a route of a gateway for the cluster",
      [httpRoute({ parentRefs: [{ kind: "Gateway", name: "knative-local-gateway" }] })],
    ],
    ["a route for every host beside a login for one", [route(undefined, { hosts: ["*"] }), forHosts("a.example")]],
    ["a route without hosts beside a login", [httpRoute({ hostnames: undefined }), forHosts("a.example")]],
    ["other kinds", [object("v1/Service", "katib", "ml", { spec: { gateways: ["a"] } })]],
  ])("accepts %s", (_case, resources) => {
    expect(judge(resources)).toEqual([]);
  });

  it.each<[string, TestResource[]]>([
    ["without a login", [route()]],
    ["by its short name", [route("katib-ui")]],
    ["with a login for another host", [route(), forHosts("a.example")]],
    [
      "with a login for one of its hosts",
      [route(undefined, { hosts: ["katib.example.com", "b.example"] }), forHosts("katib.example.com")],
    ],
    ["with a login for another domain", [route(), forHosts("*.a.example")]],
    ["with a login for a host that ends alike", [route(), forHosts("xexample.com")]],
    ["with a login for what is no host", [route(), forHosts(7)]],
    [
      "with a host that is none",
      [route(undefined, { hosts: ["katib.example.com", 7] }), forHosts("katib.example.com")],
    ],
    ["with an authorizer without rules", [route(), policy({ action: "CUSTOM" })]],
    [
      "with an allowance for callers",
      [route(), policy({ action: "ALLOW", rules: [{ from: [{ source: { principals: ["a"] } }] }] })],
    ],
    ["with an empty list of tokens", [route(), policy({ rules: [{ from: [{ source: { requestPrincipals: [] } }] }] })]],
    [
      "with a refusal of tokens",
      [route(), policy({ action: "DENY", rules: [{ from: [{ source: { requestPrincipals: ["a"] } }] }] })],
    ],
    [
      "with an audit",
      [route(), policy({ action: "AUDIT", rules: [{ from: [{ source: { requestPrincipals: ["a"] } }] }] })],
    ],
    [
      "with another filter",
      [route(), object("networking.istio.io/v1alpha3/EnvoyFilter", "a", "b", { spec: { name: "lua" } })],
    ],
    ["from a gateway beside the mesh", [route(undefined, { gateways: ["mesh", "public"] })]],
  ])("finds a route to a console %s", (_case, resources) => {
    expect(judge(resources)).toEqual([MESSAGE]);
  });

  it("finds routes of the Gateway API", () => {
    const expected = `advisory [NET-06] HTTPRoute ml/katib: spec.rules[0].backendRefs[0].name is a console of Kubeflow, ${NO_LOGIN}`;
    expect(judge([httpRoute()])).toEqual([expected]);
    expect(judge([httpRoute(), forHosts("a.example")])).toEqual([expected]);
    expect(judge([httpRoute({ rules: [{ backendRefs: [{ name: "web", port: 8265 }] }] })])[0]).toContain(
      "is the dashboard of Ray",
    );
  });

  it("finds consoles by the port of a destination", () => {
    const http = [{ route: [{ destination: { host: "tune", port: { number: 8265 } } }] }];
    expect(judge([route(undefined, { http })])[0]).toContain("is the dashboard of Ray, which is public");
  });

  it("leaves out what configuration names", () => {
    expect(judge([route()], { objects: ["ml/katib"] })).toEqual([]);
    expect(judge([route()], { gateways: ["istio-ingress/https"] })).toEqual([]);
  });

  it("is critical, and stops deployments in stricter profiles", () => {
    expect(analyzeStack([consoleRoute as Rule], [route()])).toMatchObject([
      { severity: "critical", urn: urnOf(route()) },
    ]);
    expect(consoleRoute.levels).toEqual({ restricted: "mandatory" });
  });

  it.each<[string, TestResource[], string]>([
    ["the gateways", [route(undefined, { gateways: UNKNOWN_STRING })], "spec.gateways"],
    ["a gateway", [route(undefined, { gateways: [UNKNOWN_STRING] })], "spec.gateways"],
    ["the routes", [route(undefined, { http: UNKNOWN_STRING })], "spec.http[0].route[0].destination.host"],
    ["a destination", [route(UNKNOWN_STRING)], "spec.http[0].route[0].destination.host"],
    ["the hosts", [route(undefined, { hosts: UNKNOWN_STRING }), forHosts("a.example")], "spec.hosts"],
    ["a host", [route(undefined, { hosts: [UNKNOWN_STRING] }), forHosts("a.example")], "spec.hosts"],
    ["whom a policy is for", [route(), policy(UNKNOWN_STRING)], "spec.hosts"],
    ["the rules of a policy", [route(), policy({ action: "CUSTOM", rules: UNKNOWN_STRING })], "spec.hosts"],
    [
      "what a filter does",
      [route(), object("networking.istio.io/v1alpha3/EnvoyFilter", "a", "b", { spec: { name: UNKNOWN_STRING } })],
      "spec.hosts",
    ],
    ["what a policy does", [route(), policy({ action: UNKNOWN_STRING, rules: [{}] })], "spec.hosts"],
    [
      "the hosts of a policy",
      [route(), policy({ action: "CUSTOM", rules: [{ to: [{ operation: { hosts: UNKNOWN_STRING } }] }] })],
      "spec.hosts",
    ],
    ["a host of a policy", [route(), forHosts(UNKNOWN_STRING)], "spec.hosts"],
    [
      "the operations of a policy",
      [route(), policy({ action: "CUSTOM", rules: [{ to: UNKNOWN_STRING }] })],
      "spec.hosts",
    ],
    ["the callers of a policy", [route(), policy({ rules: [{ from: UNKNOWN_STRING }] })], "spec.hosts"],
    [
      "the tokens of a policy",
      [route(), policy({ rules: [{ from: [{ source: { requestPrincipals: UNKNOWN_STRING } }] }] })],
      "spec.hosts",
    ],
  ])("cannot decide without knowing %s", (_case, resources, path) => {
    expect(judge(resources)).toEqual([undecidedStackLine("NET-06", "VirtualService ml/katib", path, TITLE)]);
  });

  it("needs not know the hosts where all are asked for a login", () => {
    const login = policy({ action: "CUSTOM", rules: [{}] });
    expect(judge([route(undefined, { hosts: UNKNOWN_STRING }), login])).toEqual([]);
    expect(judge([route(undefined, { hosts: [UNKNOWN_STRING] }), login])).toEqual([]);
  });
});
