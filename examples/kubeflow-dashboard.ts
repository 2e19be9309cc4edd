import { DashboardPage, KubeflowDashboard } from "../components";

export const dashboard = new KubeflowDashboard("dashboard", {
  console: {
    gateway: "istio-ingress/consoles",
    serviceAccount: "istio-ingress/istio-ingress",
    host: "kubeflow.example.org",
  },
  pages: [DashboardPage.notebooks, DashboardPage.volumes],
  existingNamespace: true,
});
