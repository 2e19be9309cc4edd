import * as k8s from "@pulumi/kubernetes";

/** Variables by which programs of the benchmark are told what they need. */
export const ProgramVariable = {
  /** File with the kubeconfig of the cluster that is previewed on. */
  kubeconfig: "MLSTACK_BENCH_KUBECONFIG",
  /** File with the objects of the mix. */
  manifests: "MLSTACK_BENCH_MANIFESTS",
} as const;

/** The provider of the cluster that is previewed on. */
export function benchmarkProvider(): k8s.Provider {
  return new k8s.Provider("cluster", { kubeconfig: programVariable("kubeconfig") });
}

/** What a program is told. @throws Error when it is not. */
export function programVariable(name: keyof typeof ProgramVariable): string {
  const value = process.env[ProgramVariable[name]];
  if (value === undefined) throw new Error(`${ProgramVariable[name]} is not set: run the program by npm run bench`);
  return value;
}
