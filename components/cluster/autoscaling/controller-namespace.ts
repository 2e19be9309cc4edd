import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { POD_SECURITY_VERSION } from "../../model/versions";
import { DEFAULT_NAMESPACE } from "./controller-args";

/** The namespace of a controller. */
export interface ControllerNamespace {
  /** Its name, known once it is there. */
  name: pulumi.Output<string>;
  /** The namespace where it is created; none for one that every cluster has. */
  created: pulumi.Resource[];
}

/** The namespace of a controller, which is created where it is not one that every cluster has. */
export function controllerNamespace(name: string, namespace: string, parent: pulumi.Resource): ControllerNamespace {
  if (namespace === DEFAULT_NAMESPACE) return { name: pulumi.output(namespace), created: [] };
  const created = new k8s.core.v1.Namespace(
    `${name}-namespace`,
    {
      metadata: {
        name: namespace,
        labels: {
          "pod-security.kubernetes.io/enforce": "restricted",
          "pod-security.kubernetes.io/enforce-version": POD_SECURITY_VERSION,
        },
      },
    },
    { parent },
  );
  return { name: created.metadata.name, created: [created] };
}
