import { DatabaseEngine, ModelRegistry } from "../components";

export const registry = new ModelRegistry("registry", {
  databaseEngine: DatabaseEngine.postgres,
  database: { volumeSize: "20Gi" },
  clientNamespaces: ["team-vision"],
});
