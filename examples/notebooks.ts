import { Notebooks } from "../components";

export const notebooks = new Notebooks("notebooks", {
  cullIdleMinutes: 60,
  console: {
    gateway: "istio-ingress/consoles",
    serviceAccount: "istio-ingress/istio-ingress",
    host: "kubeflow.example.org",
  },
  spawner: {
    memory: "4Gi",
    pools: [{ name: "a10g", displayName: "One A10G", tolerations: [{ key: "nvidia.com/gpu" }] }],
  },
});
