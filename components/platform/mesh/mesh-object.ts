import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { KubernetesObject } from "../../rendering";

/** Creates a resource of the mesh under a name that tells its kind and where it lies. */
export function createMeshObject(
  name: string,
  object: KubernetesObject,
  opts: pulumi.CustomResourceOptions,
): k8s.apiextensions.CustomResource {
  const { kind, metadata } = object;
  const { namespace = "", name: own } = metadata;
  return new k8s.apiextensions.CustomResource(`${name}-${kind.toLowerCase()}-${namespace}-${own}`, object, opts);
}
