import { Cluster, ClusterKind, GpuNodePool, Weekday } from "../components";

const cluster = new Cluster("lab", { kind: ClusterKind.eks, eks: { region: "us-east-1" } });
const workdays = [Weekday.monday, Weekday.tuesday, Weekday.wednesday, Weekday.thursday, Weekday.friday];

export const training = new GpuNodePool("train", {
  eks: cluster.eks!,
  instanceType: "p5.48xlarge",
  maxUsdPerHour: 250,
  availabilityZones: ["us-east-1a"],
  efa: true,
  placementGroup: true,
  schedules: [{ name: "nightly", days: workdays, from: "22:00", to: "06:00", timeZone: "Europe/Berlin", nodes: 2 }],
});
