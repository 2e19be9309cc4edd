import { Cluster, ClusterKind, EksAddOns, SystemNodePool } from "../components";

const cluster = new Cluster("lab", {
  kind: ClusterKind.eks,
  eks: {
    region: "eu-west-1",
    publicAccessCidrs: ["203.0.113.0/24"],
    adminRoleArns: ["arn:aws:iam::123456789012:role/operators"],
    tags: { team: "vision" },
  },
});
const eks = cluster.eks!;

const system = new SystemNodePool("system", { eks }, { providers: [cluster.provider] });

export const addOns = new EksAddOns("add-ons", { eks }, { providers: [cluster.provider], dependsOn: [system] });
