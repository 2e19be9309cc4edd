import { Cluster, ClusterKind, ConsoleAccess, GatewayExposure, Istio } from "../components";

const cluster = new Cluster("lab", { kind: ClusterKind.eks, eks: { region: "us-east-1" } });
const providers = [cluster.provider];

const mesh = new Istio("mesh", { gateway: { exposure: GatewayExposure.internal } }, { providers });

export const access = new ConsoleAccess(
  "consoles",
  {
    oidc: {
      issuer: "https://login.example.com/realms/ml",
      clientId: "mlstack",
      clientSecretFrom: { name: "sign-in", key: "client-secret" },
    },
    allowedGroups: ["ml-users", "ml-admins"],
    emailDomains: ["example.com"],
    tlsSecret: "consoles-tls",
    consoles: [
      { name: "dashboard", host: "ml.example.com", namespace: "kubeflow", service: "dashboard" },
      {
        name: "grafana",
        host: "grafana.example.com",
        namespace: "monitoring",
        service: "kube-prometheus-stack-grafana",
        groups: ["ml-admins"],
      },
    ],
  },
  { providers, dependsOn: [mesh] },
);
