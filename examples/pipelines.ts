import { ArtifactStoreKind, Pipelines } from "../components";

export const pipelines = new Pipelines("pipelines", {
  artifactStore: { kind: ArtifactStoreKind.s3, bucket: "example-artifacts", region: "us-east-1" },
  database: { external: { host: "pipelines.example.org", credentialsSecret: "pipelines-database", tls: true } },
  clientNamespaces: ["team-vision"],
});
