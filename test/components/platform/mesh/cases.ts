import { ConsoleAccess } from "../../../../components/platform/mesh/console-access";
import { Istio } from "../../../../components/platform/mesh/istio";
import { GatewayExposure, MeshDataPlane } from "../../../../components/platform/mesh/istio-args";
import {
  istioBaseValues,
  istioCniValues,
  istiodValues,
  istioGatewayValues,
  ztunnelValues,
} from "../../../../components/platform/mesh/istio-values";
import type { PartCase } from "../../../support/part-case";

/** Two consoles, one of them for fewer people and with pods that only the gateway reaches. */
export const sampleConsoles = [
  { name: "dashboard", host: "ml.example.com", namespace: "kubeflow", service: "dashboard" },
  {
    name: "grafana",
    host: "grafana.example.com",
    namespace: "monitoring",
    service: "grafana",
    port: 80,
    podPort: 3000,
    groups: ["ml-admins"],
    workload: { "app.kubernetes.io/name": "grafana" },
  },
];

/** What every ConsoleAccess must be told. */
export const sampleAccess = {
  oidc: { issuer: "https://login.example.com/realms/ml", clientId: "mlstack", clientSecret: "sample" },
  consoles: sampleConsoles,
  allowedGroups: ["ml-users", "ml-admins"],
  emailDomains: ["example.com"],
  tlsSecret: "consoles-tls",
};

const toleration = { key: "example.com/node" };

/** The mesh, and the door to consoles. The chart's own values stand below `_internal_defaults_do_not_set`. */
export const cases: PartCase[] = [
  {
    part: "Istio",
    create: (name, args) => new Istio(name, args),
    options: {
      namespace: [undefined, "mesh"],
      replicas: [undefined, 1, 3],
      resources: [undefined, { cpu: "1", memory: "4Gi" }],
      dataPlane: [undefined, MeshDataPlane.ambient],
      gateway: [
        undefined,
        { exposure: GatewayExposure.internal, replicas: 1 },
        { exposure: GatewayExposure.public, sourceRanges: ["203.0.113.0/24"], tlsSecret: "ingress-tls" },
      ],
      mtlsExceptions: [undefined, [{ name: "metrics", namespace: "ml", workload: { app: "db" }, ports: [9090] }]],
      defaultDeny: [undefined, true],
      authorizers: [undefined, [{ name: "policy", service: "opa.policy.svc", port: 9191 }]],
      excludedNamespaces: [undefined, ["batch"]],
      sidecarResources: [undefined, { cpu: "50m", memory: "64Mi", memoryLimit: "512Mi" }],
      nodeTolerations: [undefined, [toleration]],
      cniResources: [undefined, { memory: "128Mi" }],
      ztunnelResources: [undefined, { memory: "1Gi" }],
    },
    charts: [
      { values: istioBaseValues, upstream: "istio/charts/base/values.yaml", inMirror: "base-1.30.3/base/values.yaml" },
      {
        values: istiodValues,
        upstream: "istio/charts/istio-discovery/values.yaml",
        inMirror: "istiod-1.30.3/istiod/values.yaml",
        open: ["env", "meshConfig", "nodeSelector", "resources", "seccompProfile", "global.proxy.seccompProfile"],
      },
      {
        values: istioCniValues,
        upstream: "istio/charts/istio-cni/values.yaml",
        inMirror: "cni-1.30.3/cni/values.yaml",
        open: ["seccompProfile", "resources"],
      },
      {
        values: ztunnelValues,
        upstream: "istio/charts/ztunnel/values.yaml",
        inMirror: "ztunnel-1.30.3/ztunnel/values.yaml",
        open: ["resources"],
      },
      {
        values: istioGatewayValues,
        upstream: "istio/charts/gateway/values.yaml",
        inMirror: "gateway-1.30.3/gateway/values.yaml",
        open: ["nodeSelector", "podDisruptionBudget", "securityContext", "service.annotations"],
      },
    ],
  },
  {
    part: "ConsoleAccess",
    create: (name, args) => new ConsoleAccess(name, args),
    options: {
      namespace: [undefined, "sign-in"],
      replicas: [undefined, 1],
      version: [undefined, "7.15.4"],
      resources: [undefined, { cpu: "200m", memory: "256Mi" }],
      gateway: [undefined, { namespace: "edge", serviceAccount: "edge", selector: { app: "edge" } }],
      userHeader: [undefined, "x-user"],
      forwardToken: [undefined, true],
      sessionHours: [undefined, 1],
      rotation: [undefined, "second"],
    },
    required: sampleAccess,
    charts: [],
  },
];
