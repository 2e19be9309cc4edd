import type * as pulumi from "@pulumi/pulumi";
import { type GpuNodePoolArgs, gpuPoolShape, type Manifest } from "../../../components";
import type { InputProblem } from "../../../components/internal";

/** A Kubernetes object of whatever kind. */
export type MixedObject = Pick<Manifest, "apiVersion" | "kind" | "metadata">;

/** One kind of workload, as the benchmark makes many of it. */
export interface WorkloadKind<Args extends object = object> {
  /** Arguments of the workload of a number; no two are alike. */
  args: (index: number) => Args;
  /** Checks them, as the constructor does. */
  validate: (name: string, args: Args) => InputProblem[];
  /** The objects that the workload is, by the functions that its class uses. */
  manifests: (name: string, args: Args) => MixedObject[];
  /** Registers it. */
  create: (name: string, args: Args, opts: pulumi.ComponentResourceOptions) => pulumi.ComponentResource;
}

/** Hides the arguments' type, so that different kinds can stand in one table. */
export function kind<Args extends object>(definition: WorkloadKind<Args>): WorkloadKind {
  return definition as unknown as WorkloadKind;
}

/** The objects of a workload that has several, some of them only with some arguments. */
export function objectsIn(manifests: object): MixedObject[] {
  return Object.values(manifests).filter((manifest) => typeof manifest === "object") as MixedObject[];
}

/** The pools that every workload is checked against. */
const pools = Object.entries<GpuNodePoolArgs>({
  t4: { instanceType: "g4dn.xlarge", maxNodes: 40 },
  a10g: { instanceType: "g5.12xlarge", maxNodes: 20 },
  h100: { instanceType: "p5.48xlarge", maxNodes: 8 },
}).map(([name, args]) => gpuPoolShape(name, args));

/** What every kind is told, in a tenant's namespace. */
export const object = (index: number) => ({
  namespace: "research",
  labels: { team: `team-${index % 7}` },
  lineage: { commit: (0xabcdef0 + index).toString(16), data: `s3://lake/demand/?versionId=${index}` },
  pools,
});

/** What programs are told, with as much of everything as real ones have. */
export const program = (index: number) => ({
  image: `registry.example.com/ml/train:1.4.${index}`,
  args: ["--steps=500", `--seed=${index}`],
  env: { EPOCHS: "3", BATCH_SIZE: "64", TRACKING_URI: "http://tracking.mlflow.svc:5000" },
  secretEnv: { TRACKING_TOKEN: { name: "tracking", key: "token" } },
  volumes: [
    { name: "data", mountPath: "/data", persistentVolumeClaim: "demand", readOnly: true },
    { name: "scratch", mountPath: "/scratch", scratch: { sizeLimit: "20Gi" } },
  ],
  runAsUser: 1000,
});
