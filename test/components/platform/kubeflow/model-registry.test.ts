import { describe, expect, it } from "vitest";
import {
  DatabaseEngine,
  ModelRegistry,
  type ModelRegistryArgs,
  modelRegistryRendering,
} from "../../../../components/platform/kubeflow";
import type { KubernetesObject } from "../../../../components/rendering";
import { decodedSecret } from "../../../support/decoded-secret";
import { problemsOf, startMocks, valueOf } from "../../../support/mocks";
import { hasUpstream, platformMirror } from "../../../support/platform-mirror";
import { objectsOf, renderedOnce } from "../../../support/rendering";
import { consoleOfLab, containersOf, database, environmentOf, flawsOf, objectOf, titles } from "./samples";

const dsnOf = async (args: ModelRegistryArgs) => {
  const server = objectOf(await objectsOf(modelRegistryRendering(args)), "Deployment", "model-registry-deployment");
  return containersOf(server)[0]!.args!.find((argument) => argument.startsWith("--embedmd-database-dsn"));
};

const labelsOf = (objects: KubernetesObject[]) => {
  const { spec } = objectOf(objects, "Deployment", "model-registry-deployment") as unknown as Workload;
  return spec.template.metadata.labels;
};
interface Workload {
  spec: { template: { metadata: { labels: Record<string, string> } } };
}

describe("The model registry's manifests", () => {
  it.skipIf(!hasUpstream)("run the registry and a database that only it reaches", async () => {
    const objects = await objectsOf(modelRegistryRendering({ clientNamespaces: ["team-a"] }));
    expect(titles(objects, "Deployment", "NetworkPolicy", "Secret")).toEqual([
      "Deployment kubeflow/model-registry-db",
      "Deployment kubeflow/model-registry-deployment",
      "NetworkPolicy kubeflow/model-registry-db",
      "NetworkPolicy kubeflow/model-registry-callers",
    ]);
    expect(objectOf(objects, "NetworkPolicy", "model-registry-db")["spec"]).toMatchObject({
      ingress: [{ from: [{ podSelector: { matchLabels: { component: "model-registry-server" } } }] }],
    });
    expect(objectOf(objects, "NetworkPolicy", "model-registry-callers")["spec"]).toMatchObject({
      ingress: [
        {
          from: [
            { podSelector: {} },
            { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "team-a" } } },
          ],
        },
      ],
    });
    expect(flawsOf(objects)).toEqual([]);
  });

  it.skipIf(!hasUpstream)("have Istio's proxy only behind a console, and let pods without one call", async () => {
    const alone = await objectsOf(modelRegistryRendering({}));
    expect(labelsOf(alone)["sidecar.istio.io/inject"]).toBe("false");
    expect(titles(alone, "PeerAuthentication")).toEqual([]);
    const shown = await objectsOf(modelRegistryRendering({ namespace: "models", console: consoleOfLab }));
    expect(labelsOf(shown)["sidecar.istio.io/inject"]).toBe("true");
    expect(objectOf(shown, "PeerAuthentication", "model-registry")).toMatchObject({
      metadata: { namespace: "models" },
      spec: {
        selector: { matchLabels: { component: "model-registry-server" } },
        mtls: { mode: "STRICT" },
        portLevelMtls: { "8080": { mode: "PERMISSIVE" } },
      },
    });
  });

  it.skipIf(!hasUpstream)("pin databases, and let nobody in without a password", async () => {
    for (const [databaseEngine, image] of [
      [DatabaseEngine.mysql, "docker.io/library/mysql:8.4.7"],
      [DatabaseEngine.postgres, "docker.io/library/postgres:17.6"],
    ] as const) {
      const objects = await objectsOf(modelRegistryRendering({ databaseEngine }));
      expect(containersOf(objectOf(objects, "Deployment", "model-registry-db"))[0]!.image).toBe(image);
      expect(flawsOf(objects)).toEqual([]);
    }
  });

  it.skipIf(!hasUpstream)("connect to other databases by their Secret, encrypted where asked", async () => {
    const mysql = { database: database.encrypted };
    expect(await dsnOf(mysql)).toBe(
      "--embedmd-database-dsn=$(MYSQL_USER_NAME):$(MYSQL_ROOT_PASSWORD)@tcp($(DATABASE_HOST):3306)/$(MYSQL_DATABASE)?charset=utf8mb4&tls=true",
    );
    expect(await dsnOf({ databaseEngine: DatabaseEngine.postgres, database: database.external })).toBe(
      "--embedmd-database-dsn=postgresql://$(POSTGRES_USER):$(POSTGRES_PASSWORD)@$(DATABASE_HOST):5432/$(POSTGRES_DB)?sslmode=disable",
    );
    const objects = await objectsOf(modelRegistryRendering(mysql));
    expect(titles(objects, "Deployment", "PersistentVolumeClaim")).toEqual([
      "Deployment kubeflow/model-registry-deployment",
    ]);
    expect(environmentOf(objectOf(objects, "Deployment", "model-registry-deployment"))).toEqual({
      DATABASE_HOST: "db.lab.example",
      MYSQL_USER_NAME: { secretKeyRef: { name: "db-credentials", key: "user" } },
      MYSQL_ROOT_PASSWORD: { secretKeyRef: { name: "db-credentials", key: "pass" } },
    });
  });

  it.skipIf(!hasUpstream)("give every image the registry's release, and move with everything in them", async () => {
    const args = { namespace: "models", inferenceController: true, storageInitializer: true, console: consoleOfLab };
    const objects = await objectsOf(modelRegistryRendering(args));
    expect(flawsOf(objects)).toEqual([]);
    expect(objectOf(objects, "ClusterStorageContainer", "model-registry-storage-initializer")["spec"]).toMatchObject({
      container: {
        image: "ghcr.io/kubeflow/model-registry/storage-initializer:v0.3.8",
        env: [{ name: "MODEL_REGISTRY_BASE_URL", value: "model-registry-service.models.svc.cluster.local:8080" }],
      },
    });
    expect(
      environmentOf(objectOf(objects, "Deployment", "controller-controller-manager"))["REGISTRIES_NAMESPACE"],
    ).toBe("models");
    expect(titles(objects, "VirtualService")).toEqual([
      "VirtualService models/model-registry",
      "VirtualService models/model-registry-ui",
    ]);
  });
});

