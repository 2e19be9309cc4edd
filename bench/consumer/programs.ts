import { type MixedObject, WORKLOAD_KINDS } from "../workload-mix/kinds";
import { ProgramVariable } from "../workload-mix/program";

/** Workloads of the compared programs: kinds that any cluster has the types of. */
const KINDS = ["GpuJob", "BatchJob", "CronTask", "IndexedJob"];

/** The beginning of both programs: the provider of the cluster that is previewed on. */
const PROVIDER = `import * as k8s from "@pulumi/kubernetes";

const provider = new k8s.Provider("cluster", { kubeconfig: process.env.${ProgramVariable.kubeconfig}! });
`;

const workloads = KINDS.map((component, index) => {
  const kind = WORKLOAD_KINDS[component]!;
  return { component, kind, name: component.toLowerCase(), args: kind.args(index) };
});

/** The program of somebody who writes the objects themselves, with the Kubernetes SDK alone. */
export function rawProgram(): string {
  const objects = workloads.flatMap(({ kind, name, args }) => kind.manifests(name, args));
  return [PROVIDER, ...objects.map(rawStatement)].join("\n");
}

/** The program of somebody who imports the package and declares the same as workloads. */
export function packageProgram(): string {
  const importing = `import { ${KINDS.join(", ")} } from "mlstack/workloads";`;
  const statements = workloads.map(({ component, name, args }) => {
    return `new ${component}("${name}", ${JSON.stringify(args)}, { providers: [provider] });`;
  });
  return [importing, PROVIDER, ...statements].join("\n");
}

function rawStatement(manifest: MixedObject): string {
  const [version = "", group = "core"] = manifest.apiVersion.split("/").reverse();
  const name = `${manifest.metadata.name as string}-${manifest.kind.toLowerCase()}`;
  return `new k8s.${group}.${version}.${manifest.kind}("${name}", ${JSON.stringify(manifest)}, { provider });`;
}
