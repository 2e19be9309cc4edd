import type * as pulumi from "@pulumi/pulumi";
import type * as fc from "fast-check";
import type { InputProblem } from "../../../components/internal";

/** One set of arguments that a kind of workload must refuse. */
export interface Flaw<Args> {
  /** Arguments with one thing wrong. */
  args: Args;
  /** Path that one of the problems has. */
  path: string;
}

/** One kind of workload, as the tests over all kinds see it. */
export interface WorkloadCase<Args extends object = object> {
  /** Name of the component's class, for example `GpuJob`. */
  component: string;
  /** Registers it. */
  create: (name: string, args: Args, opts?: pulumi.ComponentResourceOptions) => pulumi.ComponentResource;
  /** Checks arguments as the constructor does. */
  validate: (name: string, args: Args) => InputProblem[];
  /** Every Kubernetes object that the component registers, by the pure functions that it uses. */
  objects: (name: string, args: Args) => object[];
  /** The documented ways to use it, by name; each has a golden file, `workload-KIND-VARIANT.yaml`. */
  variants: Record<string, Args>;
  /** Valid arguments. */
  args: fc.Arbitrary<Args>;
  /** Arguments with one thing wrong. */
  flaws: fc.Arbitrary<Flaw<Args>>;
}

/** Hides the arguments' type, so that cases of different kinds can stand in one list. */
export function workloadCase<Args extends object>(definition: WorkloadCase<Args>): WorkloadCase {
  return definition as unknown as WorkloadCase;
}
