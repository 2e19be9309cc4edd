import * as pulumi from "@pulumi/pulumi";
import { compact } from "../internal";
import type { PoolShape } from "../model";
import { type ClusterArgs, ClusterKind } from "./cluster";

/** What a tenant of an environment has for the programs of its team. */
export interface TenantFacts {
  /** Namespace of its workloads. */
  namespace: string;
  /** Names of the LocalQueues in it, for `queue` of workloads; empty where Kueue has no say there. */
  queues: string[];
  /** Names of the accounts in it that pods may run under. */
  serviceAccounts: string[];
}

/** What programs must know of an environment to run workloads on it, as its stack tells it in the output `environment`. */
export interface EnvironmentFacts {
  /** Where its cluster comes from. */
  clusterKind: ClusterKind;
  /** Context inside the kubeconfig; undefined where it is the current one. */
  context?: string;
  /** AWS region of its cluster; undefined where the cluster is not on EKS. */
  region?: string;
  /** What its pools offer, for `pools` of workloads. */
  pools: PoolShape[];
  /** Names of the parts of its platform, in alphabetical order. */
  parts: string[];
  /** Its tenants by their names. */
  tenants: Record<string, TenantFacts>;
}

/** An environment as a program of its users sees it. */
export interface ReferencedEnvironment extends EnvironmentFacts {
  /** What a {@link Cluster} on its cluster is made from. */
  cluster: ClusterArgs;
}

/**
 * Reads from the stack of an environment what a program needs for workloads on it: an exported function of the program
 * awaits it, as arguments such as pools and namespaces are plain values.
 *
 * The kubeconfig stays a secret. Where the cluster is not on EKS it is a path, and of use on machines alone that have it; where
 * the environment was told none, it is the ambient one.
 *
 * @param stack Stack that the environment's program was brought up as, for example of the name `acme/mlstack/prod`.
 * @throws Error when the stack has no output `environment`: it is not up, or of another program.
 */
export async function referencedEnvironment(stack: pulumi.StackReference): Promise<ReferencedEnvironment> {
  const facts = (await stack.getOutputDetails("environment")).value as EnvironmentFacts | undefined;
  if (facts === undefined) {
    const name = await valueOf(stack.name);
    throw new Error(`stack ${name} has no output "environment". Bring the environment up, or mend the stack's name.`);
  }
  const isLocal = facts.clusterKind === ClusterKind.local;
  const kubeconfig = (await stack.getOutputDetails("kubeconfig")).secretValue as string | undefined;
  const cluster = compact({
    kind: isLocal ? ClusterKind.local : ClusterKind.existing,
    kubeconfig: kubeconfig && pulumi.secret(kubeconfig),
    context: facts.context,
  });
  return { ...facts, cluster };
}

function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve));
}
