import type { V1Container, V1Deployment, V1HTTPGetAction, V1PodSpec } from "@kubernetes/client-node";
import { ON_REAL_NODES } from "./placement";
import { imageOf } from "./pod-images";

/** Namespace of the cluster's own services. */
export const SERVICE_NAMESPACE = "kube-system";

/** One of the cluster's own services, as far as it is not like the others. */
export interface ClusterService {
  /** Name of its objects, and of its program in the table of pods' images. */
  name: string;
  labels: Record<string, string>;
  /** User and group of its program, as a number. */
  user: number;
  /** What its container has beside image and restrictions. */
  container: Omit<V1Container, "name" | "image" | "imagePullPolicy" | "securityContext">;
  /** What its pod has beside that. */
  pod: Pick<V1PodSpec, "dnsPolicy" | "volumes">;
}

/**
 * How it is asked whether it is ready, and alive: often, so that it is found as soon as it answers, and with patience, as nothing is in its
 * place, and a machine that is busy answers late.
 */
export function serviceProbes(paths: { ready: V1HTTPGetAction; live: V1HTTPGetAction }) {
  const patience = { timeoutSeconds: 5, failureThreshold: 5 };
  return {
    readinessProbe: { httpGet: paths.ready, periodSeconds: 1, ...patience },
    livenessProbe: { httpGet: paths.live, initialDelaySeconds: 10, ...patience },
  };
}

/** Deployment of one of the cluster's own services: one pod on a real node, which is restricted and writes no file of its image. */
export function serviceDeployment({ name, labels, user, container, pod }: ClusterService): V1Deployment {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: SERVICE_NAMESPACE, labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          ...ON_REAL_NODES,
          serviceAccountName: name,
          priorityClassName: "system-cluster-critical",
          securityContext: {
            runAsNonRoot: true,
            runAsUser: user,
            runAsGroup: user,
            seccompProfile: { type: "RuntimeDefault" },
          },
          containers: [
            {
              name,
              image: imageOf(name),
              imagePullPolicy: "IfNotPresent",
              ...container,
              securityContext: {
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                capabilities: { drop: ["ALL"] },
              },
            },
          ],
          ...pod,
        },
      },
    },
  };
}