describe("ModelRegistry", () => {
  it.skipIf(!hasUpstream)("makes up the password of its database", async () => {
    const program = await startMocks({ render: renderedOnce });
    const platform = { chartMirror: await platformMirror() };
    const registry = new ModelRegistry("registry", { databaseEngine: DatabaseEngine.postgres, platform });
    const secret = await program.resource("registry-database");
    expect(secret.secretInputs).toEqual(["data"]);
    expect(secret.inputs["metadata"]).toEqual({ name: "model-registry-db-secrets", namespace: "kubeflow" });
    const { POSTGRES_USER: user, POSTGRES_PASSWORD: password } = decodedSecret(secret.inputs);
    expect([user, password?.length]).toEqual(["registry", 32]);
    expect(await valueOf(registry.endpoint)).toBe("http://model-registry-service.kubeflow.svc:8080");
    expect(await valueOf(registry.ready)).toBe(true);
  });

  it("names every problem at once", () => {
    const args = { databaseEngine: "oracle", database: { volumeSize: "0" }, clientNamespaces: ["A"] };
    expect(problemsOf(() => new ModelRegistry("registry", args as unknown as ModelRegistryArgs)).reasons).toEqual([
      'databaseEngine is "oracle"; allowed: mysql, postgres. Set databaseEngine to one of these.',
      'database.volumeSize is "0"; allowed: a Kubernetes quantity above zero. Write it like "20Gi".',
      'clientNamespaces[0] is "A"; allowed: at most 63 lower-case letters, digits and inner hyphens. Set clientNamespaces[0] to such a name.',
    ]);
  });
});
