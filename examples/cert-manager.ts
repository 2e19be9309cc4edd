import { CertManager, Cluster, ClusterKind } from "../components";

const cluster = new Cluster("lab", { kind: ClusterKind.existing });

export const certificates = new CertManager(
  "certificates",
  {
    clusterIssuers: {
      public: { acme: { email: "ops@example.com", route53: { region: "us-east-1", dnsZones: ["example.com"] } } },
      internal: { ca: { secretName: "internal-root", generate: true } },
    },
  },
  { providers: [cluster.provider] },
);
