import { TensorBoardController } from "../components";

export const tensorBoards = new TensorBoardController("tensorboards", {
  console: {
    gateway: "istio-ingress/consoles",
    serviceAccount: "istio-ingress/istio-ingress",
    host: "kubeflow.example.org",
  },
  existingNamespace: true,
});
