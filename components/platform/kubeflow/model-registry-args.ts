import { checkDnsLabel, checkEnum, type InputProblem } from "../../internal";
import { checkKubeflowConsole, type KubeflowConsole } from "./kubeflow-console";
import { checkDatabase, type DatabaseArgs } from "./database";
import { checkKubeflowPart, type KubeflowPartArgs } from "./kubeflow-args";

/** Kinds of databases. */
export const DatabaseEngine = {
  mysql: "mysql",
  postgres: "postgres",
} as const;
/** Kinds of databases. */
export type DatabaseEngine = (typeof DatabaseEngine)[keyof typeof DatabaseEngine];

/** What a {@link ModelRegistry} is made from. Every argument has a default. */
export interface ModelRegistryArgs extends KubeflowPartArgs {
  /** Kind of the database; `mysql` by default. */
  databaseEngine?: DatabaseEngine;
  /** Where models are recorded; a database of the part's own on 10Gi by default. An external one needs a database `metadb`. */
  database?: DatabaseArgs;
  /** Namespaces whose pods may call the registry, which asks for no password; none by default beside the part's own. */
  clientNamespaces?: string[];
  /** A gateway that lets in only who has signed in; by default there is none, and no web UI and no route. */
  console?: KubeflowConsole;
  /** Whether InferenceServices of KServe that name a model are recorded; false by default. Needs KServe. */
  inferenceController?: boolean;
  /** Whether KServe downloads models by `model-registry://` addresses; false by default. Needs KServe. */
  storageInitializer?: boolean;
}

/** Checks a registry's inputs. */
export function validateModelRegistry(_name: string, args: ModelRegistryArgs): InputProblem[] {
  const { databaseEngine, database, clientNamespaces = [], console } = args;
  return [
    ...checkKubeflowPart(args),
    ...checkEnum("databaseEngine", databaseEngine, DatabaseEngine),
    ...checkDatabase("database", database),
    ...clientNamespaces.flatMap((client, index) => checkDnsLabel(`clientNamespaces[${index}]`, client)),
    ...checkKubeflowConsole("console", console),
  ];
}
