import * as pulumi from "@pulumi/pulumi";
import { checkedInputs, checkEnum, checkWholeNumber, compact, type InputProblem } from "../../internal";
import { CHARTS } from "../../model/versions";
import { RenderedObjects, type Rendering } from "../../rendering";
import { PodIdentityRole } from "../identity/pod-identity-role";
import { clusterAutoscalerStatements } from "./cluster-autoscaler-rights";
import {
  CLUSTER_AUTOSCALER_NAME,
  type ClusterAutoscalerArgs,
  clusterAutoscalerValues,
  Expander,
} from "./cluster-autoscaler-values";
import { checkController, controllerFacts, DEFAULT_NAMESPACE } from "./controller-args";
import { controllerNamespace } from "./controller-namespace";

/**
 * The Cluster Autoscaler: resizes managed node groups to what waiting pods need, from zero. Pools with the back end
 * `managed` say which machines, between their `minNodes` and their ceiling.
 *
 * Creates a role by Pod Identity, and the Cluster Autoscaler itself on the system pool, in the version of the cluster.
 *
 * It may stand beside Karpenter, as every pool has one back end. Pods that select no pool then get a machine from whichever
 * is first, and sometimes from both, so let workloads name their pool.
 */
export class ClusterAutoscaler extends pulumi.ComponentResource {
  /** Namespace of the controller. */
  public readonly namespace: pulumi.Output<string>;
  /** ARN of the controller's role. */
  public readonly roleArn: pulumi.Output<string>;
  /** True once the Cluster Autoscaler runs. */
  public readonly ready: pulumi.Output<boolean>;

  /**
   * @throws pulumi.InputPropertiesError when there is no Cluster Autoscaler for the version of the cluster, or when a name,
   * number, quantity, version or expander is misspelt.
   */
  constructor(name: string, args: ClusterAutoscalerArgs, opts?: pulumi.ComponentResourceOptions) {
    const errors = validateClusterAutoscaler(name, args);
    super("mlstack:index:ClusterAutoscaler", name, checkedInputs("ClusterAutoscaler", name, args, errors), opts);

    const { eks, namespace = DEFAULT_NAMESPACE, permissionsBoundaryArn } = args;
    const { name: namespaceName, created } = controllerNamespace(name, namespace, this);
    const role = new PodIdentityRole(
      `${name}-role`,
      compact({
        eks,
        namespace,
        serviceAccount: CLUSTER_AUTOSCALER_NAME,
        statements: clusterAutoscalerStatements(eks),
        permissionsBoundaryArn,
      }),
      { parent: this },
    );
    const controller = new RenderedObjects(`${name}-controller`, clusterAutoscalerRendering(args), {
      parent: this,
      dependsOn: [...created, role],
    });
    this.namespace = namespaceName;
    this.roleArn = role.roleArn;
    this.ready = controller.ready;
    this.registerOutputs({ namespace: this.namespace, roleArn: this.roleArn, ready: this.ready });
  }
}

/** What the Cluster Autoscaler consists of on the cluster, beside its namespace. */
export function clusterAutoscalerRendering(args: ClusterAutoscalerArgs): Rendering {
  const { namespace = DEFAULT_NAMESPACE, chartVersion: version } = args;
  const source = compact({
    chart: CHARTS.clusterAutoscaler,
    release: CLUSTER_AUTOSCALER_NAME,
    namespace,
    values: clusterAutoscalerValues(args),
    version,
  });
  return { sources: [source], facts: controllerFacts(args), namespace };
}

/** Checks the Cluster Autoscaler's inputs. */
export function validateClusterAutoscaler(_name: string, args: ClusterAutoscalerArgs): InputProblem[] {
  return [
    ...checkController(args),
    ...checkEnum("expander", args.expander, Expander),
    ...checkWholeNumber("scaleDownMinutes", args.scaleDownMinutes, { min: 1 }),
  ];
}
