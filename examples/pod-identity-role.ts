import { Cluster, ClusterKind, PodIdentityRole } from "../components";

const cluster = new Cluster("lab", { kind: ClusterKind.eks, eks: { region: "us-east-1" } });

export const tracker = new PodIdentityRole("tracker", {
  eks: cluster.eks!,
  namespace: "ml",
  serviceAccount: "tracker",
  statements: [
    {
      sid: "ReadRuns",
      actions: ["dynamodb:GetItem", "dynamodb:Query"],
      resources: ["arn:aws:dynamodb:us-east-1:123456789012:table/runs"],
    },
  ],
});
