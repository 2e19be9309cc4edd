import * as pulumi from "@pulumi/pulumi";
import { checkedInputs, compact } from "../../internal";
import { CHARTS } from "../../model/versions";
import { type Adjustment, edit, inTurn, RenderedObjects, type Rendering } from "../../rendering";
import { partNamespace, PodSecurityLevel, withoutNamespaces } from "../part/part-namespace";
import { type GpuOperatorArgs, validateGpuOperator } from "./gpu-operator-args";
import { GPU_OPERATOR_NAMESPACE, gpuOperatorValues } from "./gpu-operator-values";

/**
 * NVIDIA's GPU operator: runs what GPU nodes need as one unit, by a ClusterPolicy. Driver and toolkit are off unless asked
 * for, as the images of managed GPU nodes have both.
 *
 * In place of NvidiaDevicePlugin and DcgmExporter, not beside them; see {@link gpuOperatorConflicts}.
 *
 * Creates a namespace, the resource types, RBAC, the operator, the ClusterPolicy, and Node Feature Discovery.
 */
export class GpuOperator extends pulumi.ComponentResource {
  /** Namespace of the operator, and of all that it runs. */
  public readonly namespace: pulumi.Output<string>;
  /** True once the operator runs and has its ClusterPolicy; GPU nodes there may be none yet. */
  public readonly ready: pulumi.Output<boolean>;

  /**
   * @throws pulumi.InputPropertiesError when the namespace is Kubernetes' own, when the MIG strategy is unknown, when a
   * toleration is misspelt, or a name, number, quantity or version is.
   */
  constructor(name: string, args: GpuOperatorArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    const errors = validateGpuOperator(name, args);
    super("mlstack:index:GpuOperator", name, checkedInputs("GpuOperator", name, args, errors), opts);

    const rendering = gpuOperatorRendering(args);
    // What it runs mounts the host's directories, and mostly is privileged.
    const namespace = partNamespace(name, rendering.namespace, PodSecurityLevel.privileged, this);
    const objects = new RenderedObjects(`${name}-objects`, rendering, { parent: this, dependsOn: [namespace] });
    this.namespace = namespace.metadata.name;
    this.ready = objects.ready;
    this.registerOutputs({ namespace: this.namespace, ready: this.ready });
  }
}

/** What the operator consists of, beside its namespace. */
export function gpuOperatorRendering(args: GpuOperatorArgs): Rendering {
  const { namespace = GPU_OPERATOR_NAMESPACE, platform = {}, version, replicas = 1 } = args;
  const values = gpuOperatorValues(args);
  const source = compact({ chart: CHARTS.gpuOperator, release: "gpu-operator", namespace, values, version });
  const adjust = inTurn(withoutNamespaces, withReplicas(replicas));
  return { sources: [source], facts: platform, namespace, adjust };
}

/** The chart has one pod, whatever is asked for, though the operator elects a leader. */
function withReplicas(replicas: number): Adjustment {
  return edit("Deployment", "gpu-operator", (object) => {
    (object["spec"] as { replicas: number }).replicas = replicas;
  });
}
