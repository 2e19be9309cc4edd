import { ArgoTemplateReferencing, ArgoWorkflows, ArtifactStoreKind, Cluster, ClusterKind } from "../components";

const cluster = new Cluster("lab", { kind: ClusterKind.existing });

export const argo = new ArgoWorkflows(
  "argo",
  {
    platform: { systemPool: "system" },
    artifactStore: { kind: ArtifactStoreKind.s3, bucket: "ml-artifacts", region: "us-east-1" },
    limits: { workflowsPerNamespace: 20, podsPerSecond: 20 },
    templateReferencing: ArgoTemplateReferencing.strict,
    server: {
      sso: {
        issuer: "https://id.example.com",
        clientId: { name: "argo-sso", key: "client-id" },
        clientSecret: { name: "argo-sso", key: "client-secret" },
        redirectUrl: "https://argo.example.com/oauth2/callback",
      },
    },
  },
  { providers: [cluster.provider] },
);
