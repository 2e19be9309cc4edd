import * as pulumi from "@pulumi/pulumi";
import { compact } from "../../internal";
import { partNamespace, PodSecurityLevel } from "../part/part-namespace";
import type { KubeflowConsole } from "./kubeflow-console";
import { KUBEFLOW_NAMESPACE, type KubeflowPartArgs } from "./kubeflow-args";

/** Label by which Istio adds its proxy to the pods of a namespace. */
const INJECTION_LABEL = "istio-injection";

/** The namespace of a part of Kubeflow, and what to wait for before it is used. */
export interface KubeflowNamespace {
  name: pulumi.Output<string>;
  made: pulumi.Resource[];
}

/**
 * Makes the namespace of a part, or takes it as it is. It is held to `baseline`, as pipelines of single users run there;
 * behind a console its pods get Istio's proxy, which tells who asks.
 */
export function kubeflowNamespace(
  name: string,
  args: KubeflowPartArgs,
  parent: pulumi.Resource,
  console?: KubeflowConsole,
): KubeflowNamespace {
  const { namespace = KUBEFLOW_NAMESPACE, existingNamespace = false } = args;
  if (existingNamespace) return { name: pulumi.output(namespace), made: [] };
  const labels = compact({ [INJECTION_LABEL]: console === undefined ? undefined : "enabled" });
  const made = partNamespace(name, namespace, PodSecurityLevel.baseline, parent, labels);
  return { name: made.metadata.name, made: [made] };
}
