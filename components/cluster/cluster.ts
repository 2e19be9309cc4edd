import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { checkedInputs, checkEnum, compact, type InputProblem, inputProblem, isPlain, problemAt } from "../internal";
import type { EksFacts } from "./eks-facts";
import { createEksCluster } from "./eks/eks-cluster";
import type { EksClusterArgs } from "./eks/eks-cluster-args";
import { validateEksCluster } from "./eks/eks-cluster-validation";

/** Where a cluster comes from. */
export const ClusterKind = {
  /** The embedded control plane on this machine; its nodes are simulated. */
  local: "local",
  /** A cluster that somebody else runs, reached by a kubeconfig. */
  existing: "existing",
  /** A cluster that is made on Amazon EKS. */
  eks: "eks",
} as const;
/** Where a cluster comes from. */
export type ClusterKind = (typeof ClusterKind)[keyof typeof ClusterKind];

/** What a {@link Cluster} is made from. */
export interface ClusterArgs {
  /** Where the cluster comes from. */
  kind: ClusterKind;
  /**
   * Path of a kubeconfig file, or the content of one, which is kept as a secret. Required for `local`; by default
   * `existing` uses the ambient one (`KUBECONFIG`, else `~/.kube/config`). Not for `eks`, which yields its own.
   */
  kubeconfig?: pulumi.Input<string>;
  /** Context inside the kubeconfig; its current context by default. */
  context?: pulumi.Input<string>;
  /** What is particular to a cluster on EKS; for `eks` alone, and required there. */
  eks?: EksClusterArgs;
}

/** How a cluster is reached, and what is known of it beyond Kubernetes. */
interface Connection {
  kubeconfig: pulumi.Input<string> | undefined;
  /** What must be there as long as the cluster is to be reached; nothing by default. */
  access?: pulumi.Resource[];
  facts?: EksFacts;
}

interface Kind {
  check: (name: string, args: ClusterArgs) => InputProblem[];
  connect: (name: string, args: ClusterArgs, parent: Cluster) => Connection;
  /**
   * Whether resources of a cluster that cannot be reached may be forgotten: where the cluster is disposable. Undefined
   * leaves it to PULUMI_K8S_DELETE_UNREACHABLE, which `down --skip-drain` sets for a cluster that goes as well.
   */
  deleteUnreachable: boolean | undefined;
}

const byKubeconfig = (_name: string, { kubeconfig }: ClusterArgs): Connection => ({ kubeconfig });

const kinds: Record<ClusterKind, Kind> = {
  local: {
    check: (_name, args) => [...checkKubeconfig(args, args.kubeconfig === undefined), ...refuseEks(args)],
    connect: byKubeconfig,
    deleteUnreachable: true,
  },
  existing: {
    check: (_name, args) => [...checkKubeconfig(args, false), ...refuseEks(args)],
    connect: byKubeconfig,
    deleteUnreachable: false,
  },
  eks: {
    check: checkEks,
    connect: (name, { eks }, parent) => createEksCluster(name, eks!, parent),
    deleteUnreachable: undefined,
  },
};

/**
 * A Kubernetes cluster to put pools, platform and workloads on.
 *
 * Creates one Kubernetes provider. Hand it to everything that belongs on the cluster:
 * `{ providers: [cluster.provider] }`. Of the kind `eks` it creates the cluster too, without nodes: pools bring these.
 */
export class Cluster extends pulumi.ComponentResource {
  /** Provider of everything that is created on this cluster. */
  public readonly provider: k8s.Provider;
  /** Where the cluster comes from. */
  public readonly kind: ClusterKind;
  /**
   * The kubeconfig, secret where it is a content: as it was given, or of the cluster that was made; undefined where the
   * ambient one is used.
   */
  public readonly kubeconfig: pulumi.Output<string | undefined>;
  /** What pools, controllers and storage must know of a cluster on EKS; undefined for the other kinds. */
  public readonly eks: EksFacts | undefined;

  /**
   * @throws pulumi.InputPropertiesError when `kind` is unknown, when it is `local` and there is no kubeconfig, when
   * `eks` is missing for `eks` or given for another kind, or when something in `eks` is not what its description allows.
   */
  constructor(name: string, args: ClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    const checked = checkedInputs("Cluster", name, args, validateCluster(name, args));
    const inputs = compact({ ...checked, kubeconfig: protectContent(checked.kubeconfig) });
    super("mlstack:index:Cluster", name, inputs, opts);

    const { connect, deleteUnreachable } = kinds[args.kind];
    const { kubeconfig, access = [], facts } = connect(name, inputs, this);
    this.provider = new k8s.Provider(
      `${name}-provider`,
      compact({ kubeconfig, context: inputs.context, deleteUnreachable }),
      { parent: this, dependsOn: access },
    );
    this.kind = args.kind;
    this.kubeconfig = pulumi.output(kubeconfig);
    this.eks = facts;
    this.registerOutputs({ provider: this.provider, kind: this.kind, kubeconfig: this.kubeconfig, eks: this.eks });
  }
}

/** Checks a cluster's inputs as far as they are known. */
export function validateCluster(name: string, args: ClusterArgs): InputProblem[] {
  const kindProblems = checkEnum("kind", args.kind, ClusterKind);
  return kindProblems.length > 0 ? kindProblems : kinds[args.kind].check(name, args);
}

function checkKubeconfig({ kubeconfig }: ClusterArgs, missing: boolean): InputProblem[] {
  if (!missing && kubeconfig !== "") return [];
  const allowed = "the path of a kubeconfig file, or its content";
  const remedy = "Give the kubeconfig of the cluster; `mlstack up` passes that of the embedded one.";
  return [inputProblem("kubeconfig", kubeconfig, allowed, remedy)];
}

function refuseEks({ kind, eks }: ClusterArgs): InputProblem[] {
  if (eks === undefined) return [];
  return [inputProblem("kind", kind, `${ClusterKind.eks} where eks is given`, "Change the kind, or remove eks.")];
}

function checkEks(name: string, { kubeconfig, context, eks }: ClusterArgs): InputProblem[] {
  const remedy = "Remove it: the cluster that is made yields its own.";
  const foreign = Object.entries({ kubeconfig, context }).filter(([, given]) => given !== undefined);
  return [
    ...foreign.map(([path]) => problemAt(path, "given", "none for eks", remedy)),
    ...(eks === undefined
      ? [inputProblem("eks", eks, "the settings of the cluster", "Give at least its region.")]
      : validateEksCluster(name, eks)),
  ];
}

/** Makes a secret of what is, or may turn out to be, the content of a kubeconfig; a path stays readable. */
function protectContent(kubeconfig: pulumi.Input<string> | undefined): pulumi.Input<string> | undefined {
  const isPath = isPlain(kubeconfig) && !/^\s*\{|\n/.test(kubeconfig);
  return kubeconfig === undefined || isPath ? kubeconfig : pulumi.secret(kubeconfig);
}
