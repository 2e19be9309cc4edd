import { type ChartValues, withValues } from "../../rendering";
import { partResources, systemNodes } from "../part/part-args";
import type { VerticalPodAutoscalingArgs } from "./vertical-pod-autoscaling";

/** Namespace of the autoscaler where nothing else is asked for. */
export const VPA_NAMESPACE = "vertical-pod-autoscaler";

/** Name of the admission controller's certificate, and of the Secret that it is kept in. */
export const VPA_CERTIFICATE = "vpa-tls-certs";

/** Name of the Service that the API server asks about pods, which the certificate is for. */
export const VPA_SERVICE = "vpa-webhook";

/** Files that the admission controller reads, by the keys that cert-manager has for them. */
const files = { "ca.crt": "caCert.pem", "tls.crt": "serverCert.pem", "tls.key": "serverKey.pem" };

/** Whether pods are given what is recommended: where asked for, and by default where cert-manager makes it possible. */
export function givesUpdates({ updates, platform }: VerticalPodAutoscalingArgs): boolean {
  return updates ?? platform?.certManager ?? false;
}

/**
 * Values of the VPA's chart.
 *
 * The chart's own certificate is made by a hook, which nobody runs here. Its webhook is kept, with a certificate that
 * cert-manager makes for the part itself; so it is with charts before 0.11 too, which know nothing of cert-manager.
 *
 * @see https://github.com/kubernetes/autoscaler/blob/vertical-pod-autoscaler-chart-0.11.0/vertical-pod-autoscaler/charts/vertical-pod-autoscaler/values.yaml
 */
export function verticalPodAutoscalingValues(args: VerticalPodAutoscalingArgs): ChartValues {
  const { platform = {}, namespace = VPA_NAMESPACE, replicas = 2 } = args;
  const program = {
    replicas,
    nodeSelector: systemNodes(platform),
    resources: partResources(args.resources, { cpu: "50m", memory: "500Mi" }),
    podDisruptionBudget: { enabled: replicas > 1 },
  };
  const updates = givesUpdates(args);
  const own = {
    fullnameOverride: "vertical-pod-autoscaler",
    podSecurityContext: { runAsNonRoot: true, runAsUser: 65534, seccompProfile: { type: "RuntimeDefault" } },
    containerSecurityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
    recommender: program,
    updater: { ...program, enabled: updates },
    admissionController: { ...program, enabled: updates, ...webhook(namespace) },
  };
  return withValues(own, args.values);
}

function webhook(namespace: string) {
  return {
    registerWebhook: false,
    service: { name: VPA_SERVICE },
    tls: { create: false, secretName: VPA_CERTIFICATE },
    certGen: { enabled: true },
    // Renewed certificates are read without a restart.
    extraArgs: ["--reload-cert=true"],
    mutatingWebhookConfiguration: {
      failurePolicy: "Ignore",
      annotations: { "cert-manager.io/inject-ca-from": `${namespace}/${VPA_CERTIFICATE}` },
    },
    volumes: [
      {
        name: "tls-certs",
        secret: {
          secretName: VPA_CERTIFICATE,
          items: Object.entries(files).map(([key, path]) => ({ key, path })),
        },
      },
    ],
  };
}
