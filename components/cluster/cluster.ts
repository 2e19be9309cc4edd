import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { checkedInputs, checkEnum, compact, type InputProblem, inputProblem, isPlain } from "../internal";

/** Where a cluster comes from. */
export const ClusterKind = {
  /** The embedded control plane on this machine; its nodes are simulated. */
  local: "local",
  /** A cluster that somebody else runs, reached by a kubeconfig. */
  existing: "existing",
} as const;
/** Where a cluster comes from. */
export type ClusterKind = (typeof ClusterKind)[keyof typeof ClusterKind];

/** What a {@link Cluster} is made from. */
export interface ClusterArgs {
  /** Where the cluster comes from. */
  kind: ClusterKind;
  /**
   * Path of a kubeconfig file, or the content of one, which is kept as a secret. Required for `local`; by default
   * `existing` uses the ambient one (`KUBECONFIG`, else `~/.kube/config`).
   */
  kubeconfig?: pulumi.Input<string>;
  /** Context inside the kubeconfig; its current context by default. */
  context?: pulumi.Input<string>;
}

interface Connection {
  needsKubeconfig: boolean;
  /** Whether resources of a cluster that cannot be reached may be forgotten: only where the cluster is disposable. */
  deleteUnreachable: boolean;
}

const connections: Record<ClusterKind, Connection> = {
  local: { needsKubeconfig: true, deleteUnreachable: true },
  existing: { needsKubeconfig: false, deleteUnreachable: false },
};

/**
 * A Kubernetes cluster to put pools, platform and workloads on.
 *
 * Creates one Kubernetes provider. Hand it to everything that belongs on the cluster:
 * `{ providers: [cluster.provider] }`.
 */
export class Cluster extends pulumi.ComponentResource {
  /** Provider of everything that is created on this cluster. */
  public readonly provider: k8s.Provider;
  /** Where the cluster comes from. */
  public readonly kind: ClusterKind;
  /** The kubeconfig as it was given, secret where it is a content; undefined where the ambient one is used. */
  public readonly kubeconfig: pulumi.Output<string | undefined>;

  /**
   * @throws pulumi.InputPropertiesError when `kind` is unknown, or is `local` and there is no kubeconfig.
   */
  constructor(name: string, args: ClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    const checked = checkedInputs("Cluster", name, args, validateCluster(name, args));
    const inputs = compact({ ...checked, kubeconfig: protectContent(checked.kubeconfig) });
    super("mlstack:index:Cluster", name, inputs, opts);

    this.provider = new k8s.Provider(
      `${name}-provider`,
      compact({
        kubeconfig: inputs.kubeconfig,
        context: inputs.context,
        deleteUnreachable: connections[args.kind].deleteUnreachable,
      }),
      { parent: this },
    );
    this.kind = args.kind;
    this.kubeconfig = pulumi.output(inputs.kubeconfig);
    this.registerOutputs({ provider: this.provider, kind: this.kind, kubeconfig: this.kubeconfig });
  }
}

/** Checks a cluster's inputs as far as they are known. */
export function validateCluster(_name: string, args: ClusterArgs): InputProblem[] {
  const kindProblems = checkEnum("kind", args.kind, ClusterKind);
  if (kindProblems.length > 0) return kindProblems;
  const missing = args.kubeconfig === undefined ? connections[args.kind].needsKubeconfig : args.kubeconfig === "";
  if (!missing) return [];
  const allowed = "the path of a kubeconfig file, or its content";
  const remedy = "Give the kubeconfig of the cluster; `mlstack up` passes that of the embedded one.";
  return [inputProblem("kubeconfig", args.kubeconfig, allowed, remedy)];
}

/** Makes a secret of what is, or may turn out to be, the content of a kubeconfig; a path stays readable. */
function protectContent(kubeconfig: pulumi.Input<string> | undefined): pulumi.Input<string> | undefined {
  const isPath = isPlain(kubeconfig) && !/^\s*\{|\n/.test(kubeconfig);
  return kubeconfig === undefined || isPath ? kubeconfig : pulumi.secret(kubeconfig);
}
