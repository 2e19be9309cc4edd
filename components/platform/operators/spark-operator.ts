import * as pulumi from "@pulumi/pulumi";
import { checkedInputs, compact } from "../../internal";
import { CHARTS } from "../../model/versions";
import { type Adjustment, inTurn, RenderedObjects, type Rendering } from "../../rendering";
import { partNamespace, PodSecurityLevel, withoutNamespaces } from "../part/part-namespace";
import { adding, podMonitor } from "./manifest-adjustments";
import { type SparkOperatorArgs, validateSparkOperator } from "./spark-operator-args";
import { sparkCertificate, withCertManager } from "./spark-operator-certificate";
import { SPARK_OPERATOR_NAMESPACE, sparkOperatorValues } from "./spark-operator-values";

/**
 * The Spark operator of Kubeflow: runs SparkApplications, which are given to Kubernetes like any other object, once or by a
 * schedule.
 *
 * The namespaces in `jobNamespaces` must exist first: the operator gets a Role and a RoleBinding in each, and drivers get
 * an account. Have the operator depend on what makes them. Others that run its applications depend on the operator.
 *
 * Creates a namespace, the resource types, RBAC, the controller, and the webhook with its configurations.
 */
export class SparkOperator extends pulumi.ComponentResource {
  /** Namespace of the operator. */
  public readonly namespace: pulumi.Output<string>;
  /** True once SparkApplications can be created: the types are established, and the webhook answers. */
  public readonly ready: pulumi.Output<boolean>;

  /**
   * @throws pulumi.InputPropertiesError when namespaces are both listed and selected, when the list is empty, when an account
   * is asked for without a list, when the default scheduler is unknown, or when a name, number, quantity or version is
   * misspelt.
   */
  constructor(name: string, args: SparkOperatorArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    const errors = validateSparkOperator(name, args);
    super("mlstack:index:SparkOperator", name, checkedInputs("SparkOperator", name, args, errors), opts);

    const rendering = sparkOperatorRendering(args);
    const namespace = partNamespace(name, rendering.namespace, PodSecurityLevel.restricted, this);
    this.namespace = namespace.metadata.name;
    const certificates = usesCertManager(args)
      ? sparkCertificate(name, this.namespace, rendering.namespace, { parent: this })
      : [];
    const objects = new RenderedObjects(`${name}-objects`, rendering, {
      parent: this,
      dependsOn: [namespace, ...certificates],
    });
    this.ready = objects.ready;
    this.registerOutputs({ namespace: this.namespace, ready: this.ready });
  }
}

/** On simulated nodes there is no webhook to have a certificate, nor a cert-manager that would issue one. */
function usesCertManager({ platform = {} }: SparkOperatorArgs): boolean {
  return platform.certManager === true && platform.simulated !== true;
}

/** What the Spark operator consists of, beside its namespace and its certificate. */
export function sparkOperatorRendering(args: SparkOperatorArgs): Rendering {
  const { namespace = SPARK_OPERATOR_NAMESPACE, platform = {}, version } = args;
  const values = sparkOperatorValues(args);
  const source = compact({ chart: CHARTS.sparkOperator, release: "spark-operator", namespace, values, version });
  const monitor = podMonitor({
    name: "spark-operator",
    namespace,
    labels: { "app.kubernetes.io/name": "spark-operator", "app.kubernetes.io/instance": "spark-operator" },
    port: "metrics",
  });
  const adjustments: Adjustment[] = [
    withoutNamespaces,
    ...(usesCertManager(args) ? [withCertManager(namespace)] : []),
    ...(platform.prometheus === true ? [adding(monitor)] : []),
  ];
  return { sources: [source], facts: platform, namespace, adjust: inTurn(...adjustments) };
}
