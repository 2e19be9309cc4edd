import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/** A Service object as it is given to Kubernetes; leaves may be outputs. */
export interface ServiceManifest {
  apiVersion: "v1";
  kind: "Service";
  metadata: k8s.types.input.meta.v1.ObjectMeta;
  spec: k8s.types.input.core.v1.ServiceSpec;
}

/** A Secret object as it is given to Kubernetes; leaves may be outputs. */
export interface SecretManifest {
  apiVersion: "v1";
  kind: "Secret";
  metadata: k8s.types.input.meta.v1.ObjectMeta;
  type: "Opaque";
  /** Values in Base64. */
  data: Record<string, pulumi.Input<string>>;
}

/** A StatefulSet object as it is given to Kubernetes; leaves may be outputs. */
export interface StatefulSetManifest {
  apiVersion: "apps/v1";
  kind: "StatefulSet";
  metadata: k8s.types.input.meta.v1.ObjectMeta;
  spec: k8s.types.input.apps.v1.StatefulSetSpec;
}

/** A Deployment object as it is given to Kubernetes; leaves may be outputs. */
export interface DeploymentManifest {
  apiVersion: "apps/v1";
  kind: "Deployment";
  metadata: k8s.types.input.meta.v1.ObjectMeta;
  spec: k8s.types.input.apps.v1.DeploymentSpec;
}
