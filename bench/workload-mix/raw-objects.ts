import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { MixedObject } from "./kinds";

/** A class of the Kubernetes SDK. */
type ObjectClass = new (name: string, manifest: object, opts: pulumi.CustomResourceOptions) => pulumi.CustomResource;

/** Registers objects as resources of the Kubernetes SDK, with no component and no check. */
export function registerRaw(manifests: MixedObject[], provider: k8s.Provider): void {
  for (const manifest of manifests) {
    const Kind = classOf(manifest);
    new Kind(`${manifest.metadata.name as string}-${manifest.kind.toLowerCase()}`, manifest, { provider });
  }
}

/** The class of a kind that Kubernetes itself has, else that of custom resources. */
function classOf({ apiVersion, kind }: MixedObject): ObjectClass {
  const [version = "", group = "core"] = apiVersion.split("/").reverse();
  const groups = k8s as unknown as Record<string, Record<string, Record<string, ObjectClass>> | undefined>;
  return groups[group]?.[version]?.[kind] ?? (k8s.apiextensions.CustomResource as unknown as ObjectClass);
}
