import type { AREAS } from "../../packaging/areas";

/** Packages that an area may load, beside those that these load themselves. */
export const WATCHED = [
  ...["@pulumi/pulumi", "@pulumi/kubernetes", "@pulumi/aws", "@pulumi/eks", "@pulumi/policy"],
  ...["typescript", "commander", "listr2", "@kubernetes/client-node", "@aws-sdk/client-ec2"],
];

/** What loading an area loads: of the package, its rooms; of others, those that are watched. */
export const LOADED: Record<keyof typeof AREAS, { rooms: string[]; packages: string[] }> = {
  ".": {
    rooms: components("cluster", "internal", "model", "platform", "rendering", "workloads"),
    packages: ["@pulumi/aws", "@pulumi/eks", "@pulumi/kubernetes", "@pulumi/pulumi", "typescript"],
  },
  "./cluster": {
    rooms: components("cluster", "internal", "model", "rendering"),
    packages: ["@pulumi/aws", "@pulumi/eks", "@pulumi/kubernetes", "@pulumi/pulumi", "typescript"],
  },
  "./platform": {
    rooms: components("cluster", "internal", "model", "platform", "rendering"),
    packages: ["@pulumi/aws", "@pulumi/kubernetes", "@pulumi/pulumi", "typescript"],
  },
  "./workloads": {
    rooms: components("internal", "model", "workloads"),
    packages: ["@pulumi/kubernetes", "@pulumi/pulumi", "typescript"],
  },
  "./model": { rooms: components("model"), packages: [] },
  "./policies": { rooms: [...components("model"), "policies", "preflight"], packages: ["@pulumi/policy"] },
};

/** Rooms of the components by their names. */
export function components(...rooms: string[]): string[] {
  return rooms.map((room) => `components/${room}`);
}
