import { Cluster, ClusterKind, NatGateways, Vpc } from "../components";

const region = "eu-west-1";
const network = new Vpc("network", { region, cidr: "10.8.0.0/16", natGateways: NatGateways.onePerZone, flowLogs: {} });

export const cluster = new Cluster("lab", {
  kind: ClusterKind.eks,
  eks: { region, existingVpc: { vpcId: network.vpcId, subnets: network.subnets } },
});
