import { KubeflowProfiles } from "../components";

export const profiles = new KubeflowProfiles("profiles", {
  platform: { certManager: true },
  console: {
    gateway: "istio-ingress/consoles",
    serviceAccount: "istio-ingress/istio-ingress",
    host: "kubeflow.example.org",
  },
  namespaceLabels: { "mlstack.dev/queued": "true" },
});
